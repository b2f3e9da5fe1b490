"""What may stand in a round, who may take part in it, and which lists lead up to it."""

from typing import Any

from django.db.models import Count, Q

from clusters.models import Membership
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Round, RoundLevel
from regions.models import Municipality

CANDIDATE_STATES = (NeedState.IN_ASSESSMENT, NeedState.PRIORITISED, NeedState.RESEARCHABLE)
"""The states in which a need can stand: taken up, and research has not begun."""


def eligible_municipalities(round_: Round) -> Any:
    """The municipalities with a ballot: the cluster's members, the region's municipalities, or all."""
    found = Municipality.objects.in_force()
    match round_.level:
        case RoundLevel.CLUSTER:
            members = Membership.objects.in_force().filter(cluster=round_.cluster_id)
            return found.filter(pk__in=members.values("municipality"))
        case RoundLevel.REGION:
            return found.filter(county__region=round_.region_id)
        case _:
            return found


def candidate_needs() -> Any:
    """The published needs that nobody researches yet."""
    return KnowledgeNeed.objects.published().filter(state__in=CANDIDATE_STATES)


def eligible_needs(round_: Round) -> Any:
    """Those of the round's own municipalities, with ``endorsement_count``."""
    needs = candidate_needs().with_place()
    if round_.level != RoundLevel.NATION:
        needs = needs.filter(municipality__in=eligible_municipalities(round_).values("pk"))
    return needs.annotate(endorsement_count=Count("endorsements", distinct=True))


def needs_to_add(round_: Round, query: str) -> Any:
    """What can stand and does not yet, most endorsed first; with ``query`` only those with its words in the title."""
    found = eligible_needs(round_).exclude(pk__in=round_.candidates.values("need"))
    for word in query.split():
        found = found.filter(title__icontains=word)
    return found.order_by("-endorsement_count", "-submitted_at", "-pk")


def rounds_below(round_: Round) -> Any:
    """Published lists that lead up to ``round_``: the level below, or an earlier stage in the same place (N5)."""
    match round_.level:
        case RoundLevel.CLUSTER:
            leads = Q(level=RoundLevel.CLUSTER, cluster=round_.cluster_id)
        case RoundLevel.REGION:
            leads = Q(level=RoundLevel.REGION, region=round_.region_id)
            leads |= Q(level=RoundLevel.CLUSTER, cluster__lead_region=round_.region_id)
        case _:
            leads = Q(level__in=[RoundLevel.NATION, RoundLevel.REGION])
    return Round.objects.filter(leads, state=RoundState.PUBLISHED).exclude(pk=round_.pk).with_scope()
