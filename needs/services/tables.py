"""A spreadsheet as a table under headings, with a report of what was read and what was passed over (N1)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from django.utils.translation import gettext as _

from ksf import spreadsheets
from ksf.sheet_reader import letters
from ksf.spreadsheets import HEADED_WITHIN, Book, Sheet, UnreadableFile

MOST_NAMED = 20
"""So many hidden rows or cells outside the table are named one by one."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of the sheet: its index, the heading as it stands, and what it is read as, or nothing."""

    index: int
    title: str
    name: str = ""

    @property
    def letter(self) -> str:
        return letters(self.index)


@dataclass(frozen=True)
class PassedOver:
    """What was not read of the file: other sheets with their rows, what is hidden, cells outside the table."""

    sheets: list[tuple[str, int]] = field(default_factory=list)
    rows_above: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    outside: list[tuple[str, str]] = field(default_factory=list)

    @property
    def hidden_row_names(self) -> str:
        """The hidden rows in ranges: ``3, 5-9``."""
        return ", ".join(_ranges(self.hidden_rows))


@dataclass(frozen=True)
class SpreadsheetTable:
    """The rows under the row of headings, with their numbers, and how the file was read."""

    columns: list[SheetColumn]
    rows: list[tuple[int, list[str]]]
    merged: list[str] = field(default_factory=list)
    heading_row: int = 1
    kind: str = "csv"
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    without_value: list[str] = field(default_factory=list)
    passed_over: PassedOver = field(default_factory=PassedOver)

    @property
    def read_as(self) -> str:
        """A checksum of what the columns are read as, to compare by."""
        return sha256("|".join(self.headings).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def headings(self) -> list[str]:
        """The name each column is read by: a known one, or the heading itself, small and without spaces."""
        return [column.name for column in self.columns]


def read(
    content: bytes,
    *,
    heading: Callable[[str], str],
    known: Iterable[str],
    needed: Iterable[str],
    chosen: Mapping[int, str] | None = None,
) -> SpreadsheetTable:
    """The table of a spreadsheet, under the row that has most of the ``known`` headings. Raises UnreadableFile.

    ``heading`` gives a column's name for what stands in its heading; ``chosen`` the names that somebody has given
    columns by their index, in its place. Hidden sheets, rows and columns are not read: the sheet does not show them.
    """
    known, needed = set(known), set(needed)

    def count(row: list[str]) -> int:
        return len(known & {heading(cell) for cell in row})

    book = spreadsheets.read(content, known=count)
    shown = [(sheet, _shown(sheet)) for sheet in book.sheets if sheet.is_visible]
    filled = [(sheet, rows) for sheet, rows in shown if rows]
    if not filled:
        raise UnreadableFile(_("The file is empty."))
    ranked = [(count(rows[at][1]), sheet, rows, at) for sheet, rows in filled for at in [_heading_at(rows, count)]]
    whole = [sheet.name for _count, sheet, rows, at in ranked if needed <= {heading(cell) for cell in rows[at][1]}]
    if len(whole) > 1:
        text = _("Both “%(one)s” and “%(other)s” have needs. Gather them in one sheet, or send one file for each.")
        raise UnreadableFile(text % {"one": whole[0], "other": whole[1]})
    _count, sheet, rows, at = max(ranked, key=lambda found: found[0])
    titles = rows[at][1]
    columns = [
        SheetColumn(index, title.strip(), (chosen or {}).get(index, heading(title)))
        for index, title in enumerate(titles)
        if index < _width(titles)
    ]
    return _table(book, sheet, columns, rows, at)


def _width(titles: list[str]) -> int:
    return max((index + 1 for index, title in enumerate(titles) if title.strip()), default=0)


def _shown(sheet: Sheet) -> list[tuple[int, list[str]]]:
    """The rows and cells that can be seen in the sheet, without empty rows."""
    hidden_rows, hidden_columns = set(sheet.hidden_rows), set(sheet.hidden_columns)
    rows = [
        (number, ["" if at in hidden_columns else cell for at, cell in enumerate(cells)])
        for number, cells in sheet.rows
        if number not in hidden_rows
    ]
    return [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]


def _heading_at(rows: list[tuple[int, list[str]]], count: Callable[[list[str]], int]) -> int:
    """Which of the first rows has the headings: most known ones, then most cells; of two alike the upper."""
    ranks = [(count(cells), sum(bool(cell.strip()) for cell in cells)) for _number, cells in rows[:HEADED_WITHIN]]
    return ranks.index(max(ranks)) if max(ranks)[0] else ranks.index(max(ranks, key=lambda rank: rank[1]))


def _table(
    book: Book, sheet: Sheet, columns: list[SheetColumn], rows: list[tuple[int, list[str]]], at: int
) -> SpreadsheetTable:
    number = rows[at][0]
    hidden = {row for row, cells in sheet.rows if row in set(sheet.hidden_rows) and any(map(str.strip, cells))}
    others = [(other.name, len(other.rows)) for other in book.sheets if other is not sheet and other.rows]
    passed_over = PassedOver(
        sheets=others,
        rows_above=at,
        hidden_rows=sorted(hidden),
        hidden_columns=[letters(index) for index in sheet.hidden_columns if _is_filled(sheet, index)],
        outside=_outside(columns, rows[at + 1 :]),
    )
    return SpreadsheetTable(
        columns,
        rows[at + 1 :],
        [area for area in sheet.merged if _last_row(area) >= number],  # a title above may be as wide as it likes
        number,
        book.kind,
        sheet.name,
        book.encoding,
        book.delimiter,
        sheet.without_value,
        passed_over,
    )


def _is_filled(sheet: Sheet, index: int) -> bool:
    return any(len(cells) > index and cells[index].strip() for _number, cells in sheet.rows)


def _outside(columns: list[SheetColumn], rows: list[tuple[int, list[str]]]) -> list[tuple[str, str]]:
    """The cells with something in them that have no heading above them."""
    headed = {column.index for column in columns if column.title}
    return [
        (f"{letters(index)}{number}", cell.strip())
        for number, cells in rows
        for index, cell in enumerate(cells)
        if cell.strip() and index not in headed
    ]


def _last_row(area: str) -> int:
    return int("".join(filter(str.isdigit, area.rpartition(":")[2])) or 0)


def _ranges(numbers: list[int]) -> list[str]:
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in ranges[:MOST_NAMED]]
    return [*shown, "…"] if len(ranges) > MOST_NAMED else shown
