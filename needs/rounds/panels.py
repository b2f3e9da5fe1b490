"""On a need's page: the rounds it has stood in, and how it fared."""

from typing import Any

from ksf import panels
from ksf.web.requests import Request
from needs.models import KnowledgeNeed
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Candidate
from needs.rounds.reading.tables import final_places
from needs.rounds.rules.result import ranks_in


@panels.on("need", order=40)
def rounds_of_need(request: Request, need: KnowledgeNeed) -> panels.Panel | None:  # noqa: ARG001
    """Rounds that are open or decided, newest first; the rank once it is published."""
    stood = Candidate.objects.filter(need=need).exclude(round__state=RoundState.DRAFT)
    stood = stood.select_related("round__region", "round__cluster").prefetch_related("round__changes")
    shown = [(row.round, _result_of(row)) for row in stood.order_by("-round__closes_at")]
    return panels.Panel("needs/round_panel.html", {"rows": shown}) if shown else None


def _result_of(row: Candidate) -> Any:
    if row.round.state != RoundState.PUBLISHED:
        return None
    return ranks_in(final_places(row.round))[row.pk]
