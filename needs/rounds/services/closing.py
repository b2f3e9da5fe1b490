"""Closing a round: by hand, by the clock, and the count that follows."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import jobs
from ksf.accounts.models import User
from ksf.steps import lock, take
from needs.rounds.lifecycle import ROUND
from needs.rounds.models import Round


@transaction.atomic
def close_round(round_: Round, *, by: User) -> Round:
    """Close when the time is out, or earlier when every municipality has cast its ballot; then ask for the count.

    Raises ValidationError while ballots are still awaited, StepNotAllowed when it is not open.
    """
    locked = lock(round_)
    ROUND.check("close", locked, by=by)
    if locked.takes_ballots and locked.participants.filter(ballot=None).exists():
        raise ValidationError(_("The round is open until its deadline, since ballots are still missing."))
    at = min(timezone.now(), locked.closes_at)
    closed = take(ROUND, "close", locked, by=by, closes_at=at)
    jobs.request(
        "needs.round_result",
        by=by,
        title=closed.title,
        subject=closed,
        key=f"needs.round_result:{closed.pk}",
        next_url=closed.get_absolute_url(),
    )
    return closed


def close_due_rounds() -> int:
    """Close every open round whose time is out, each in its own transaction. Returns how many."""
    system = User.objects.system()
    due = list(Round.objects.due())
    for round_ in due:
        with transaction.atomic():
            if Round.objects.due().select_for_update(of=("self",)).filter(pk=round_.pk).exists():
                close_round(round_, by=system)
    return len(due)
