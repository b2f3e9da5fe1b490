"""What the national report on a year says: the same for page, PDF and spreadsheet (R3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, TypeAdapter

from reporting.stored.values import Number, SectionText, ShareOfSize, SpentGrant, Translated

TargetStatus = Literal["reached", "nearly", "missed", ""]
Outcome = Literal["done", "under_way", "dropped"]


def _is_empty(value: Mapping[str, int]) -> bool:
    """Whether the key is left out: only figures that regions share have it."""
    return not value


@dataclass(frozen=True)
class NationalTotal:
    """One figure over all regions. ``value`` is in ``unit``, ``section`` and ``indicator`` are codes.

    ``count`` is the number and ``of`` what it is a share of; ``sizes`` has both by municipality size.
    """

    label: Translated
    unit: str
    section: str
    count: Number
    of: int | None
    value: Number | None
    sizes: Mapping[str, ShareOfSize]
    regions_counted: Annotated[int, Field(alias="told_by")]
    indicator: str


@dataclass(frozen=True)
class RegionFigure:
    """A figure of one region. ``shared_records``: what each record adds, by its address, where others count it too."""

    count: Number | None
    of: int | None
    value: Number | None
    sizes: Mapping[str, ShareOfSize]
    is_corrected: bool
    shared_records: Annotated[Mapping[str, int], Field(alias="once", exclude_if=_is_empty)] = field(
        default_factory=dict
    )


@dataclass(frozen=True)
class ReportStatus:
    """How far a region's own report has come; ``state`` is a ``ReportState``, empty when none is begun."""

    state: str
    is_sealed: bool
    due_on: date
    received_on: date | None
    approved_on: date | None
    is_on_time: bool
    is_handed_in: bool
    late_reason: str


@dataclass(frozen=True)
class NationalRegion:
    """A region in the year. ``figures`` is by code; ``sections`` is empty and ``grant_use`` None until it is sealed."""

    slug: str
    name: str
    host: str
    municipalities: int
    report: ReportStatus
    figures: Mapping[str, RegionFigure]
    sections: Sequence[SectionText]
    outcomes: Mapping[Outcome, int]
    grant_use: SpentGrant | None
    sha256: str


@dataclass(frozen=True)
class OutsideRegions:
    """The municipalities that belong to no region, by name, and their figures by code."""

    names: Sequence[str]
    municipalities: int
    figures: Mapping[str, RegionFigure]


@dataclass(frozen=True)
class EarlierYear:
    """The totals of a year before, by code: as published, else counted from the dated register."""

    year: int
    is_published: bool
    totals: Mapping[str, NationalTotal]


@dataclass(frozen=True)
class NationalGoal:
    code: str
    version: int
    order: int
    name: Translated
    text: Translated


@dataclass(frozen=True)
class NationalIndicator:
    """An indicator's value this year and the last, and its target, all in ``unit``. ``goal`` is a code."""

    code: str
    version: int
    goal: str
    unit: str
    name: Translated
    how: str
    value: Number | None
    last: Number | None
    target: int | None
    regions_counted: Annotated[int, Field(alias="told_by")]
    status: TargetStatus


@dataclass(frozen=True)
class UncountedIndicator:
    """An indicator the portal keeps no records for yet."""

    code: str
    name: Translated


@dataclass(frozen=True)
class ReportsReceived:
    """How many of the regions' reports came, and the names of the regions whose report is not in place."""

    expected: int
    received: int
    on_time: int
    approved: int
    missing: Sequence[str]
    not_approved: Sequence[str]


@dataclass(frozen=True)
class SizeTotals:
    """The municipalities of one size: how many there are, are in clusters, and have a contact (S12)."""

    size: str
    municipalities: int
    established: int
    in_cluster: int
    contacts: int


@dataclass(frozen=True)
class NationalCluster:
    """``region`` is the slug of the region that leads it, ``motor`` the municipality's name or empty."""

    name: str
    slug: str
    region: str
    state: str
    motor: str
    members: int
    people: int


class MunicipalityTile(NamedTuple):
    """A municipality at ``q``, ``r`` on the map of hexagons, with the furthest that one of its clusters has come."""

    number: str
    name: str
    q: int
    r: int
    region: str
    size: str
    state: str


@dataclass(frozen=True)
class NationalData:
    """The whole report. ``day`` is the last day of the year, or the day it was computed while the year runs.

    ``order`` has the codes of ``totals`` in the order of the report, which a database does not keep for JSON.
    """

    year: int
    order: Sequence[str]
    day: date
    goals: Sequence[NationalGoal]
    regions: Sequence[NationalRegion]
    unplaced: OutsideRegions
    totals: Mapping[str, NationalTotal]
    earlier: Sequence[EarlierYear]
    indicators: Sequence[NationalIndicator]
    uncounted: Sequence[UncountedIndicator]
    received: ReportsReceived
    sizes: Sequence[SizeTotals]
    clusters: Sequence[NationalCluster]
    tiles: Sequence[MunicipalityTile]

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        stored: dict[str, Any] = _adapter().dump_python(self, mode="json", by_alias=True)
        return stored

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "NationalData":
        """The report as it was stored. Raises pydantic's ValidationError where a key is missing or of another type."""
        return _adapter().validate_python(stored)


@cache
def _adapter() -> TypeAdapter[NationalData]:
    return TypeAdapter(NationalData)
