"""The national report's figures as rows of a spreadsheet: one per region, figure and size."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from ksf.web.lists import ExportColumn
from reporting.national.drawings import Data, sizes_of, totals_of
from reporting.snapshot import in_language

COLUMNS = [
    ExportColumn(_("Year"), lambda row: row["year"]),
    ExportColumn(_("Region"), lambda row: row["region"]),
    ExportColumn(_("Code"), lambda row: row["code"]),
    ExportColumn(_("Figure"), lambda row: row["label"]),
    ExportColumn(_("Size"), lambda row: row["size"]),
    ExportColumn(_("Number"), lambda row: row["count"]),
    ExportColumn(_("Of"), lambda row: row["of"]),
    ExportColumn(_("Value"), lambda row: row["value"]),
    ExportColumn(_("Unit"), lambda row: row["unit"]),
    ExportColumn(_("From an approved report"), lambda row: row["is_sealed"]),
]


def rows(data: Data) -> Iterator[dict[str, Any]]:
    """Earlier years' totals, then this year's, then each region's figures, each also by size where it is told."""
    for earlier in data["earlier"]:
        yield from _place(earlier["year"], "", earlier["totals"], data, is_sealed=earlier["is_published"])
    yield from _place(data["year"], "", data["totals"], data, is_sealed=False)
    for region in data["regions"]:
        yield from _place(
            data["year"], region["name"], region["figures"], data, is_sealed=region["report"]["is_sealed"]
        )


def _place(year: int, region: str, figures: Data, data: Data, *, is_sealed: bool) -> Iterator[dict[str, Any]]:
    for code, total in totals_of(data):
        row = figures.get(code)
        if row is None or row["count"] is None:
            continue
        common = {
            "year": year,
            "region": region,
            "code": code,
            "label": in_language(total["label"]),
            "unit": total["unit"],
            "is_sealed": int(is_sealed),
        }
        yield {**common, "size": "", "count": row["count"], "of": row["of"], "value": row["value"]}
        for size, (part, whole) in sizes_of(row):
            share = round(100 * part / whole, 1) if whole else None
            yield {**common, "size": size, "count": part, "of": whole, "value": share}
