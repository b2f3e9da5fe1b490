"""On a need's page: the rounds it has stood in, and how it fared."""

from typing import Any

from ksf import panels, together
from ksf.web.requests import Request
from needs.rounds.lifecycle import State
from needs.rounds.models import Candidate, ChairChange
from needs.rounds.result import standings
from needs.rounds.tables import final_places


@panels.on("need", order=40)
def rounds_of_need(request: Request, need: Any) -> panels.Panel | None:  # noqa: ARG001
    """Rounds that are open or decided, newest first; the rank once it is published."""
    stood = Candidate.objects.filter(need=need).exclude(round__state=State.DRAFT)
    stood = stood.select_related("round__region", "round__cluster").order_by("-round__closes_at")
    changes = ChairChange.objects.filter(round__candidates__need=need, round__state=State.PUBLISHED)
    rows, changed = together.rows(stood, changes)
    for row in rows:
        together.keep(row.round, "changes", [change for change in changed if change.round_id == row.round_id])
    shown = [(row.round, _standing(row)) for row in rows]
    return panels.Panel("needs/round_panel.html", {"rows": shown}) if shown else None


def _standing(row: Candidate) -> Any:
    if row.round.state != State.PUBLISHED:
        return None
    return standings(final_places(row.round))[row.pk]
