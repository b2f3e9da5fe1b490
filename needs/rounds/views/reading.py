"""The rounds, and one round in every stage of its life."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ksf.web import render_page
from ksf.web.lists import paged
from ksf.web.requests import Request
from needs.lifecycle import HANDLE
from needs.rounds.actions import actions_on_round, remove, set_up
from needs.rounds.lifecycle import ROUND, RUN, RoundState
from needs.rounds.models import Method, Round
from needs.rounds.reading.tables import is_up, other_method, rows, size_groups


@login_not_required
@require_safe
def round_list(request: Request) -> HttpResponse:
    """All rounds one may see, the latest deadline first."""
    page = paged(request, Round.objects.visible_to(request.user).with_scope())
    return render_page(request, "needs/round_list.html", {"page": page, "set_up": set_up(request.user)})


@login_not_required
@require_safe
def round(request: Request, pk: int) -> HttpResponse:  # noqa: A001 - the view bears the name of its path
    """What is voted on and how, who has cast a ballot, and the result when it may be seen."""
    subject = get_object_or_404(Round.objects.visible_to(request.user).with_scope(), pk=pk)
    may_run = request.user.has_perm(RUN, subject)
    shows_result = subject.state == RoundState.PUBLISHED or (may_run and subject.result is not None)
    own = subject.participants.with_turnout().of(request.user).select_related("municipality")
    may_publish = shows_result and ROUND.allows("publish", subject, by=request.user)
    candidates = [] if shows_result else list(subject.candidates.with_briefs())
    actions = actions_on_round(request.user, subject, own, may_publish=may_publish)
    context = {
        "round": subject,
        "may_run": may_run,
        "is_ahead": subject.takes_ballots or subject.state == RoundState.DRAFT,
        "is_closed": subject.state == RoundState.CLOSED,
        "counts_points": subject.method == Method.BORDA,
        "actions": actions,
        "candidates": [
            (row, remove(subject, row) if actions.draft else None, request.user.has_perm(HANDLE, row.need))
            for row in candidates
        ],
        "without_brief": sum(not row.has_brief for row in candidates),
        "participants": list(subject.participants.with_turnout().select_related("municipality")),
        **(_result(subject) if shows_result else {}),
    }
    context["cast"] = sum(row.has_cast for row in context["participants"])
    return render_page(request, "needs/round.html", context)


def _result(subject: Round) -> dict[str, Any]:
    found = rows(subject)
    return {
        "rows": [(row, is_up(subject, row)) for row in found],
        "groups": size_groups(subject),
        "changes": list(subject.changes.select_related("candidate__need", "made_by")),
        "moved_by_method": sum(row.differs for row in found),
        "other_method": other_method(subject, found),
    }
