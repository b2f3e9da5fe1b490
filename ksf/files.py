"""What an uploaded file is by its content, and a name that is safe to keep."""

import re
import unicodedata
from io import BytesIO
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
MAX_NAME = 100
UNSAFE = re.compile(r'[\\/:*?"<>|]+')


def kind_of(content: bytes) -> str | None:
    """The key of ``TYPES`` that the bytes themselves show, or None. The name counts for nothing."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    return _office_kind(content) if content.startswith(b"PK\x03\x04") else None


def _office_kind(content: bytes) -> str | None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            own_word = archive.read("mimetype") if "mimetype" in names else b""
    except (BadZipFile, NotImplementedError, RuntimeError, ZlibError):
        return None
    if own_word == TYPES["ods"].encode():
        return "ods"
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else None


def clean_name(name: str, kind: str) -> str:
    """The last part of ``name`` without path, control or reserved characters, ending as its ``kind`` does."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    stem, _dot, _ending = printable.rpartition(".")
    stem = UNSAFE.sub("-", stem or printable).strip(" .-")[:MAX_NAME]
    return f"{stem or 'vedlegg'}.{kind}"
