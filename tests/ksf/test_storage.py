"""Files lie in S3-compatible storage where one is configured, and nowhere else (growth to more machines)."""

import subprocess
import sys

import pytest

from tests.ksf.files import BUCKET, KEYS
from tests.ksf.production import PRODUCTION, ROOT, load

pytestmark = pytest.mark.services
KEEP = """
import django; django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
names = [default_storage.save("rapport/regnskap.pdf", ContentFile(b"%PDF-" + bytes([n]))) for n in (49, 50)]
print([default_storage.open(name).read() for name in names])
"""


def kept(**environment):
    """What the portal reads of two files of one name, kept by a process with this environment."""
    given = PRODUCTION | environment | {"DJANGO_SETTINGS_MODULE": "ksf.settings", "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", KEEP], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_files_lie_in_the_bucket_that_is_named(bucket, s3_address):
    environment = {
        "FILES_BUCKET": BUCKET,
        "FILES_ENDPOINT": s3_address,
        "FILES_ACCESS_KEY": KEYS["aws_access_key_id"],
        "FILES_SECRET_KEY": KEYS["aws_secret_access_key"],
        "MEDIA_ROOT": "/nowhere",
    }
    assert kept(**environment) == "[b'%PDF-1', b'%PDF-2']\n"
    first, second = (entry.Object() for entry in bucket.objects.all())
    assert {len(first.get()["Body"].read()), len(second.get()["Body"].read())} == {6}
    grants = [grant["Permission"] for one in (first, second) for grant in one.Acl().grants]
    assert grants == ["FULL_CONTROL"] * 2  # the owner's alone


def test_a_bucket_asks_for_its_keys():
    answer = load("1", FILES_BUCKET=BUCKET, FILES_ENDPOINT="https://s3.example")
    assert "FILES_ACCESS_KEY must be set" in answer.stderr


def test_without_a_bucket_files_lie_in_a_folder(tmp_path):
    assert kept(MEDIA_ROOT=str(tmp_path)) == "[b'%PDF-1', b'%PDF-2']\n"
    assert len(list(tmp_path.rglob("regnskap*.pdf"))) == 2
