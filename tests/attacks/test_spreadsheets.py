"""Spreadsheets made to fill the memory or the time: they end in their own process, and the sender learns why (X9)."""

import io
import resource
import subprocess
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from ksf import spreadsheets
from ksf.spreadsheets import UnreadableFile
from needs.models import KnowledgeNeed
from tests.needs.factories import make_contact
from tests.regions.factories import make_municipality

ROWS = [["kommune", "tittel", "beskrivelse"], ["1101", "Sover eldre?", "Vi vet ikke."]]
KILOBYTES = 60 * 1024


def book(old=b"", new=b"", *, merged=None):
    """A small workbook in which the sheet's XML has been changed."""
    made = Workbook()
    for row in ROWS:
        made.active.append(row)
    if merged:
        made.active.merge_cells(merged)
    file, changed = io.BytesIO(), io.BytesIO()
    made.save(file)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if old and "sheet1" in name else content)
    return changed.getvalue()


def everything_merged():
    return book(b"A4:B5", b"A1:XFD1048576", merged="A4:B5")


def growing_entities():
    head = b"<!DOCTYPE w [<!ENTITY a0 'xxxxxxxxxx'>"
    for number in range(1, 12):
        head += f"<!ENTITY a{number} '{f'&a{number - 1};' * 10}'>".encode()
    return book(b"<worksheet", head + b"]><worksheet")


def known(row):
    return len(set(row) & {"kommune", "tittel", "beskrivelse"})


def test_everything_merged_costs_the_web_process_nothing():
    content = everything_merged()
    assert len(content) < 6_000
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    read = spreadsheets.read(content, known=known)
    assert read.sheets[0].merged == ["A1:XFD1048576"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < KILOBYTES
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 800 * 1024
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    "content",
    [
        growing_entities(),
        book(b'<row r="2"', b'<row r="1048576"').replace(b"A2", b"A2"),
        book(b'r="C2"', b'r="XFD2"'),
        book(b"</sheetData>", b"<row r='3'>" * 20_000),
    ],
    ids=["growing entities", "far down", "far out", "rows within rows"],
)
def test_what_would_grow_is_refused(content):
    with pytest.raises(UnreadableFile):
        spreadsheets.read(content, known=known)


@pytest.mark.parametrize("end", ["killed", "starved", "slow"])
@pytest.mark.django_db
def test_a_reader_that_ends_early_leaves_an_answer_and_nothing_half_imported(client, monkeypatch, tmp_path, end):
    reader = tmp_path / "reader.py"
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (200_000_000, 200_000_000)); "
    reader.write_text(
        {
            "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "starved": limit + "content = bytearray(10**9)",
            "slow": "import time; time.sleep(60)",
        }[end]
    )
    monkeypatch.setattr(spreadsheets, "READER", reader)
    monkeypatch.setattr(spreadsheets, "SECONDS_TO_WAIT", 2)
    client.force_login(make_contact(make_municipality(number="1101")))
    file = SimpleUploadedFile("behov.xlsx", book())
    answer = client.post("/behov/importer/", {"file": file, "take_in": "1"})
    assert answer.status_code == 422
    assert "for mye minne eller tid" in answer.context["form"].errors["file"][0]
    assert not KnowledgeNeed.objects.exists()


def test_the_reader_s_limits_hold():
    """The limits that ``sheet_reader`` sets stop a process that takes more memory, or writes a file."""
    script = (
        "import sys; sys.path.insert(0, 'ksf'); import sheet_reader; sheet_reader.set_limits()\n"
        "try: bytearray(sheet_reader.MOST_MEMORY)\n"
        "except MemoryError: print('memory')\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "import tempfile\n"
        "try:\n    with tempfile.TemporaryFile() as file: file.write(b'x'); file.flush()\n"
        "except OSError: print('files')\n"
    )
    done = subprocess.run([spreadsheets.sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["memory", "files"]
