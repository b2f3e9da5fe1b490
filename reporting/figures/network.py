"""Figures about clusters, members, anchoring and coordinators on the last day of the year (S3-S6)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clusters.lifecycle import ClusterState
from clusters.models import Membership
from regions.models import Region
from reporting.figures.facts import ClusterOnDay, Facts, MunicipalityOnDay
from reporting.figures.registry import Record, Result, figure, share
from reporting.models.indicators import Unit
from reporting.models.sections import SectionCode

HALF_A_POSITION = 50
NETWORK = SectionCode.NETWORK


@figure("clusters_established", NETWORK, _("Established clusters"))
def clusters_established(facts: Facts, region: Region | None) -> Result:
    return _clusters(facts, region, ClusterState.ESTABLISHED)


@figure("clusters_being_established", NETWORK, _("Clusters being established"))
def clusters_being_established(facts: Facts, region: Region | None) -> Result:
    return _clusters(facts, region, ClusterState.BEING_ESTABLISHED)


@figure("in_established_cluster", NETWORK, _("Municipalities in an established cluster"), Unit.PERCENT, indicator="4.1")
def in_established_cluster(facts: Facts, region: Region | None) -> Result:
    return share(
        (_place(place, facts.best_state(place) == ClusterState.ESTABLISHED, facts), place)
        for place in facts.places_in(region)
    )


@figure("in_cluster", NETWORK, _("Municipalities in a cluster, established or being established"), Unit.PERCENT)
def in_cluster(facts: Facts, region: Region | None) -> Result:
    far = {ClusterState.ESTABLISHED, ClusterState.BEING_ESTABLISHED}
    return share((_place(place, facts.best_state(place) in far, facts), place) for place in facts.places_in(region))


@figure("small_in_cluster", NETWORK, _("Small municipalities in a cluster"), Unit.PERCENT)
def small_in_cluster(facts: Facts, region: Region | None) -> Result:
    far = {ClusterState.ESTABLISHED, ClusterState.BEING_ESTABLISHED}
    small = [place for place in facts.places_in(region) if place.size == "small"]
    return share((_place(place, facts.best_state(place) in far, facts), place) for place in small)


@figure(
    "coordinators_half",
    NETWORK,
    _("Clusters with a coordinator of at least 50 per cent"),
    Unit.PERCENT,
    indicator="4.3",
)
def coordinators_half(facts: Facts, region: Region | None) -> Result:
    groups = [group for group in facts.groups_in(region) if group.state == ClusterState.ESTABLISHED]
    return share(
        (_group(group, counts=group.position >= HALF_A_POSITION, detail=_position(group.position)), group)
        for group in groups
    )


@figure("anchored", NETWORK, _("Members anchored both administratively and politically"), Unit.PERCENT, indicator="4.4")
def anchored(facts: Facts, region: Region | None) -> Result:
    def is_anchored(row: Membership) -> bool:
        dates = (row.anchored_administratively_on, row.anchored_politically_on)
        return all(on is not None and on <= facts.day for on in dates)

    return share((_member(row, is_anchored(row), facts), row) for row in _members(facts, region))


@figure("contacts", NETWORK, _("Members with an R&D contact"), Unit.PERCENT, indicator="4.5")
def contacts(facts: Facts, region: Region | None) -> Result:
    places = [place for place in facts.places_in(region) if facts.best_state(place)]
    return share((_place(place, place.has_contact, facts), place) for place in places)


@figure("strategies", NETWORK, _("Members with a strategy for research and innovation"), Unit.PERCENT, indicator="4.6")
def strategies(facts: Facts, region: Region | None) -> Result:
    return share((_member(row, row.has_research_strategy, facts), row) for row in _members(facts, region))


@figure(
    "coordinator_position", NETWORK, _("The regional coordinator's position, per cent"), Unit.PERCENT, is_summed=False
)
def coordinator_position(facts: Facts, region: Region | None) -> Result:
    held = facts.positions[region.pk] if region else []
    records = [Record(row.get_role_display(), _position(row.position_percentage or 0)) for row in held]
    return Result(sum(row.position_percentage or 0 for row in held), None, records)


def _clusters(facts: Facts, region: Region | None, state: ClusterState) -> Result:
    groups = [group for group in facts.groups_in(region) if group.state == state]
    return Result(len(groups), None, [_group(group) for group in groups])


def _members(facts: Facts, region: Region | None) -> Iterable[Membership]:
    """Memberships in clusters the region leads, in clusters' and then municipalities' order."""
    return (row for group in facts.groups_in(region) for row in group.memberships)


def _position(percentage: int) -> str:
    return _now("%(percentage)d per cent position") % {"percentage": percentage}


def _group(group: ClusterOnDay, *, counts: bool = True, detail: str = "") -> Record:
    members = _now("%(count)d members") % {"count": len(group.memberships)}
    return Record(group.cluster.name, detail or members, group.cluster.get_absolute_url(), counts)


def _place(place: MunicipalityOnDay, counts: bool, facts: Facts) -> Record:  # noqa: FBT001 - one fact, always given
    names = ", ".join(
        facts.groups[row.cluster_id].cluster.name for row in place.memberships if row.cluster_id in facts.groups
    )
    return Record(place.municipality.name, names, place.municipality.get_absolute_url(), counts, place.size.value)


def _member(row: Membership, counts: bool, facts: Facts) -> Record:  # noqa: FBT001 - one fact, always given
    place = facts.places.get(row.municipality_id)
    size = place.size.value if place else row.municipality.size.value
    return Record(row.municipality.name, row.cluster.name, row.municipality.get_absolute_url(), counts, size)
