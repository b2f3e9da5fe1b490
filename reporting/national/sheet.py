"""The national report's figures as rows of a spreadsheet: one per region, figure and size."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ksf.web.lists import ExportColumn
from reporting.national.comparisons import sizes_in_order, totals_in_order
from reporting.stored.national import NationalData, NationalTotal, RegionFigure
from reporting.stored.values import Number


@dataclass(frozen=True)
class SheetRow:
    """A figure of a year. ``region`` is empty for the country, ``size`` for all sizes; ``value`` is in ``unit``."""

    year: int
    region: str
    code: str
    label: str
    size: str
    count: Number
    of: int | None
    value: Number | None
    unit: str
    is_sealed: bool


COLUMNS = [
    ExportColumn(_("Year"), lambda row: row.year),
    ExportColumn(_("Region"), lambda row: row.region),
    ExportColumn(_("Code"), lambda row: row.code),
    ExportColumn(_("Figure"), lambda row: row.label),
    ExportColumn(_("Size"), lambda row: row.size),
    ExportColumn(_("Number"), lambda row: row.count),
    ExportColumn(_("Of"), lambda row: row.of),
    ExportColumn(_("Value"), lambda row: row.value),
    ExportColumn(_("Unit"), lambda row: row.unit),
    ExportColumn(_("From an approved report"), lambda row: int(row.is_sealed)),
]


def rows(data: NationalData) -> Iterator[SheetRow]:
    """Earlier years' totals, then this year's, then each region's figures, each also by size where it has sizes."""
    for year in data.earlier:
        yield from _figures(data, year.year, "", year.totals, is_sealed=year.is_published)
    yield from _figures(data, data.year, "", data.totals, is_sealed=False)
    for region in data.regions:
        yield from _figures(data, data.year, region.name, region.figures, is_sealed=region.report.is_sealed)


def _figures(
    data: NationalData,
    year: int,
    region: str,
    figures: Mapping[str, NationalTotal] | Mapping[str, RegionFigure],
    *,
    is_sealed: bool,
) -> Iterator[SheetRow]:
    for code, total in totals_in_order(data):
        figure = figures.get(code)
        if figure is None or figure.count is None:
            continue
        numbers = [("", figure.count, figure.of, figure.value)]
        for size, share in sizes_in_order(figure.sizes):
            percent = round(100 * share.part / share.whole, 1) if share.whole else None
            numbers.append((size, share.part, share.whole, percent))
        for size, count, of, value in numbers:
            yield SheetRow(year, region, code, str(total.label), size, count, of, value, total.unit, is_sealed)
