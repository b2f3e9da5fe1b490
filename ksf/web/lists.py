"""Lists: pages of rows, and the same rows as CSV and Excel, streamed and safe to open."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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


def export(request: Request, rows: Iterable[Any], columns: list[ExportColumn], name: str) -> HttpResponseBase:
    """All ``rows`` as the file ``?format=`` asks for, in constant memory. Raises AskedTooOften."""
    limits.count(request, "export")
    if isinstance(rows, QuerySet):
        rows = rows.iterator(AT_A_TIME)
    if request.GET.get("format") == "xlsx":
        response = StreamingHttpResponse(_xlsx(rows, columns, name), content_type=XLSX)
        ending = "xlsx"
    else:
        response = StreamingHttpResponse(_csv(rows, columns), content_type="text/csv; charset=utf-8")
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


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[Any], columns: list[ExportColumn]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff"
    yield writer.writerow([str(column.heading) for column in columns])
    for row in rows:
        yield writer.writerow([safe(column.value(row)) for column in columns])


def _xlsx(rows: Iterable[Any], columns: list[ExportColumn], name: str) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, value=str(column.heading)) for column in columns]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([safe(column.value(row)) for column in columns])
    with NamedTemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk
