"""A spreadsheet somebody sends, read into plain text cells; what cannot be read is explained to the sender."""

import csv
import io
import warnings
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ";,\t"
MOST_COLUMNS = 60
MOST_CELLS = 3_000_000
MOST_UNPACKED = 50 * 1024 * 1024
MOST_UNPACKED_TIMES = 20
HEADED_WITHIN = 10
"""The row of headings is among the first so many: people put a title above it."""

BROKEN = (
    BadZipFile, InvalidFileException, SyntaxError, zlib.error, LookupError, ValueError, TypeError, AttributeError,
    OSError, EOFError, RuntimeError,
)  # fmt: skip
"""What openpyxl and the readers of zip and XML beneath it (SyntaxError) raise for what is no whole workbook."""

Rows = list[list[str]]


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text says why, for the one who chose it."""


@dataclass(frozen=True)
class SpreadsheetTable:
    """The cells of a file: heading row, the rows beneath with their numbers, and the merged ranges."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    merged: list[str] = field(default_factory=list)
    heading_row: int = 1


def read(file: BinaryIO, name: str, *, heading: Callable[[str], str], needed: Iterable[str]) -> SpreadsheetTable:
    """The cells of an Excel or CSV file, beneath the row that has the ``needed`` headings. Raises UnreadableFile.

    ``heading`` gives a column's name for what stands in its heading.
    """
    content = file.read()
    if content.startswith(OLD_OFFICE):
        raise UnreadableFile(_locked_or_old(content))
    is_book = name.lower().endswith((".xlsx", ".xlsm")) or content.startswith(b"PK")
    sheets = _xlsx(content) if is_book else [(_csv(content), [])]
    tables = [table for rows, merged in sheets if (table := _table(rows, merged, heading, set(needed)))]
    if not tables:
        raise UnreadableFile(_("The file is empty."))
    return next((table for table in tables if set(needed) <= set(table.headings)), tables[0])


def _locked_or_old(content: bytes) -> str:
    if ENCRYPTED in content:
        return _("The file is locked with a password. Save it without, and choose it again.")
    return _("The file is in the old Excel format (.xls). Save it as .xlsx or .csv, and choose it again.")


def _xlsx(content: bytes) -> list[tuple[Rows, list[str]]]:
    """The cells and merged ranges of each sheet that can be seen."""
    try:
        _check_unpacked(content)
        with warnings.catch_warnings(action="ignore"):  # of styles and the like: only the words are read
            book = load_workbook(io.BytesIO(content), data_only=True)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [(_cells(sheet), [str(area) for area in sheet.merged_cells.ranges]) for sheet in shown]
    except BROKEN as error:
        raise UnreadableFile(_("The file is not a readable Excel file. Save it as .xlsx or .csv.")) from error


def _check_unpacked(content: bytes) -> None:
    """A file that would fill the memory when it is unpacked is not read."""
    with ZipFile(io.BytesIO(content)) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > max(MOST_UNPACKED, MOST_UNPACKED_TIMES * len(content)):
        raise UnreadableFile(_("The file is too large when it is unpacked. Save it as .csv, or divide it."))


def _cells(sheet: Worksheet) -> Rows:
    columns = min(sheet.max_column or 0, MOST_COLUMNS)
    if (sheet.max_row or 0) * columns > MOST_CELLS:
        text = _("The sheet “%(sheet)s” reaches down to row %(row)s. Delete the empty rows at the end, and save.")
        raise UnreadableFile(text % {"sheet": sheet.title, "row": sheet.max_row})
    return [[_text(value) for value in row] for row in sheet.iter_rows(max_col=columns, values_only=True)]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case _:
            return str(value).replace("\0", "")


def _csv(content: bytes) -> Rows:
    text = _decoded(content).replace("\0", "")
    first, _break, _rest = text.lstrip().partition("\n")
    divided = (line for line in text.split("\n", HEADED_WITHIN) if any(sign in line for sign in DELIMITERS))
    delimiter = max(DELIMITERS, key=next(divided, "").count)
    if first.lower().startswith("sep="):  # Excel's own word to itself
        delimiter, text = first[4:5] or delimiter, text.replace(first, "", 1)
    csv.field_size_limit(10_000_000)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile(_("The file is not readable as CSV: %(why)s") % {"why": error}) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content.startswith(UTF_16) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("The letters of the file cannot be read. Save it as .xlsx, or as CSV in UTF-8."))


def _table(rows: Rows, merged: list[str], heading: Callable[[str], str], needed: set[str]) -> SpreadsheetTable | None:
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    named = [[heading(cell) for cell in row] for _number, row in filled[:HEADED_WITHIN]]
    if not named:
        return None
    at = next((at for at, names in enumerate(named) if needed <= set(names)), 0)
    return SpreadsheetTable(named[at], filled[at + 1 :], merged, filled[at][0])
