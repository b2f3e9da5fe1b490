"""Figures about priority rounds closed in the year: held, by whom, and who took part (N5)."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clusters.lifecycle import ClusterState
from needs.rounds.models import Participant, Round, RoundLevel
from regions.models import Region
from reporting.figures.facts import Facts
from reporting.figures.registry import Record, Result, figure, share
from reporting.models.indicators import Unit
from reporting.models.sections import SectionCode

NEEDS = SectionCode.NEEDS


@figure("rounds_held", NEEDS, _("Priority rounds held"))
def rounds_held(facts: Facts, region: Region | None) -> Result:
    """The region's own rounds and those of the clusters it leads; the nation's belong to no region."""
    held = [row for row in facts.rounds if _region_of(row) == (region.pk if region else None)]
    return Result(len(held), None, [_round(row) for row in held])


@figure("clusters_prioritised", NEEDS, _("Established clusters that have prioritised"), indicator="1.4")
def clusters_prioritised(facts: Facts, region: Region | None) -> Result:
    established = {group.cluster.pk for group in facts.groups_in(region) if group.state == ClusterState.ESTABLISHED}
    first = {row.cluster_id: row for row in reversed(facts.rounds) if row.cluster_id in established}
    records = [Record(str(row.cluster), str(row), row.get_absolute_url()) for row in reversed(first.values())]
    return Result(len(records), None, records)


@figure("round_turnout", NEEDS, _("Turnout in priority rounds"), Unit.PERCENT, indicator="1.5")
def round_turnout(facts: Facts, region: Region | None) -> Result:
    """Ballots by the municipalities of the region, in rounds at every level."""
    wanted = region.pk if region else None
    places = facts.places
    invited = [
        row
        for row in facts.ballots
        if row.municipality_id in places and places[row.municipality_id].region_id == wanted
    ]
    return share((_ballot(row), row) for row in invited)


def _region_of(row: Round) -> int | None:
    return row.cluster.lead_region_id if row.level == RoundLevel.CLUSTER and row.cluster else row.region_id


def _round(row: Round) -> Record:
    took_part = _now("%(scope)s: %(cast)d of %(invited)d municipalities took part") % {
        "scope": row.scope_name,
        "cast": row.cast,  # type: ignore[attr-defined]
        "invited": row.invited,  # type: ignore[attr-defined]
    }
    return Record(str(row), took_part, row.get_absolute_url())


def _ballot(row: Participant) -> Record:
    return Record(row.municipality.name, str(row.round), row.round.get_absolute_url(), row.has_cast, row.size)
