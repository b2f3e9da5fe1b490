"""What the portal knows of a year, read once and shared by all figures and regions."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Min, Q

from clusters.lifecycle import ClusterState
from clusters.models import Cluster, ClusterPhase, Membership
from grants.models import Application, Award
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.periods import today
from needs.lifecycle import NeedState
from needs.models import Endorsement, KnowledgeNeed
from needs.research.models import Interest, Participation, ResearchProject, ResearchQuestion
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Participant, Round
from regions.models import Municipality, MunicipalityChange, Population, Region, RegionCounty, Size

FIRST_LOOKS = ("need.take_up", "need.return")
PRIORITISED = (
    NeedState.PRIORITISED,
    NeedState.RESEARCHABLE,
    NeedState.IN_RESEARCH,
    NeedState.ANSWERED,
    NeedState.IN_USE,
)
PARTNERS = (Participation.Part.LEADS, Participation.Part.TAKES_PART)
"""Only to give data or to recruit participants is not to take part in the research."""

BEST_FIRST = (ClusterState.ESTABLISHED, ClusterState.BEING_ESTABLISHED, ClusterState.EXPLORING)


@dataclass
class MunicipalityOnDay:
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
class ClusterOnDay:
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
    def places(self) -> dict[int, MunicipalityOnDay]:
        """Municipalities in the register on the day, by id, in alphabetical order."""
        regions = self._region_of_county
        people = dict(Population.objects.filter(year=self.year).values_list("municipality_id", "people"))
        places = {
            row.pk: MunicipalityOnDay(
                row, regions.get(row.county_id, row.county.region_id), people.get(row.pk, row.population)
            )
            for row in Municipality.objects.on(self.day).select_related("county")
        }
        for membership in self._memberships:
            if membership.municipality_id in places:
                places[membership.municipality_id].memberships.append(membership)
        for appointment in self._appointments:
            if appointment.role == Role.RD_CONTACT and appointment.municipality_id in places:
                places[appointment.municipality_id].has_contact = True
        return places

    def place_of(self, municipality_id: int) -> MunicipalityOnDay | None:
        """The municipality as it was on the day; the one it comes after, where it was not made yet (S11)."""
        return self.places.get(municipality_id) or self._before.get(municipality_id)

    @cached_property
    def _before(self) -> dict[int, MunicipalityOnDay]:
        by_number = {place.municipality.number: place for place in self.places.values()}
        changes = MunicipalityChange.objects.filter(changed_on__gt=self.day, old_number__in=by_number)
        return {change.new_id: by_number[change.old_number] for change in changes}

    @cached_property
    def groups(self) -> dict[int, ClusterOnDay]:
        """Clusters that had a state on the day, by id, in alphabetical order."""
        states = dict(ClusterPhase.objects.filter(period__contains=self.day).values_list("cluster_id", "state"))
        groups = {
            cluster.pk: ClusterOnDay(cluster, states[cluster.pk]) for cluster in Cluster.objects.filter(pk__in=states)
        }
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

    def places_in(self, region: Region | None) -> list[MunicipalityOnDay]:
        """The municipalities in the region on the day; without a region those that belong to none."""
        wanted = region.pk if region else None
        return [place for place in self.places.values() if place.region_id == wanted]

    def groups_in(self, region: Region | None) -> list[ClusterOnDay]:
        """The clusters the region leads; without a region none, since every cluster has a lead region."""
        return [group for group in self.groups.values() if region and group.cluster.lead_region_id == region.pk]

    def best_state(self, place: MunicipalityOnDay) -> str:
        """How far the furthest of the municipality's clusters had come; empty when it is in none."""
        states = {self.groups[row.cluster_id].state for row in place.memberships if row.cluster_id in self.groups}
        return next((str(state) for state in BEST_FIRST if state in states), "")

    def needs_in(self, region: Region | None) -> list[KnowledgeNeed]:
        """The needs submitted in the year by municipalities of the region; hidden ones and drafts left out."""
        wanted = region.pk if region else None
        found = ((need, self.place_of(need.municipality_id)) for need in self._needs)
        return [need for need, place in found if place and place.region_id == wanted]

    @cached_property
    def endorsements(self) -> dict[int, int]:
        """How many municipalities had endorsed each of the year's needs by the day, by need."""
        found = Endorsement.objects.filter(need__submitted_at__year=self.year, created_at__date__lte=self.day)
        return Counter(found.values_list("need", flat=True))

    @cached_property
    def given(self) -> list[Endorsement]:
        """Endorsements given in the year, of needs that are not hidden; what merging passed on was given before."""
        given = Endorsement.objects.filter(created_at__year=self.year, need__is_hidden=False, merged_from=None)
        return list(given.select_related("need", "municipality").order_by("created_at", "pk"))

    @cached_property
    def active(self) -> frozenset[int]:
        """Municipalities that submitted or endorsed a need in the year, by id."""
        endorsed = (row.municipality_id for row in self.given)
        return frozenset({*(need.municipality_id for need in self._needs), *endorsed})

    @cached_property
    def applications(self) -> list[Application]:
        """Seed-grant applications handed in during the year and not withdrawn."""
        received = Application.objects.received().filter(submitted_at__year=self.year)
        return list(received.select_related("cluster").order_by("submitted_at", "pk"))

    @cached_property
    def awards(self) -> list[Award]:
        """Seed grants decided in the year that are neither declined nor lapsed."""
        decided = Award.objects.live().filter(decided_at__year=self.year)
        return list(decided.select_related("application__cluster").order_by("application__number", "pk"))

    @cached_property
    def first_looks(self) -> dict[int, datetime]:
        """When each of the year's needs was first taken up or returned, by need (N4)."""
        entries = AuditEntry.objects.filter(
            subject_type=KnowledgeNeed._meta.label_lower,  # noqa: SLF001
            subject_id__in=[str(need.pk) for need in self._needs],
            verb__in=FIRST_LOOKS,
        )
        looks = entries.order_by("subject_id").values_list("subject_id").annotate(first=Min("at"))
        return {int(pk): first for pk, first in looks}

    @cached_property
    def rounds(self) -> list[Round]:
        """Priority rounds closed in the year, each with how many took part and how many might."""
        closed = Round.objects.filter(
            state__in=[RoundState.CLOSED, RoundState.PUBLISHED], closes_at__year=self.year
        ).with_scope()
        counted = closed.annotate(invited=Count("participants"), cast=Count("participants__ballot"))
        return list(counted.order_by("closes_at", "pk"))

    @cached_property
    def ballots(self) -> list[Participant]:
        """The municipalities invited to those rounds, with ``has_cast``."""
        invited = Participant.objects.filter(round__in=[row.pk for row in self.rounds]).with_turnout()
        return list(invited.select_related("round", "municipality").order_by("municipality__sort_key", "round"))

    @cached_property
    def questions(self) -> list[ResearchQuestion]:
        """Researchable questions opened in the year that rest on a prioritised need and have a partner with them."""
        reached = ResearchQuestion.needs.through.objects.filter(knowledgeneed__state__in=PRIORITISED)
        opened = ResearchQuestion.objects.public().filter(
            opened_at__year=self.year, pk__in=reached.values("researchquestion")
        )
        touched = Interest.objects.in_touch()
        partnered = (
            Q(pk__in=touched.exclude(question=None).values("question"))
            | Q(needs__in=touched.exclude(need=None).values("need"))
            | Q(projects__isnull=False)
        )
        return list(opened.filter(partnered).distinct().order_by("opened_at", "pk"))

    @cached_property
    def matches(self) -> list[Interest]:
        """Partners put in touch with a region in the year (N7)."""
        answered = Interest.objects.in_touch().filter(answered_at__year=self.year)
        return list(answered.with_subject().order_by("answered_at", "pk"))

    @cached_property
    def projects(self) -> list[ResearchProject]:
        """Research projects with a day in the year in which a municipality leads or is partner (N9)."""
        found = ResearchProject.objects.counted().in_year(self.year).with_people().order_by("period", "pk")
        return [row for row in found if any(part.part in PARTNERS for part in row.participations.all())]

    def projects_in(self, region: Region | None) -> list[ResearchProject]:
        """The projects that touch the region: it answers for them, or its municipalities or clusters take part."""
        wanted = region.pk if region else None
        return [row for row in self.projects if wanted in self._regions_of(row)]

    def _regions_of(self, project: ResearchProject) -> set[int | None]:
        places = (self.place_of(part.municipality_id) for part in project.participations.all())
        clusters = {cluster.lead_region_id for cluster in project.clusters.all()}
        known = {project.region_id} if project.region_id else set()
        return known | clusters | {place.region_id for place in places if place}

    @cached_property
    def in_research(self) -> dict[int, list[ResearchProject]]:
        """The projects in which each municipality leads or is partner, by municipality."""
        found: dict[int, list[ResearchProject]] = defaultdict(list)
        for project in self.projects:
            for part in project.participations.all():
                if part.part in PARTNERS:
                    found[part.municipality_id].append(project)
        return found

    @cached_property
    def _needs(self) -> list[KnowledgeNeed]:
        sent = KnowledgeNeed.objects.exclude(state=NeedState.DRAFT).filter(
            submitted_at__year=self.year, is_hidden=False
        )
        return list(sent.select_related("municipality").order_by("submitted_at", "pk"))

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
