"""Proposing and deciding an allocation (G8): two persons, one transaction, never more than the pot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from grants import notifications
from grants.letters import sealing
from grants.lifecycle import APPLICATION, CALL, PROPOSAL
from grants.models import Application, Award, Call, Line, Pot, Proposal, Rejection, Review
from grants.models.award import COMPLAIN_WITHIN, MADE_BY_HAND
from grants.services import awarding
from grants.services.allocation import NotComputable, hash_of, problem_of
from ksf import audit
from ksf.accounts.models import User
from ksf.steps import lock, take
from ksf.web.numbers import kroner
from regions.models import Municipality


class Blocked(Exception):
    """The proposal cannot go on; ``reasons`` says why in the reader's language."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


@dataclass(frozen=True)
class Check:
    """One thing that must hold before a decision, in the reader's language."""

    is_met: bool
    sentence: str


def checks(proposal: Proposal) -> list[Check]:
    """What must hold now: the input as computed from, every application in it, no more than the pot has."""
    undecided = proposal.call.applications.in_assessment().exclude(lines__scenario=proposal.scenario_id)
    lines = list(proposal.scenario.lines.all())
    return [_is_current(proposal), _covers_all(list(undecided)), _is_within_pot(proposal.call, lines)]


def obstacles(proposal: Proposal) -> list[str]:
    """What blocks the decision now. Empty when ready."""
    return [check.sentence for check in checks(proposal) if not check.is_met]


def _is_current(proposal: Proposal) -> Check:
    scenario = proposal.scenario
    pot, cap = scenario.parameters["pot"], scenario.parameters["cap_per_municipality"]
    try:
        problem = problem_of(proposal.call, pot=pot, cap=cap)
    except NotComputable as reason:
        return Check(False, str(reason))
    if hash_of(problem) == scenario.input_hash:
        return Check(True, _("No application, score or amount has changed since this was computed"))
    sentence = _(
        "Scores, amounts or applications have changed since this was computed. Compute it again and choose the new one."
    )
    return Check(False, sentence)


def _covers_all(left_out: list[Application]) -> Check:
    if left_out:
        numbers = ", ".join(application.number or "" for application in left_out)
        return Check(False, _("These applications are not in the proposal: %(numbers)s.") % {"numbers": numbers})
    return Check(True, _("Every application gets an award or a rejection"))


def _is_within_pot(call: Call, lines: list[Line]) -> Check:
    total = sum(line.final_amount for line in lines)
    left = min(call.amount, left_in(call.pot))
    if total > left:
        sentence = _("The proposal gives %(total)s, and %(left)s is left of the pot.")
        return Check(False, sentence % {"total": kroner(total), "left": kroner(max(left, 0))})
    return Check(True, _("The sum is within the pot"))


def left_in(pot: Pot) -> int:
    """What is left of the pot when the live awards have taken theirs, in kroner; negative if too much is given."""
    return pot.amount - (Award.objects.live().filter(pot=pot).aggregate(total=Sum("amount"))["total"] or 0)


@transaction.atomic
def propose(proposal: Proposal, *, grounds: str, by: User) -> Proposal:
    """Send the proposal to the lead. Raises Blocked."""
    _lock_money(proposal)
    proposal = take(PROPOSAL, "propose", proposal, by=by, grounds=grounds, proposed_by=by, proposed_at=timezone.now())
    _check(proposal)
    notifications.proposed(proposal)
    return proposal


@transaction.atomic
def send_back(proposal: Proposal, *, note: str, by: User) -> Proposal:
    """The lead wants it changed, and says why."""
    proposal = take(PROPOSAL, "send_back", proposal, by=by, note=note)
    notifications.sent_back(proposal, note)
    return proposal


@transaction.atomic
def decide(proposal: Proposal, *, by: User) -> Proposal:
    """Decide as proposed: awards, rejections, the call, and the letters asked for. Raises Blocked.

    The call and the pot are locked first: of two decisions on one pot the second sees what the first took.
    """
    call = _lock_money(proposal)
    now = timezone.now()
    proposal = take(PROPOSAL, "decide", proposal, by=by, decided_by=by, decided_at=now)
    _check(proposal)
    municipalities = _municipalities(proposal)
    for line in proposal.scenario.lines.select_related("application__call__pot"):
        if line.final_amount:
            _award(line, municipalities, at=now, by=by)
        else:
            _reject(line, at=now, by=by)
    take(CALL, "decide", call, by=by)
    sealing.request_letters(call, key=f"letters-{call.pk}-{proposal.pk}", by=by)
    return proposal


def _lock_money(proposal: Proposal) -> Call:
    """The call, locked with its pot and with all that the input is read from."""
    call = lock(proposal.call)
    Pot.objects.select_for_update().get(pk=call.pot_id)
    for rows in (call.applications.all(), Review.objects.of_call(call)):
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    return call


def _check(proposal: Proposal) -> None:
    found = obstacles(proposal)
    if found:
        raise Blocked(found)


def _municipalities(proposal: Proposal) -> dict[str, Municipality]:
    """By number, as the applications name them."""
    joined = Municipality.objects.filter(grant_memberships__application__call=proposal.call_id).distinct()
    return {municipality.number: municipality for municipality in joined}


def _award(line: Line, municipalities: dict[str, Municipality], *, at: datetime, by: User) -> Award:
    application = take(APPLICATION, "award", line.application, by=by)
    award = awarding.give(application, line.final_shares, municipalities, reason=_reason(line), at=at, by=by)
    audit.record("award.decide", award, by=by, application=application.number, amount=award.amount)
    return award


def _reject(line: Line, *, at: datetime, by: User) -> Rejection:
    application = take(APPLICATION, "reject", line.application, by=by)
    return Rejection.objects.create(
        application=application,
        reason=_reason(line),
        grounds=line.override_reason,
        decided_at=at,
        decided_by=by,
        complaint_due_on=timezone.localdate(at) + COMPLAIN_WITHIN,
    )


def _reason(line: Line) -> dict[str, Any]:
    """The computed reason, or what those who changed the line wrote."""
    return {MADE_BY_HAND: line.override_reason} if line.is_overridden else line.reason
