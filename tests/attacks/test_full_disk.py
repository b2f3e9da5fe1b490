"""A disk that is full: the sender is asked to wait, nothing is half kept, and the next one goes through (X11)."""

import subprocess

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grants.models import Attachment
from tests.grants.factories import PDF
from tests.grants.helpers import make_draft

pytestmark = pytest.mark.django_db
LARGE = PDF + b" " * (6 * 1024 * 1024)  # more than is held in memory


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 1 MB that a file of six does not fit on."""
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can be made by root alone")
    yield tmp_path
    subprocess.run(["/bin/umount", "--lazy", str(tmp_path)], check=True)


def test_a_file_that_finds_no_room_is_refused_in_words(client, settings, small_disk):
    application, coordinator = make_draft(is_complete=False)
    client.force_login(coordinator)
    client.raise_request_exception = False
    asked = application.call.required_attachments.get()
    address = reverse("application_attach", args=[application.pk, asked.pk])

    def send():
        return client.post(address, {f"file-{asked.pk}-file": SimpleUploadedFile("avtale.pdf", LARGE)})

    settings.FILE_UPLOAD_TEMP_DIR = str(small_disk)
    refused = send()
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert "prøv igjen" in refused.content.decode().lower()
    assert Attachment.objects.count() == 0
    assert list(small_disk.iterdir()) == []  # the room is free at once
    settings.FILE_UPLOAD_TEMP_DIR = None
    assert send().status_code == 302
    assert Attachment.objects.count() == 1
