"""Reads one spreadsheet in a process of its own, with limits of its own (X9): the file on standard input, JSON out.

Run by path, so that nothing of the portal is loaded beside the file. A sheet is ``{"name", "is_visible", "rows",
"hidden_rows", "hidden_columns", "merged", "without_value"}``: ``rows`` are the filled ones as ``[number, [text, …]]``,
cells are named as in the sheet (``C4``), columns by their index from 0. A file that is refused gives
``{"refused": why}``. XML is read by expat, which stops at entities that grow; memory and time end all the rest.
"""

import io
import json
import re
import resource
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, iterparse
from zipfile import ZipFile

MOST_MEMORY = 768 * 1024 * 1024
MOST_SECONDS = 20
MOST_COLUMNS = 100
MOST_ROWS = 100_000
MOST_TEXT = 30_000_000

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CALC_EXTENSION = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Refused(Exception):
    """The file is not read on; the text is the reason's code, ``rows`` gives the sheet and how far it reaches."""

    def __init__(self, why: str, **more: object) -> None:
        self.answer = {"refused": why, **more}
        super().__init__(why)


def set_limits() -> None:
    """Memory, seconds and files that this process may take. It writes none, and starts no other."""
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def read(content: bytes, kind: str) -> list[dict[str, Any]]:
    """The sheets of a file of this kind: ``xlsx``, ``ods`` or ``xls``. Raises Refused, or what its readers raise."""
    return _xlsx(content) if kind == "xlsx" else _calamine(content, kind)


# --- Excel: values as openpyxl streams them; what is hidden, merged or without value from the XML ------
def _xlsx(content: bytes) -> list[dict[str, Any]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only the process that reads needs it

    with ZipFile(io.BytesIO(content)) as archive:
        shapes = {name: _xlsx_shape(archive, name, path) for name, path in _sheet_paths(archive)}
    with warnings.catch_warnings(action="ignore"):  # of styles and the like: only the words are read
        book = load_workbook(io.BytesIO(content), data_only=True, read_only=True)
    sheets = []
    for sheet in book.worksheets:
        shape = shapes[sheet.title]
        last_row, last_column = shape.pop("last")
        sheet.reset_dimensions()
        cells = sheet.iter_rows(max_row=last_row, max_col=last_column, values_only=True) if last_row else iter(())
        rows = _filled([_cell_text(value) for value in row] for row in cells)
        sheets.append({"name": sheet.title, "is_visible": sheet.sheet_state == "visible", "rows": rows, **shape})
    return sheets


def _sheet_paths(archive: ZipFile) -> Iterator[tuple[str, str]]:
    targets = {}
    with archive.open("xl/_rels/workbook.xml.rels") as part:
        for _event, element in iterparse(part):  # noqa: S314
            if target := element.get("Target"):
                path = target.lstrip("/")
                targets[element.get("Id")] = path if path.startswith("xl/") else f"xl/{path}"
    with archive.open("xl/workbook.xml") as part:
        for _event, element in iterparse(part):  # noqa: S314
            if element.tag in (f"{MAIN}sheet", f"{STRICT}sheet"):
                relation = next(value for name, value in element.items() if name.endswith("}id"))
                if "worksheets/" in (path := targets[relation]):
                    yield element.get("name", ""), path


def _xlsx_shape(archive: ZipFile, name: str, path: str) -> dict[str, Any]:
    """What the values do not say: where they end, what is hidden, merged, or a formula whose value was never saved."""
    shape: dict[str, Any] = {"hidden_rows": [], "hidden_columns": [], "merged": [], "without_value": []}
    last_row = last_column = row = column = 0
    with archive.open(path) as part, _streamed(part) as elements:
        for event, tag, element in elements:
            if event == "start" and tag == "row":
                row, column = int(element.get("r", row + 1)), 0
            elif event == "end" and tag == "row":
                if element.get("hidden") in ("1", "true"):
                    shape["hidden_rows"].append(row)
                element.clear()
            elif event == "end" and tag == "c":
                place = element.get("r", "")
                column = _column(place) if place else column + 1
                if _is_without_value(element):
                    shape["without_value"].append(place)
                if len(element):
                    last_row, last_column = max(last_row, row), max(last_column, column)
                    _check_reach(name, last_row, last_column)
                element.clear()
            elif event == "end" and tag == "mergeCell":
                shape["merged"].append(element.get("ref", ""))
            elif event == "end" and tag == "col" and element.get("hidden") in ("1", "true"):
                first, last = int(element.get("min", 1)), min(int(element.get("max", 1)), MOST_COLUMNS)
                shape["hidden_columns"] += range(first - 1, last)
    return {**shape, "last": (last_row, last_column)}


@contextmanager
def _streamed(part: Any) -> Iterator[Iterator[tuple[str, str, Element]]]:  # Any: a file within the archive
    """The elements of a part as they begin and end, by their names without namespace."""
    yield ((event, element.tag.rpartition("}")[2], element) for event, element in iterparse(part, ("start", "end")))  # noqa: S314


def _column(place: str) -> int:
    letters = place.rstrip("0123456789")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _is_without_value(cell: Element) -> bool:
    names = {child.tag.rpartition("}")[2]: child.text for child in cell}
    return "f" in names and "is" not in names and not names.get("v") and not ("v" in names and cell.get("t") == "str")


def _check_reach(name: str, row: int, column: int) -> None:
    if row > MOST_ROWS:
        raise Refused("rows", sheet=name, row=row)
    if column > MOST_COLUMNS:
        raise Refused("columns", sheet=name, columns=MOST_COLUMNS)


# --- LibreOffice and the old Excel format: values by calamine ------------------------------------------
def _calamine(content: bytes, kind: str) -> list[dict[str, Any]]:
    import python_calamine as calamine  # noqa: PLC0415 - only the process that reads needs it

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except calamine.PasswordError as error:
        raise Refused("locked") from error
    shapes = _ods_shapes(content) if kind == "ods" else {}
    sheets = []
    for facts in book.sheets_metadata:
        if facts.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(facts.name)
        if sheet.end:
            _check_reach(facts.name, sheet.end[0] + 1, sheet.end[1] + 1)
        rows = _filled([_cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False))
        merged = [_area(*area) for area in sheet.merged_cell_ranges or ()]
        shape = {"hidden_rows": [], "hidden_columns": [], "without_value": [], **shapes.get(facts.name, {})}
        is_visible = facts.visible == calamine.SheetVisibleEnum.Visible
        sheets.append({"name": facts.name, "is_visible": is_visible, "rows": rows, "merged": merged, **shape})
    return sheets


def _ods_shapes(content: bytes) -> dict[str, dict[str, Any]]:
    """For each sheet of a LibreOffice file: hidden rows and columns, merged cells, and formulas with an error."""
    shapes: dict[str, dict[str, Any]] = {}
    shape: dict[str, Any] = {}
    row = column = columns = 0
    with ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as part:
        for event, element in iterparse(part, ("start", "end")):  # noqa: S314
            name = element.tag.removeprefix(TABLE)
            if event == "start" and name == "table":
                shape = {"hidden_rows": [], "hidden_columns": [], "merged": [], "without_value": []}
                shapes[element.get(f"{TABLE}name", "")] = shape
                row = columns = 0
            elif event == "start" and name == "table-row":
                column = 0
            elif event == "end" and name == "table-column":
                times = int(element.get(f"{TABLE}number-columns-repeated", 1))
                if element.get(f"{TABLE}visibility", "visible") != "visible":
                    shape["hidden_columns"] += range(columns, min(columns + times, MOST_COLUMNS))
                columns += times
            elif event == "end" and name in ("table-cell", "covered-table-cell"):
                _note_ods_cell(shape, element, row, column)
                column += int(element.get(f"{TABLE}number-columns-repeated", 1))
                element.clear()
            elif event == "end" and name == "table-row":
                times = int(element.get(f"{TABLE}number-rows-repeated", 1))
                if element.get(f"{TABLE}visibility", "visible") != "visible":
                    shape["hidden_rows"] += range(row + 1, row + 1 + min(times, 10_000))
                row += times
                element.clear()
    return shapes


def _note_ods_cell(shape: dict[str, Any], cell: Element, row: int, column: int) -> None:
    wide = int(cell.get(f"{TABLE}number-columns-spanned", 1))
    high = int(cell.get(f"{TABLE}number-rows-spanned", 1))
    if wide > 1 or high > 1:
        shape["merged"].append(_area((row, column), (row + high - 1, column + wide - 1)))
    if cell.get(f"{CALC_EXTENSION}value-type") == "error":
        shape["without_value"].append(f"{letters(column)}{row + 1}")


def _area(first: tuple[int, int], last: tuple[int, int]) -> str:
    return f"{letters(first[1])}{first[0] + 1}:{letters(last[1])}{last[0] + 1}"


# --- What all have in common ---------------------------------------------------------------------------
def letters(column: int) -> str:
    """The name of a column, from its index: A for 0, AA for 26."""
    name, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _filled(rows: Any) -> list[tuple[int, list[str]]]:  # Any: rows of cells, however a library gives them
    """The rows with something in them, with their numbers; at most so much text as a file of needs can have."""
    found, size = [], 0
    for number, row in enumerate(rows, start=1):
        if any(cell.strip() for cell in row):
            found.append((number, row))
            size += sum(map(len, row))
            if size > MOST_TEXT:
                raise Refused("size")
    return found


def _cell_text(value: object) -> str:
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case str():
            return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value).replace("\0", "")
        case _:
            return str(value)


def main(kind: str, source: BinaryIO) -> None:
    """Read the file and print what was found; a file that no reader understands is refused as broken."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl asks for it, and it takes memory and time
    try:
        answer: dict[str, Any] = {"sheets": read(source.read(), kind)}
    except Refused as refused:
        answer = refused.answer
    except MemoryError:
        answer = {"refused": "size"}
    except Exception as error:  # noqa: BLE001 - the readers beneath raise whatever they meet in a damaged file
        answer = {"refused": "broken", "why": f"{type(error).__name__}: {error}"[:500]}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    set_limits()
    main(sys.argv[1], sys.stdin.buffer)
