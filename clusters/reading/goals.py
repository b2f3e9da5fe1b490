"""The establishment goals of the plan: who has reached them, when, and what is missing (S10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clusters.lifecycle import ClusterState
from clusters.models import LEAST_MEMBERS, ClusterPhase
from clusters.reading.network import STRONGEST_FIRST, ClusterOn, Member, Network, RegionOn
from regions.models import Region


@dataclass(frozen=True)
class Requirement:
    """One thing a cluster needs, whether it is there, and what the portal knows of it."""

    text: str
    detail: str
    is_met: bool


@dataclass(frozen=True)
class GoalOutcome:
    """How one region stands to a goal. ``reached_on`` is None while something is ``missing``."""

    region: Region
    reached_on: date | None
    is_late: bool
    missing: str = ""


@dataclass(frozen=True)
class EstablishmentGoal:
    text: str | Promise
    due: date
    outcomes: list[GoalOutcome]

    @property
    def reached(self) -> int:
        return sum(outcome.reached_on is not None for outcome in self.outcomes)


ESTABLISHED_DUE = date(2025, 12, 31)
EVERYWHERE_DUE = date(2028, 12, 31)


def phases_until(day: date) -> list[ClusterPhase]:
    """Every phase that had begun on ``day``, newest first, with its cluster."""
    rows = ClusterPhase.objects.filter(period__startswith__lte=day).select_related("cluster__lead_region")
    return list(rows.order_by("-period"))


def establishment_goals(network: Network, phases: Iterable[ClusterPhase]) -> list[EstablishmentGoal]:
    """Both goals of the establishment period, on the network's day."""
    rows = list(phases)
    return [
        EstablishmentGoal(
            gettext_lazy("At least one established cluster in each region"),
            ESTABLISHED_DUE,
            [
                _outcome(row, _first(rows, row.region, {ClusterState.ESTABLISHED}), ESTABLISHED_DUE)
                for row in network.regions
            ],
        ),
        EstablishmentGoal(
            gettext_lazy("Clusters in all regions"),
            EVERYWHERE_DUE,
            [_outcome(row, _alive_since(row), EVERYWHERE_DUE) for row in network.regions],
        ),
    ]


def by_region(goals: list[EstablishmentGoal]) -> list[tuple[Region, list[tuple[EstablishmentGoal, GoalOutcome]]]]:
    """The same outcomes with one row for each region."""
    columns = [goal.outcomes for goal in goals]
    return [(row[0].region, list(zip(goals, row, strict=True))) for row in zip(*columns, strict=True)]


def requirements(cluster: ClusterOn) -> list[Requirement]:
    """What a cluster needs to be declared established and to work well (S4-S6)."""
    members, motor = len(cluster.members), cluster.motor
    return [
        Requirement(
            _("At least five members"),
            cluster.cluster.few_members_reason if members < LEAST_MEMBERS and cluster.has_enough_members
            else ngettext("%(n)d municipality", "%(n)d municipalities", members) % {"n": members},
            cluster.has_enough_members,
        ),
        Requirement(_("A motor municipality"), str(motor.municipality) if motor else _("Not named"), motor is not None),
        Requirement(_("A cluster coordinator"), *_coordinator(cluster)),
        Requirement(
            _("An R&D contact in each member municipality"),
            _missing_contacts(cluster),
            not cluster.without_contact,
        ),
        Requirement(_("Anchored politically in each member municipality"), *_anchoring(cluster)),
    ]  # fmt: skip


def _missing_contacts(cluster: ClusterOn) -> str:
    names = ", ".join(place.municipality.name for place in cluster.without_contact)
    return _("Missing in %(names)s") % {"names": names} if names else ""


def anchoring_of(members: list[Member]) -> list[tuple[str, int, int]]:
    """Each point of the checklist with how many of the members have it, and how many there are (S6)."""
    labels = [
        _("have an R&D contact"), _("are anchored administratively"), _("are anchored politically"),
        _("have it in their plans"), _("have a strategy for research and innovation"),
    ]  # fmt: skip
    columns = zip(*(member.checks for member in members), strict=True)
    return [(label, sum(map(bool, column)), len(members)) for label, column in zip(labels, columns, strict=False)]


def _coordinator(cluster: ClusterOn) -> tuple[str, bool]:
    if not cluster.coordinators:
        return _("Vacant"), False
    if short := cluster.short_positions:
        text = _("%(percent)d %% position. At least 50 %% is expected")
        return text % {"percent": short[0].position_percentage}, False
    percent = cluster.coordinators[0].position_percentage
    return (_("%(percent)d %% position") % {"percent": percent} if percent else ""), True


def _anchoring(cluster: ClusterOn) -> tuple[str, bool]:
    done = sum(member.anchored_politically_on is not None for member in cluster.members)
    text = _("%(done)d of %(all)d") % {"done": done, "all": len(cluster.members)}
    return text, bool(cluster.members) and done == len(cluster.members)


def _outcome(row: RegionOn, reached_on: date | None, due: date) -> GoalOutcome:
    missing = "" if reached_on else _missing(row)
    return GoalOutcome(row.region, reached_on, reached_on is not None and reached_on > due, missing)


def _first(phases: list[ClusterPhase], region: Region, states: set[ClusterState]) -> date | None:
    days = [p.starts_on for p in phases if p.state in states and p.cluster.lead_region_id == region.pk]
    return min(days, default=None)


def _alive_since(row: RegionOn) -> date | None:
    days = [cluster.cluster.established_on for cluster in row.clusters if cluster.state == ClusterState.ESTABLISHED]
    return min((day for day in days if day), default=None)


def _missing(row: RegionOn) -> str:
    """What the cluster that has come furthest still lacks, in words."""
    if not row.clusters:
        return _("No cluster yet")
    furthest = min(row.clusters, key=lambda cluster: (STRONGEST_FIRST.index(cluster.state), -len(cluster.members)))
    lacks = [requirement.text for requirement in requirements(furthest)[:2] if not requirement.is_met]
    values = {"cluster": furthest.cluster, "state": furthest.state.label}
    if not lacks:
        return _("%(cluster)s is not declared established yet") % values
    return _("%(cluster)s lacks: %(what)s") % {**values, "what": ", ".join(lacks).lower()}
