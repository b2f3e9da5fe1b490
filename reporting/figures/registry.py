from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from regions.models import Region, Size
from reporting.figures.facts import Facts
from reporting.models.indicators import Unit
from reporting.models.report import in_unit
from reporting.models.sections import SectionCode


@dataclass(frozen=True)
class Record:
    """One thing a figure counted: what it is called, what to know of it, and where its page is.

    ``weight`` is how much it adds where the figure is a sum (positions, theses), else 1.
    """

    label: str
    detail: str = ""
    url: str = ""
    counts: bool = True
    size: str = ""
    weight: int = 1


@dataclass(frozen=True)
class Result:
    """What a computation found: ``count``, as a share of ``of`` where the figure is a share, and the records."""

    count: int
    of: int | None = None
    records: Sequence[Record] = ()
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def value(self) -> Decimal | None:
        return in_unit(self.count, self.of)


Work = Callable[[Facts, Region | None], Result]


@dataclass(frozen=True)
class FigureDefinition:
    """A figure's name, where it stands in the report, its unit, and the indicator it measures if any."""

    code: str
    section: SectionCode
    label: str | Promise
    unit: Unit
    work: Work | None
    indicator: str = ""
    is_summed: bool = True
    is_shared: bool = False


_figures: dict[str, FigureDefinition] = {}


def figure(
    code: str,
    section: SectionCode,
    label: str | Promise,
    unit: Unit = Unit.COUNT,
    *,
    indicator: str = "",
    is_summed: bool = True,
    is_shared: bool = False,
) -> Callable[[Work], Work]:
    """Register the decorated ``work(facts, region) -> Result``; region None asks for what lies in no region.

    ``is_shared``: several regions may count the same record; the country counts it once.
    """

    def register(work: Work) -> Work:
        _figures[code] = FigureDefinition(code, section, label, unit, work, indicator, is_summed, is_shared)
        return work

    return register


def report_by_hand(code: str, section: SectionCode, label: str | Promise, *, indicator: str) -> None:
    """Register a figure the portal cannot count: the region writes it."""
    _figures[code] = FigureDefinition(code, section, label, Unit.COUNT, None, indicator)


def figure_of(code: str) -> FigureDefinition:
    """The figure called ``code``. Raises KeyError for one nobody registered."""
    return _figures[code]


def all_figures() -> list[FigureDefinition]:
    """Every figure in the order of the report."""
    order = list(SectionCode)
    return sorted(_figures.values(), key=lambda row: order.index(row.section))


def share(rows: Iterable[tuple[Record, Any]]) -> Result:
    """The share of records that count, also by size where a record has one (S12)."""
    records = [record for record, _row in rows]
    return Result(sum(record.counts for record in records), len(records), records, by_size(records))


def by_size(records: Sequence[Record]) -> dict[str, tuple[int, int]]:
    """For each size of municipality how many records count, and how many there are; empty where none has a size."""
    if not any(record.size for record in records):
        return {}
    return {
        size.value: (sum(row.counts for row in records if row.size == size), sum(row.size == size for row in records))
        for size in Size
    }
