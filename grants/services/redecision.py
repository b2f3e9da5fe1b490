"""Deciding again when a complaint is upheld (G9): by two who took no part before, never more than the pot."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.letters import sealing
from grants.lifecycle import APPLICATION, COMPLAINT_ACTIONS, REDECISION, RedecisionState
from grants.models import Application, Award, AwardShare, Complaint, Pot, Redecision, Rejection
from grants.models.award import MADE_BY_HAND
from grants.services import awarding
from grants.services.allocation import WrongShares, check_shares
from grants.services.decision import left_in
from ksf import audit
from ksf.accounts.models import User
from ksf.steps import lock, take
from ksf.web.numbers import kroner
from regions.models import Municipality


@transaction.atomic
def propose(complaint: Complaint, *, shares: dict[str, int], grounds: str, by: User) -> Redecision:
    """Propose the new grant, by municipality number in kroner; a proposal not yet decided is replaced.

    Raises WrongShares, PermissionDenied for those who took part, StepNotAllowed unless the complaint is upheld.
    """
    complaint = lock(complaint)
    earlier = Redecision.objects.select_for_update().filter(complaint=complaint).first()
    _check_may_propose(complaint, earlier, by)
    check_shares(complaint.application, shares)
    _check_room(complaint.application, shares)
    values = {
        "shares": [{"municipality": number, "amount": amount} for number, amount in sorted(shares.items()) if amount],
        "grounds": grounds,
        "proposed_by": by,
        "proposed_at": timezone.now(),
    }
    redecision, _is_new = Redecision.objects.update_or_create(complaint=complaint, defaults=values)
    audit.record("complaint.propose_redecision", complaint, by=by, amount=redecision.amount, grounds=grounds)
    return redecision


@transaction.atomic
def decide(redecision: Redecision, *, by: User) -> Award:
    """Put the new decision in place of the one that stood, and ask for its letter. Raises WrongShares.

    The pot is locked first, as when a call is decided; what stood is kept with the new decision.
    """
    application = redecision.complaint.application
    Pot.objects.select_for_update().get(pk=application.call.pot_id)
    application, now = lock(application), timezone.now()
    overturned = _as_it_stands(application)
    redecision = take(REDECISION, "decide", redecision, by=by, decided_by=by, decided_at=now, overturned=overturned)
    _check_room(application, {share["municipality"]: share["amount"] for share in redecision.shares})
    award = _grant(application, redecision, at=now, by=by)
    audit.record("application.redecide", application, by=by, before=overturned, amount=award.amount)
    sealing.request_letters(application.call, key=f"redecision-{redecision.pk}", by=by)
    return award


def _check_may_propose(complaint: Complaint, earlier: Redecision | None, by: User) -> None:
    COMPLAINT_ACTIONS.check("redecide", complaint, by=by)
    if earlier is not None and earlier.state != RedecisionState.PROPOSED:
        raise REDECISION.refusal("decide", earlier)


def _check_room(application: Application, shares: dict[str, int]) -> None:
    """That the pot and every municipality's cap hold with the call's other grants as they stand."""
    total, call = sum(shares.values()), application.call
    if not total:
        raise WrongShares(whole=_("A complaint that is upheld gives a grant. Write at least one amount."))
    own = Award.objects.live().filter(application=application).total()
    left = left_in(call.pot) + own
    if total > left:
        raise WrongShares(whole=_("Only %(left)s is left of the pot.") % {"left": kroner(max(left, 0))})
    others = AwardShare.objects.filter(award__in=Award.objects.live().of_call(call).exclude(application=application))
    got = dict(others.values_list("municipality__number").annotate(total=Sum("amount")).order_by())
    over = _("The municipality would get more than %(cap)s in all.") % {"cap": kroner(call.cap_per_municipality)}
    wrong = {n: over for n, amount in shares.items() if amount and amount + got.get(n, 0) > call.cap_per_municipality}
    if wrong:
        raise WrongShares(wrong)


def _as_it_stands(application: Application) -> dict[str, Any]:
    """The decision that is overturned, as plain data."""
    decision = application.decision
    is_award = isinstance(decision, Award)
    return {
        "state": application.state,
        "amount": decision.amount if is_award else 0,
        "shares": dict(decision.shares.values_list("municipality__number", "amount")) if is_award else {},
        "reason": decision.reason,
        "decided_at": decision.decided_at.isoformat(),
        "decided_by": decision.decided_by.email,
        "letter": decision.letter.number if decision.letter else "",
    }


def _grant(application: Application, redecision: Redecision, *, at: datetime, by: User) -> Award:
    award = Award.objects.filter(application=application).first()
    Rejection.objects.filter(application=application).delete()
    application = take(APPLICATION, "award_again", application, by=by, dismissal_grounds="")
    found = Municipality.objects.filter(grant_memberships__application=application)
    places = {municipality.number: municipality for municipality in found}
    reason = {MADE_BY_HAND: redecision.grounds}
    if award is None:
        return awarding.give(application, redecision.shares, places, reason=reason, at=at, by=by)
    return awarding.give_again(award, redecision.shares, places, reason=reason, at=at, by=by)
