"""The network as it was on a day, read once and asked many times: maps, figures, lists (S4-S6, S11, S12)."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self, TypeVar

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from clusters.lifecycle import ClusterState
from clusters.models import LEAST_MEMBERS, LEAST_POSITION, Cluster, Membership, MotorTerm
from clusters.reading import snapshots
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.periods import today
from regions.models import HostTerm, Municipality, Region, RegionCounty, Size

T = TypeVar("T")
STRONGEST_FIRST = (ClusterState.ESTABLISHED, ClusterState.BEING_ESTABLISHED, ClusterState.EXPLORING)
LIFE_CLASSES = {
    ClusterState.ESTABLISHED: "c-est",
    ClusterState.BEING_ESTABLISHED: "c-being",
    ClusterState.EXPLORING: "c-expl",
    None: "c-none",
}


@dataclass(eq=False)
class Place:
    """A municipality on the day: how many lived there, where it belonged, and its clusters."""

    municipality: Municipality
    people: int
    region: Region | None
    has_contact: bool = False
    clusters: "list[ClusterOn]" = field(default_factory=list)

    @property
    def size(self) -> Size:
        return Size.of(self.people)

    @property
    def life(self) -> ClusterState | None:
        """How far its furthest cluster has come; None outside clusters."""
        states = {cluster.state for cluster in self.clusters}
        return next((state for state in STRONGEST_FIRST if state in states), None)

    @property
    def is_member(self) -> bool:
        return bool(self.clusters)


@dataclass(eq=False)
class Member:
    """A membership on the day with its checklist of five (S6)."""

    membership: Membership
    place: Place
    day: date
    is_motor: bool = False

    @property
    def anchored_administratively_on(self) -> date | None:
        return self._by_then(self.membership.anchored_administratively_on)

    @property
    def anchored_politically_on(self) -> date | None:
        return self._by_then(self.membership.anchored_politically_on)

    @property
    def checks(self) -> list[Any]:
        """What is in place: contact, administratively, politically, plans, strategy. Falsy where it is missing."""
        return [
            self.place.has_contact, self.anchored_administratively_on, self.anchored_politically_on,
            self.membership.is_in_plans, self.membership.has_research_strategy,
        ]  # fmt: skip

    def _by_then(self, done_on: date | None) -> date | None:
        """What was done later than the day shown was not in place on it (S11)."""
        return done_on if done_on and done_on <= self.day else None


@dataclass(eq=False)
class ClusterOn:
    """A living cluster on the day."""

    cluster: Cluster
    state: ClusterState
    since: date
    motor_id: int | None
    members: list[Member] = field(default_factory=list)
    coordinators: list[Appointment] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """The colour of the tag that says its state."""
        return Cluster.TONES.get(self.state, "neutral")

    @property
    def motor(self) -> Place | None:
        return next((member.place for member in self.members if member.is_motor), None)

    @property
    def checks_done(self) -> int:
        return sum(bool(check) for member in self.members for check in member.checks)

    @property
    def checks_in_all(self) -> int:
        return sum(len(member.checks) for member in self.members)

    @property
    def without_contact(self) -> list[Place]:
        return [member.place for member in self.members if not member.place.has_contact]

    @property
    def short_positions(self) -> list[Appointment]:
        """Coordinators with a position of less than half (S5)."""
        return [
            held
            for held in self.coordinators
            if held.position_percentage is not None and held.position_percentage < LEAST_POSITION
        ]

    @property
    def has_enough_members(self) -> bool:
        return len(self.members) >= LEAST_MEMBERS or bool(self.cluster.few_members_reason)


@dataclass(eq=False)
class RegionOn:
    """A region on the day."""

    region: Region
    host: Municipality | None
    places: list[Place] = field(default_factory=list)
    clusters: list[ClusterOn] = field(default_factory=list)
    coordinators: list[Appointment] = field(default_factory=list)

    @property
    def figures(self) -> "Figures":
        return Figures.of(self.places)

    @property
    def memberships(self) -> list[Member]:
        """The members of the clusters it leads."""
        return [member for cluster in self.clusters for member in cluster.members]

    def count(self, state: ClusterState) -> int:
        """How many clusters it leads in this state."""
        return sum(cluster.state == state for cluster in self.clusters)

    @property
    def established(self) -> int:
        return self.count(ClusterState.ESTABLISHED)

    @property
    def being_established(self) -> int:
        return self.count(ClusterState.BEING_ESTABLISHED)


@dataclass(frozen=True)
class Figures:
    """Municipalities by size (S12), and how many of them are in a cluster."""

    small: int
    medium: int
    large: int
    members: int
    small_members: int

    @classmethod
    def of(cls, places: Iterable[Place]) -> Self:
        rows = list(places)
        sizes = Counter(place.size for place in rows)
        members = [place for place in rows if place.is_member]
        return cls(
            small=sizes[Size.SMALL],
            medium=sizes[Size.MEDIUM],
            large=sizes[Size.LARGE],
            members=len(members),
            small_members=sum(place.size == Size.SMALL for place in members),
        )

    @property
    def total(self) -> int:
        return self.small + self.medium + self.large

    @property
    def small_share(self) -> float | None:
        """Per cent of the small municipalities that are in a cluster; None where there are none."""
        return 100 * self.small_members / self.small if self.small else None


class Network:
    """All of it on one day, in five queries whatever the size. Use ``Network.on(day)``.

    It is shared by all who ask until something of it changes: read it, and never write to what it holds.
    """

    def __init__(self, day: date) -> None:
        self.day = day
        self._derived: dict[Hashable, Any] = {}
        self._region_of = _regions_of_counties(day)
        self._appointments = _appointments(day)
        self.regions = [
            RegionOn(region, None, coordinators=self._held(Role.REGIONAL_COORDINATOR, region_id=region.pk))
            for region in _regions(day)
        ]
        by_pk = {row.region.pk: row for row in self.regions}
        self.places = self._places(by_pk)
        for row in self.regions:
            host = self.places.get(row.region.host_id)  # type: ignore[attr-defined]
            row.host = host.municipality if host else None
        self.clusters = self._clusters(by_pk)
        self._join_members()

    @classmethod
    def on(cls, day: date) -> Self:
        """The network on ``day``, kept since it was last read if nothing of it has changed. One query then."""
        return snapshots.kept(cls, day)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """``make()``, kept as long as the network is as it is, for each language. It may rest on nothing else.

        None is not kept, so that what nobody has takes no room.
        """
        full = (get_language(), key)
        if full in self._derived:
            found: T = self._derived[full]
            return found
        made = make()
        if made is not None:
            self._derived[full] = made
        return made

    def region(self, region: Region) -> RegionOn:
        return next(row for row in self.regions if row.region.pk == region.pk)

    @property
    def outside(self) -> list[Place]:
        """Municipalities in no region yet."""
        return [place for place in self.places.values() if place.region is None]

    @property
    def outside_figures(self) -> Figures:
        return Figures.of(self.outside)

    @property
    def figures(self) -> Figures:
        return Figures.of(self.places.values())

    def count(self, state: ClusterState) -> int:
        return sum(cluster.state == state for cluster in self.clusters)

    def _held(self, role: Role, **scope: int) -> list[Appointment]:
        ((column, pk),) = scope.items()
        return [held for held in self._appointments if held.role == role and getattr(held, column) == pk]

    def _places(self, by_pk: dict[int, RegionOn]) -> dict[int, Place]:
        contacts = {held.municipality_id for held in self._appointments if held.role == Role.RD_CONTACT}
        rows = Municipality.objects.on(self.day).with_people_on(self.day).select_related("county")
        places = {}
        for municipality in rows:
            row = by_pk.get(self._region_of.get(municipality.county_id, municipality.county.region_id))  # type: ignore[arg-type]
            places[municipality.pk] = Place(
                municipality, municipality.people_on, row.region if row else None, municipality.pk in contacts
            )
            if row:
                row.places.append(places[municipality.pk])
        return places

    def _clusters(self, by_pk: dict[int, RegionOn]) -> "list[ClusterOn]":
        motor = MotorTerm.objects.on(self.day).filter(cluster=OuterRef("pk")).values("membership__municipality")
        clusters = []
        for cluster in Cluster.objects.living_on(self.day).annotate(motor_on=Subquery(motor[:1])):
            row = by_pk[cluster.lead_region_id]
            cluster.lead_region = row.region
            clusters.append(
                ClusterOn(
                    cluster,
                    ClusterState(cluster.state_on),
                    cluster.state_since,
                    cluster.motor_on,
                    coordinators=self._held(Role.CLUSTER_COORDINATOR, cluster_id=cluster.pk),
                )
            )
            row.clusters.append(clusters[-1])
        return clusters

    def _join_members(self) -> None:
        by_pk = {row.cluster.pk: row for row in self.clusters}
        for membership in Membership.objects.on(self.day).filter(cluster__in=by_pk):
            row, place = by_pk[membership.cluster_id], self.places.get(membership.municipality_id)
            if place is None:
                continue
            is_motor = row.motor_id == membership.municipality_id
            row.members.append(Member(membership, place, self.day, is_motor=is_motor))
            place.clusters.append(row)


def _regions(day: date) -> Any:
    host = HostTerm.objects.on(day).filter(region=OuterRef("pk")).values("municipality")
    return Region.objects.annotate(host_id=Subquery(host[:1]))


def _regions_of_counties(day: date) -> dict[int, int | None]:
    """County → region where the terms of another day say otherwise than the register of today."""
    if day >= today():
        return {}
    terms = list(RegionCounty.objects.all())
    on_day = {term.county_id: term.region_id for term in terms if term.is_in_force_on(day)}
    return {term.county_id: on_day.get(term.county_id) for term in terms}


def _appointments(day: date) -> list[Appointment]:
    roles = [Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR, Role.RD_CONTACT]
    return list(Appointment.objects.on(day).filter(role__in=roles).select_related("user"))


def region_on(municipality: Municipality, day: date) -> Region | None:
    """The region the municipality's county belonged to on the day; None while that was undecided."""
    if day >= today():
        return municipality.region
    term = RegionCounty.objects.on(day).filter(county=municipality.county_id).select_related("region").first()
    return term.region if term else None
