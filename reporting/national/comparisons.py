"""The figures beside each other: by year, by size and by region. Drawings, sentences and tables are made from these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from regions.models import Size
from reporting.stored.national import NationalData, NationalTotal
from reporting.stored.values import Number, ShareOfSize, Translated

NOBODY = ShareOfSize(0, 0)

# The codes of the figures that the report speaks of by name (``reporting/figures/network.py``).
CLUSTERS_ESTABLISHED = "clusters_established"
CLUSTERS_BEING_ESTABLISHED = "clusters_being_established"
IN_CLUSTER = "in_cluster"
IN_ESTABLISHED_CLUSTER = "in_established_cluster"


class YearTotals(NamedTuple):
    """A year's totals, by the code of the figure."""

    year: int
    totals: Mapping[str, NationalTotal]

    def value(self, code: str) -> Number | None:
        """The figure in its unit; None when it was not counted that year."""
        return self.totals[code].value if code in self.totals else None


class RegionShare(NamedTuple):
    """A region's share in whole per cent."""

    region: str
    percent: int


class LabelledShares(NamedTuple):
    """A figure that is a share: its label, and the small, the medium-sized and the large municipalities."""

    label: Translated
    shares: Sequence[ShareOfSize]


class YearNumber(NamedTuple):
    """A number of a year; ``column`` is what it is of, in the active language."""

    year: int
    column: str
    number: Number


@dataclass(frozen=True)
class NumbersByYear:
    """A number for each year and column, in the order a chart draws them."""

    numbers: Sequence[YearNumber]

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(row.column for row in self.numbers))

    @property
    def rows(self) -> list[tuple[int, list[Number]]]:
        """Each year with its numbers in the order of ``columns``."""
        found = {(row.year, row.column): row.number for row in self.numbers}
        years = dict.fromkeys(row.year for row in self.numbers)
        return [(year, [found[year, column] for column in self.columns]) for year in years]


def totals_by_year(data: NationalData) -> list[YearTotals]:
    """The earlier years and this one, oldest first."""
    return [*(YearTotals(row.year, row.totals) for row in data.earlier), YearTotals(data.year, data.totals)]


def totals_in_order(data: NationalData) -> list[tuple[str, NationalTotal]]:
    """Each figure's code and total in the report's order, which stored JSON does not keep."""
    return [(code, data.totals[code]) for code in data.order]


def totals_to_show(data: NationalData) -> list[tuple[str, NationalTotal]]:
    """Those of the figures that are something in one of the years: what is nothing in all of them says nothing."""
    years = totals_by_year(data)
    return [(code, total) for code, total in totals_in_order(data) if any(row.value(code) for row in years)]


def shares_by_size(data: NationalData) -> list[LabelledShares]:
    """Each figure that is a share and has both small and large municipalities."""
    return [
        LabelledShares(total.label, [total.sizes.get(size.value, NOBODY) for size in Size])
        for _code, total in totals_to_show(data)
        if total.of is not None and all(total.sizes.get(size.value, NOBODY).whole for size in (Size.SMALL, Size.LARGE))
    ]


def cluster_shares_by_year(data: NationalData) -> NumbersByYear:
    """Shares of the small, medium-sized and large municipalities that are in a cluster, in whole per cent."""
    return NumbersByYear(
        [
            YearNumber(year, size_name(size), share.percent)
            for year, totals in totals_by_year(data)
            for size, share in sizes_in_order(totals[IN_CLUSTER].sizes)
        ]
    )


def clusters_by_year(data: NationalData) -> NumbersByYear:
    """Established clusters and those being established at the end of each year."""
    codes = ((CLUSTERS_ESTABLISHED, _("Established")), (CLUSTERS_BEING_ESTABLISHED, _("Being established")))
    return NumbersByYear(
        [YearNumber(year, label, totals[code].count) for code, label in codes for year, totals in totals_by_year(data)]
    )


def cluster_shares_by_region(data: NationalData) -> list[RegionShare]:
    """Regions by their share of municipalities in a cluster, highest first; regions without one are left out."""
    rows = [
        RegionShare(region.name, round(figure.value))
        for region in data.regions
        if (figure := region.figures.get(IN_CLUSTER)) and figure.value is not None
    ]
    return sorted(rows, key=lambda row: -row.percent)


def sizes_in_order(sizes: Mapping[str, ShareOfSize]) -> list[tuple[str, ShareOfSize]]:
    """A figure's sizes and shares, small ones first."""
    return [(size.value, sizes[size.value]) for size in Size if size.value in sizes]


def size_name(size: str) -> str:
    return {Size.SMALL: _("small"), Size.MEDIUM: _("medium-sized"), Size.LARGE: _("large")}[Size(size)]
