"""What the portal knows of a year, read once and shared by all figures and regions."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from clusters.lifecycle import State as ClusterState
from clusters.models import Cluster, ClusterPhase, Membership
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.periods import today
from regions.models import Municipality, Population, Region, RegionCounty, Size

BEST_FIRST = (ClusterState.ESTABLISHED, ClusterState.BEING_ESTABLISHED, ClusterState.EXPLORING)


@dataclass
class Place:
    """A municipality as it was on the day: its region, its people on 1 January, and its memberships."""

    municipality: Municipality
    region_id: int | None
    people: int
    memberships: list[Membership] = field(default_factory=list)
    has_contact: bool = False

    @property
    def size(self) -> Size:
        return Size.of(self.people)


@dataclass
class Group:
    """A cluster as it was on the day: its state then, its members, and what its coordinators have of position."""

    cluster: Cluster
    state: str
    memberships: list[Membership] = field(default_factory=list)
    position: int = 0


class Facts:
    """The network on the last day of ``year``, or today while the year runs."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.day = min(date(year, 12, 31), today())

    @cached_property
    def places(self) -> dict[int, Place]:
        """Municipalities in the register on the day, by id, in alphabetical order."""
        regions = self._region_of_county
        people = dict(Population.objects.filter(year=self.year).values_list("municipality_id", "people"))
        places = {
            row.pk: Place(row, regions.get(row.county_id, row.county.region_id), people.get(row.pk, row.population))
            for row in Municipality.objects.on(self.day).select_related("county")
        }
        for membership in self._memberships:
            if membership.municipality_id in places:
                places[membership.municipality_id].memberships.append(membership)
        for appointment in self._appointments:
            if appointment.role == Role.RD_CONTACT and appointment.municipality_id in places:
                places[appointment.municipality_id].has_contact = True
        return places

    @cached_property
    def groups(self) -> dict[int, Group]:
        """Clusters that had a state on the day, by id, in alphabetical order."""
        states = dict(ClusterPhase.objects.filter(period__contains=self.day).values_list("cluster_id", "state"))
        groups = {cluster.pk: Group(cluster, states[cluster.pk]) for cluster in Cluster.objects.filter(pk__in=states)}
        for membership in self._memberships:
            if membership.cluster_id in groups:
                groups[membership.cluster_id].memberships.append(membership)
        for appointment in self._appointments:
            if appointment.role == Role.CLUSTER_COORDINATOR and appointment.cluster_id in groups:
                groups[appointment.cluster_id].position += appointment.position_percentage or 0
        return groups

    @cached_property
    def positions(self) -> dict[int, list[Appointment]]:
        """The regional coordinators' appointments on the day, by region."""
        held: dict[int, list[Appointment]] = defaultdict(list)
        for appointment in self._appointments:
            if appointment.role == Role.REGIONAL_COORDINATOR and appointment.region_id is not None:
                held[appointment.region_id].append(appointment)
        return held

    def places_in(self, region: Region | None) -> list[Place]:
        """The municipalities in the region on the day; without a region those that belong to none."""
        wanted = region.pk if region else None
        return [place for place in self.places.values() if place.region_id == wanted]

    def groups_in(self, region: Region | None) -> list[Group]:
        """The clusters the region leads; without a region none, since every cluster has a lead region."""
        return [group for group in self.groups.values() if region and group.cluster.lead_region_id == region.pk]

    def best_state(self, place: Place) -> str:
        """How far the furthest of the municipality's clusters had come; empty when it is in none."""
        states = {self.groups[m.cluster_id].state for m in place.memberships if m.cluster_id in self.groups}
        return next((str(state) for state in BEST_FIRST if state in states), "")

    @cached_property
    def _region_of_county(self) -> dict[int, int]:
        return dict(RegionCounty.objects.on(self.day).values_list("county_id", "region_id"))

    @cached_property
    def _memberships(self) -> list[Membership]:
        rows: Any = Membership.objects.on(self.day).select_related("cluster", "municipality")
        return list(rows)

    @cached_property
    def _appointments(self) -> list[Appointment]:
        roles = (Role.RD_CONTACT, Role.CLUSTER_COORDINATOR, Role.REGIONAL_COORDINATOR)
        return list(Appointment.objects.on(self.day).filter(role__in=roles))
