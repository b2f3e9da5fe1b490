"""Lists: pages of rows, and the same rows as CSV and Excel, streamed and safe to open."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from itertools import chain, islice
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from ksf.text import normalised
from ksf.web import limits
from ksf.web.requests import Request

PER_PAGE = 25
MOST_COUNTED = 10_000
FAR = 1_000
AT_A_TIME = 1_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ExportColumn:
    """One column of an export: its heading and how a row gives its value."""

    heading: Any
    value: Callable[[Any], Any]


@dataclass(frozen=True)
class FieldColumn:
    """One column of an export that is a field, by the name a queryset gives it; ``choices`` are its labels."""

    heading: Any
    field: str
    choices: Sequence[tuple[Any, Any]] = ()


class ListPaginator(Paginator):
    """Counts so far and no further: counting all takes as long as reading all, and nobody turns so many pages."""

    has_more = False

    @cached_property
    def count(self) -> int:
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list)
        counted = self.object_list.order_by().values("pk")[: MOST_COUNTED + 1].count()
        self.has_more = counted > MOST_COUNTED
        return min(counted, MOST_COUNTED)

    def page(self, number: int | str) -> Page:
        """A page far in is found by its keys first, so that what it shows is not made for all rows before it."""
        page: Any = super().page(number)
        if isinstance(self.object_list, QuerySet) and page.start_index() > FAR:
            page.object_list = self.object_list.filter(pk__in=page.object_list.values("pk"))
        return page


def paged(request: Request, rows: QuerySet[Any] | Sequence[Any], *, per_page: int = PER_PAGE) -> Page:
    """The page of ``rows`` that ``?side=`` asks for; a number out of range gives the nearest page."""
    return ListPaginator(rows, per_page).get_page(request.GET.get("side"))


def wants_export(request: Request) -> bool:
    return request.GET.get("format") in {"csv", "xlsx"}


def export(request: Request, rows: Iterable[Any], columns: Sequence[ExportColumn], name: str) -> HttpResponseBase:
    """All ``rows`` as the file ``?format=`` asks for, in constant memory. Raises AskedTooOften."""
    found = rows.iterator(AT_A_TIME) if isinstance(rows, QuerySet) else rows
    cells = ([safe(column.value(row)) for column in columns] for row in found)
    return _file(request, [str(column.heading) for column in columns], cells, name)


def export_fields(request: Request, rows: QuerySet[Any], columns: Sequence[FieldColumn], name: str) -> HttpResponseBase:
    """The same of fields alone: no row becomes an object, and each label is translated once. Raises AskedTooOften."""
    found = rows.values_list(*(column.field for column in columns)).iterator(AT_A_TIME)
    labels = [{key: str(label) for key, label in column.choices} for column in columns]
    cells = ([safe(shown.get(value, value)) for shown, value in zip(labels, row, strict=True)] for row in found)
    return _file(request, [str(column.heading) for column in columns], cells, name)


def _file(request: Request, heads: list[str], cells: Iterator[list[Any]], name: str) -> HttpResponseBase:
    limits.count(request, "export")
    if request.GET.get("format") == "xlsx":
        response = StreamingHttpResponse(_xlsx(heads, cells, name), content_type=XLSX)
        ending = "xlsx"
    else:
        response = StreamingHttpResponse(_csv(heads, cells), content_type="text/csv; charset=utf-8")
        ending = "csv"
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def safe(value: object) -> Any:
    """``value`` as a cell may hold it: text that a spreadsheet would run as a formula is kept as text."""
    if isinstance(value, str):
        text = normalised(value)  # what was stored before there was one door: Excel refuses control signs
        return f"'{text}" if text.startswith(FORMULA_STARTS) else text
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, (int, float, date)):
        return value
    return safe(str(value))


def _csv(heads: list[str], cells: Iterator[list[Any]]) -> Iterator[str]:
    yield "\ufeff"
    rows = chain([heads], cells)
    while some := list(islice(rows, AT_A_TIME)):
        text = StringIO()
        csv.writer(text, delimiter=";").writerows(some)
        yield text.getvalue()


def _xlsx(heads: list[str], cells: Iterator[list[Any]], name: str) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    shown = [WriteOnlyCell(sheet, value=head) for head in heads]
    for head in shown:
        head.font = Font(bold=True)
    sheet.append(shown)
    for row in cells:
        sheet.append(row)
    with NamedTemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk
