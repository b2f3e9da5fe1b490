"""The one door for files (X9): what an upload is by its content, how large it may be, and a name safe to keep."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ksf import archives, scanner
from ksf.archives import BadArchive, LockedArchive, OversizedArchive
from ksf.scanner import ScannerSilent, VirusFound

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
PDF_WITHIN = 1_024
"""A PDF says that it is one within its first so many bytes: scanners and mail programs write lines before it."""

OTHER_BEGINNINGS = (b"MZ", b"\x7fELF", b"#!", b"<", b"\xd0\xcf\x11\xe0")
"""What begins a program, a script, a web page or an old office file is no PDF, whatever stands further down."""


@dataclass(frozen=True)
class Received:
    """A file that may be kept: its bytes, its kind (a key of ``TYPES``) and its safe name."""

    content: bytes
    kind: str
    name: str


def receive(upload: UploadedFile, *, kinds: Collection[str], most: int, other_kind: str | Promise) -> Received:
    """The file, judged by size, content and what it would unpack to, and scanned. Raises ValidationError, in words.

    ``kinds`` are keys of ``TYPES``; ``other_kind`` is said of all else.
    """
    content = read(upload, most=most)
    try:
        kind = _kind(content)
    except BadArchive as error:
        raise ValidationError(why_not_opened(error), code="archive") from error
    if kind is None or kind not in kinds:
        raise ValidationError(str(other_kind), code="kind")
    return Received(content, kind, clean_name(upload.name or "", kind))


def read(upload: UploadedFile, *, most: int) -> bytes:
    """The bytes of an upload of any kind, no more than ``most``, and scanned. Raises ValidationError."""
    content = upload.read(most + 1)
    if len(content) > most:
        text = _("The file is larger than %(megabytes)s MB.")
        raise ValidationError(text % {"megabytes": most // (1024 * 1024)}, code="size")
    try:
        scanner.scan(content)
    except VirusFound as error:
        text = _("The virus scanner stopped the file (%(virus)s). It is not kept. Ask your IT department for help.")
        raise ValidationError(text % {"virus": error}, code="virus") from error
    except ScannerSilent as error:
        raise ValidationError(
            _("The file could not be checked for viruses now, and is not kept. Try again in a few minutes."),
            code="scanner",
        ) from error
    return content


def why_not_opened(error: BadArchive) -> str:
    """What is said to the one who sent an archive that is not opened."""
    if isinstance(error, LockedArchive):
        return _("The file is locked with a password. Save it without, and choose it again.")
    if isinstance(error, OversizedArchive):
        return _("The file is too large when it is unpacked. Make it smaller, or divide it.")
    return _("The file is damaged. Save it again in the program it was made in, and choose it again.")


def kind_of(content: bytes) -> str | None:
    """The key of ``TYPES`` that the bytes themselves show, or None. The name counts for nothing."""
    try:
        return _kind(content)
    except BadArchive:
        return None


def _kind(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(archives.BEGINNING):
        return _office_kind(content)
    is_pdf = b"%PDF-" in content[:PDF_WITHIN] and not content.startswith(OTHER_BEGINNINGS)
    return "pdf" if is_pdf else None


def _office_kind(content: bytes) -> str | None:
    names = set(archives.check(content))
    ods = TYPES["ods"].encode()
    if archives.beginning(content, "mimetype", len(ods) + 1) == ods:
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
