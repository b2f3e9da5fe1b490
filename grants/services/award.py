"""Accepting and declining an award (G10)."""

from django.db import transaction
from django.utils import timezone

from grants import notifications
from grants.lifecycle import AWARD
from grants.models import Award
from grants.services.awarding import due_on, lock_pot
from ksf.accounts.models import User
from ksf.steps import take


class AnsweredTooLate(Exception):
    """The last day to answer is over."""


@transaction.atomic
def accept(award: Award, *, by: User) -> Award:
    """Accept for the motor municipality; dates that follow from the acceptance are set. Raises AnsweredTooLate."""
    lock_pot(award)
    award = take(AWARD, "accept", award, by=by, answered_at=timezone.now(), answered_by=by)
    _check_in_time(award)
    for deliverable in award.deliverables.filter(due_on__isnull=True).select_related("requirement"):
        deliverable.due_on = due_on(
            deliverable.requirement, award.application.call, accepted_on=timezone.localdate(award.answered_at)
        )
        deliverable.save(update_fields=["due_on"])
    notifications.accepted(award)
    return award


@transaction.atomic
def decline(award: Award, *, reason: str, by: User) -> Award:
    """Say no; the money goes back to the pot. Raises AnsweredTooLate."""
    lock_pot(award)
    award = take(AWARD, "decline", award, by=by, answered_at=timezone.now(), answered_by=by, decline_reason=reason)
    _check_in_time(award)
    notifications.declined(award)
    return award


def _check_in_time(award: Award) -> None:
    if timezone.localdate(award.answered_at) > award.acceptance_due_on:
        raise AnsweredTooLate
