"""Where a test's files lie: in a folder, or in S3-compatible storage that runs beside it."""

import pytest

BUCKET, KEYS = "ksf-filer", {"aws_access_key_id": "ksf", "aws_secret_access_key": "hemmelig"}


@pytest.fixture
def files_in_folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def s3_address():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_address):
    """An empty bucket; gives the resource to look into it with."""
    import boto3

    found = boto3.resource("s3", endpoint_url=s3_address, region_name="eu-north-1", **KEYS).Bucket(BUCKET)
    found.create(CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    yield found
    found.objects.all().delete()
    found.delete()


@pytest.fixture
def files_in_bucket(settings, bucket, s3_address):
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": s3_address,
        "region_name": "eu-north-1",
        "access_key": KEYS["aws_access_key_id"],
        "secret_key": KEYS["aws_secret_access_key"],
        "default_acl": "private",
        "file_overwrite": False,
    }
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    return bucket
