"""What a sealed regional report says: everything its PDF and the national report are made from (R2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from reporting.stored.values import Number, SectionText, ShareOfSize, SpentGrant, Translated


@dataclass(frozen=True)
class SealedRegion:
    """``host`` is the name of the host municipality on the last day of the year, empty when there was none."""

    slug: str
    name: str
    host: str


@dataclass(frozen=True)
class SealedGoal:
    code: str
    version: int
    name: Translated
    text: Translated


@dataclass(frozen=True)
class SealedActivity:
    """An activity of the year's plan. ``outcome`` is an ``ActivityReport.Outcome`` or empty."""

    title: str
    goal: str
    responsible: str
    due_on: date
    expected_result: str
    outcome: str
    note: str


@dataclass(frozen=True)
class SealedSection(SectionText):
    activities: Sequence[SealedActivity]


class SealedRecord(NamedTuple):
    """One thing a figure counted, in the order a ``figures.Record`` is stored; the oldest have no ``weight``."""

    label: str
    detail: str = ""
    url: str = ""
    counts: bool = True
    size: str = ""
    weight: int = 1


@dataclass(frozen=True)
class SealedIndicator:
    code: str
    version: int
    how: str
    name: Translated


@dataclass(frozen=True)
class SealedFigure:
    """A figure in its ``unit``: ``value`` is ``corrected`` where the region corrected it, else ``computed``.

    ``count`` is the number found and ``of`` what it is a share of; ``sizes`` has both by municipality size.
    """

    code: str
    section: str
    label: Translated
    unit: str
    count: int | None
    of: int | None
    sizes: dict[str, ShareOfSize]
    computed: Number | None
    corrected: Number | None
    value: Number | None
    last_year: Number | None
    explanation: str
    remark: str
    records: Sequence[SealedRecord]
    indicator: SealedIndicator | None

    @property
    def is_corrected(self) -> bool:
        """Whether the region says something else than the portal counted."""
        return self.corrected is not None and self.computed is not None


@dataclass(frozen=True)
class SealedTarget:
    indicator: str
    value: int


@dataclass(frozen=True)
class SealedReport:
    """A region's whole report. The moments are as ISO text."""

    region: SealedRegion
    year: int
    figures_at: str | None
    submitted_at: str | None
    is_on_time: bool
    late_reason: str
    goals: Sequence[SealedGoal]
    sections: Sequence[SealedSection]
    figures: Sequence[SealedFigure]
    targets: Sequence[SealedTarget]
    grant_use: SpentGrant | None

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        stored: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return stored

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "SealedReport":
        """The report as it was stored. Raises pydantic's ValidationError where a key is missing or of another type."""
        return _adapter().validate_python(stored)


@cache
def _adapter() -> TypeAdapter[SealedReport]:
    return TypeAdapter(SealedReport)
