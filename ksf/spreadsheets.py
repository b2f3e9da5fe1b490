"""Spreadsheets that somebody sends, as plain text cells, with all that was passed over; why not is said to the sender.

Books are read by ``sheet_reader`` in a process of its own, so that a file made to fill the memory ends there.
"""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ksf import archives, files
from ksf.archives import BadArchive, LockedArchive, OversizedArchive

OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
READER = Path(__file__).with_name("sheet_reader.py")
SECONDS_TO_WAIT = 40
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ";,\t"
HEADED_WITHIN = 10
"""The row of headings is among the first so many: people put a title above it."""

NORWEGIAN = {  # æ ø å Æ Ø Å between letters, as each encoding writes them
    "cp1252": re.compile(rb"(?<=[A-Za-z])[\xe6\xf8\xe5\xc6\xd8\xc5]|[\xe6\xf8\xe5\xc6\xd8\xc5](?=[A-Za-z])"),
    "cp850": re.compile(rb"(?<=[A-Za-z])[\x91\x9b\x86\x9d\x8f](?=[A-Za-z])|[\x9d\x8f](?=[a-z])"),
    "mac_roman": re.compile(rb"(?<=[A-Za-z])[\xbe\xbf\x8c\xae\xaf\x81](?=[A-Za-z])"),
}
NAMES = {
    "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "cp1252": "Windows-1252", "cp850": "DOS (850)",
    "mac_roman": "Macintosh",
}  # fmt: skip
SPOILED = re.compile("Ã[¥¸¦…˜†]|\ufffd")
"""Letters that were read wrongly before the file was saved: nobody can tell for sure what stood there."""


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text says why, for the one who chose it."""


@dataclass(frozen=True)
class Sheet:
    """The filled rows of a sheet with their numbers, and what values do not say. Columns are indexes from 0."""

    name: str
    rows: list[tuple[int, list[str]]]
    is_visible: bool = True
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    without_value: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """A file as it was read: its kind (xlsx, ods, xls or csv), its sheets, and for CSV how it was understood."""

    kind: str
    sheets: list[Sheet]
    encoding: str = ""
    delimiter: str = ""


def read(content: bytes, *, known: Callable[[list[str]], int]) -> Book:
    """The cells of an Excel, LibreOffice or CSV file, which its content tells apart. Raises UnreadableFile.

    ``known`` says how many headings a row has: of the ways to divide a CSV file, the one with the most is taken.
    """
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED in content:
            raise UnreadableFile(_("The file is locked with a password. Save it without, and choose it again."))
        return Book("xls", _sheets(content, "xls"))
    if not content.startswith(archives.BEGINNING[:2]):
        return _csv(content, known)
    try:
        archives.check(content)
    except LockedArchive as error:
        raise UnreadableFile(files.why_not_opened(error)) from error
    except OversizedArchive as error:
        text = _("The file is too large when it is unpacked. Save it as .csv, or divide it.")
        raise UnreadableFile(text) from error
    except BadArchive as error:
        raise UnreadableFile(_unreadable()) from error
    kind = files.kind_of(content)
    if kind not in ("xlsx", "ods"):
        raise UnreadableFile(_unreadable())
    return Book(kind, _sheets(content, kind))


def _unreadable() -> str:
    return _("The file is not a readable spreadsheet. Save it as .xlsx or .csv, and choose it again.")


def _sheets(content: bytes, kind: str) -> list[Sheet]:
    command = [sys.executable, "-I", str(READER), kind]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS_TO_WAIT, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(_too_much()) from error
    if done.returncode != 0:  # it met its limits, or was ended from outside
        raise UnreadableFile(_too_much())
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise UnreadableFile(_why_refused(answer))
    return [Sheet(**{**sheet, "rows": [tuple(row) for row in sheet["rows"]]}) for sheet in answer["sheets"]]


def _too_much() -> str:
    return _("The file takes too much memory or time to read. Save it as .csv, or divide it.")


def _why_refused(answer: dict[str, Any]) -> str:
    match answer["refused"]:
        case "rows":
            text = _("The sheet “%(sheet)s” reaches down to row %(row)s. Delete the empty rows at the end, and save.")
            return text % answer
        case "columns":
            text = _("The sheet “%(sheet)s” has more than %(columns)s columns. Delete what is not used, and save.")
            return text % answer
        case "locked":
            return _("The file is locked with a password. Save it without, and choose it again.")
        case "size":
            return _too_much()
    return _unreadable()


# --- CSV -----------------------------------------------------------------------------------------------
def _csv(content: bytes, known: Callable[[list[str]], int]) -> Book:
    text, encoding = _decoded(content)
    text = text.replace("\0", "")
    first, _break, rest = text.lstrip("\n\r").partition("\n")
    if first.lower().startswith("sep=") and len(first.rstrip()) > len("sep="):  # Excel's own word to itself
        ways, text = [first[4]], rest
        start = 2
    else:
        ways, start = list(DELIMITERS), 1
    is_blank = not text.strip(" \r\n\t" + "".join(ways))
    divided = {way: [] if is_blank else list(_divided(text, way, start)) for way in ways}
    delimiter = max(ways, key=lambda way: _rank(divided[way], known))
    rows = divided[delimiter]
    return Book("csv", [Sheet("", rows)], NAMES[encoding], delimiter)


def _rank(rows: list[tuple[int, list[str]]], known: Callable[[list[str]], int]) -> tuple[int, int]:
    """How well a way to divide the file fits: the most headings in a row, then the most cells in one."""
    top = [row for _number, row in rows[:HEADED_WITHIN]]
    return max(map(known, top), default=0), max(map(len, top), default=0)


def _divided(text: str, delimiter: str, start: int) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(10_000_000)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=start):
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        raise UnreadableFile(_("The file is not readable as CSV: %(why)s") % {"why": error}) from error


def _decoded(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was in. Of the old ones, the one in which Norwegian letters stand within words."""
    if content.startswith(UTF_16):
        tried = ["utf-16"]
    elif content[1::2].count(0) > len(content) // 4:
        tried = ["utf-16-le"]
    else:
        tried = ["utf-8-sig"]
        found = {name: len(pattern.findall(content)) for name, pattern in NORWEGIAN.items()}
        likely = [name for name, count in found.items() if count]
        tried += likely if len(likely) == 1 else [] if likely else ["cp1252"]
    for encoding in tried:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("The letters of the file cannot be read. Save it as .xlsx, or as CSV in UTF-8."))
