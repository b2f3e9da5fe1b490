"""Writing a decided grant: its shares, its instalments and what it asks for (G9, G10). Amounts in kroner."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from grants.lifecycle import AWARD
from grants.models import Application, Award, AwardShare, Call, Deliverable, Instalment, Pot, RequiredDeliverable
from grants.rules.dates import months_after
from grants.services.allocation import STEP
from ksf.accounts.models import User
from ksf.steps import take
from regions.models import Municipality

ANSWER_WITHIN = timedelta(weeks=3)
"""How long the municipality has to accept (G10)."""
Shares = Sequence[Mapping[str, Any]]
"""Rows of municipality number and amount in kroner."""


def lock_pot(award: Award) -> None:
    """Lock the award's pot before the award is: the database locks it too when the award's state changes."""
    Pot.objects.select_for_update().get(pk=award.pot_id)


def give(
    application: Application,
    shares: Shares,
    places: Mapping[str, Municipality],
    *,
    reason: dict[str, Any],
    at: datetime,
    by: User,
) -> Award:
    """A new grant to an application; ``places`` are the municipalities by number."""
    call = application.call
    award = Award.objects.create(
        application=application,
        pot=call.pot,
        amount=sum(share["amount"] for share in shares),
        reason=reason,
        decided_at=at,
        decided_by=by,
        acceptance_due_on=timezone.localdate(at) + ANSWER_WITHIN,
    )
    fill(award, shares, places)
    Deliverable.objects.bulk_create(
        Deliverable(award=award, requirement=requirement, due_on=due_on(requirement, call))
        for requirement in call.required_deliverables.all()
    )
    return award


def give_again(
    award: Award, shares: Shares, places: Mapping[str, Municipality], *, reason: dict[str, Any], at: datetime, by: User
) -> Award:
    """Another amount in place of the one that stood, to be accepted again; its letter is written again too."""
    award = take(
        AWARD,
        "decide_again",
        award,
        by=by,
        amount=sum(share["amount"] for share in shares),
        reason=reason,
        decided_at=at,
        decided_by=by,
        acceptance_due_on=timezone.localdate(at) + ANSWER_WITHIN,
        answered_at=None,
        answered_by=None,
        decline_reason="",
        letter=None,
    )
    award.shares.all().delete()
    award.instalments.all().delete()
    fill(award, shares, places)
    for deliverable in award.deliverables.select_related("requirement"):
        deliverable.due_on = due_on(deliverable.requirement, award.application.call)
        deliverable.save(update_fields=["due_on"])
    return award


def fill(award: Award, shares: Shares, places: Mapping[str, Municipality]) -> None:
    """Share the grant between the municipalities and into instalments."""
    AwardShare.objects.bulk_create(
        AwardShare(award=award, municipality=places[share["municipality"]], amount=share["amount"]) for share in shares
    )
    plan = list(award.application.call.planned_instalments.all())
    amounts = instalments(award.amount, [part.share for part in plan])
    Instalment.objects.bulk_create(
        Instalment(
            award=award,
            number=part.number,
            amount=amount,
            when_nb=part.when_nb,
            when_nn=part.when_nn,
            is_held_back=part.is_held_back,
        )
        for part, amount in zip(plan, amounts, strict=True)
    )


def instalments(amount: int, shares: list[int]) -> list[int]:
    """The instalments of an award by shares in per cent: whole thousands, the rest in the first."""
    later = [amount * share // 100 // STEP * STEP for share in shares[1:]]
    return [amount - sum(later), *later] if shares else []


def due_on(requirement: RequiredDeliverable, call: Call, *, accepted_on: date | None = None) -> date | None:
    """The day a deliverable is due; None while that follows from an acceptance that has not come."""
    match requirement.due_from:
        case RequiredDeliverable.Point.DATE:
            return requirement.due_on
        case RequiredDeliverable.Point.PERIOD_END:
            return months_after(call.period_to, requirement.due_months or 0)
        case _:
            return accepted_on and months_after(accepted_on, requirement.due_months or 0)
