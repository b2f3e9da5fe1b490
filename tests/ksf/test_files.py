"""Uploaded files are judged by their bytes; their names are made safe."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from ksf import files

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def office(*names, **parts):
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in (dict.fromkeys(names, "x") | parts).items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        (office("[Content_Types].xml", "word/document.xml"), "docx"),
        (office("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (office(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (office(mimetype="application/vnd.oasis.opendocument.text"), None),
        (office("virus.exe"), None),
        (b"PK\x03\x04broken", None),
        (b"MZ\x90\x00", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_say(content, kind):
    assert files.kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Brukere\\vedtak i kommunestyret.PDF", "vedtak i kommunestyret.pdf"),
        ("avtale.exe", "avtale.pdf"),
        ("\u202eavtale\n.pdf", "avtale.pdf"),
        (".pdf", "pdf.pdf"),
        ("/", "vedlegg.pdf"),
        ("å" * 300 + ".pdf", "å" * 100 + ".pdf"),
    ],
)
def test_a_file_s_name_has_no_path_and_ends_as_it_is(name, clean):
    assert files.clean_name(name, "pdf") == clean
