"""Computing scenarios, comparing them, and changing a line with a reason (G7, G8)."""

import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Cluster
from grants import scores
from grants.lifecycle import PROPOSAL, CallState, ProposalState
from grants.models import Application, Call, Line, Proposal, Scenario
from ksf import audit, jobs
from ksf.lifecycle import StepNotAllowed
from ksf.steps import lock, take
from regions.models import Region

STEP = 1_000
"""Awards and shares are whole thousands of kroner (G7)."""
SCORE_DIGITS = Decimal("0.0000000001")


def problem_of(call: Call, *, pot: int, cap: int) -> dict[str, Any]:
    """What the allocation of ``call`` is computed from, as the allocation reads it. Amounts in kroner.

    Raises ValidationError naming the applications that have no score yet.
    """
    rows = list(
        Application.objects.filter(call=call)
        .under_review()
        .select_related("cluster__lead_region")
        .prefetch_related("members__municipality")
        .order_by("number")
    )
    standings = scores.of_call(call)
    unscored = [row.number for row in rows if row.pk not in standings or standings[row.pk].score is None]
    if unscored:
        raise ValidationError(
            _("These applications have no complete review yet: %(numbers)s.") % {"numbers": ", ".join(unscored)}
        )
    asked = {member.municipality for row in rows for member in row.members.all()}
    established = set(Cluster.objects.established().values_list("lead_region", flat=True))
    return {
        "pot": pot,
        "cap_per_municipality": cap,
        "step": STEP,
        "regions": [
            {"id": region.slug, "has_established_cluster": region.pk in established} for region in Region.objects.all()
        ],
        "municipalities": [
            {"id": municipality.number, "population": municipality.population}
            for municipality in sorted(asked, key=lambda one: one.number)
        ],
        "applications": [
            {
                "id": row.number,
                "region": row.cluster.lead_region.slug,
                "score": str(exact(standings[row.pk].score)),
                "least": row.least_amount or 0,
                "requests": [
                    {"municipality": member.municipality.number, "asked": member.amount}
                    for member in sorted(row.members.all(), key=lambda one: one.municipality.number)
                    if member.amount
                ],
            }
            for row in rows
        ],
    }


def exact(score: Fraction | None) -> Decimal:
    """The score with ten decimals, rounded half up; a mean over three reviewers has no end of its own."""
    value = score or Fraction(0)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(SCORE_DIGITS, ROUND_HALF_UP).normalize()


def hash_of(problem: dict[str, Any]) -> str:
    """The checksum by which a changed input is known."""
    return hashlib.sha256(json.dumps(problem, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def compute(call: Call, *, kind: str, pot: int, cap: int, by: Any) -> Scenario:
    """Ask for a scenario of a closed call and return it; Celery fills it in (G7).

    Raises ValidationError while applications lack scores or the pot is larger than what is left.
    """
    call = lock(call)
    _check_may_propose(by)
    if call.state != CallState.CLOSED:
        raise ValidationError(_("An allocation is computed when the call is closed and not yet decided."))
    if pot > call.amount:
        raise ValidationError({"pot": _("The call has at most %(amount)s kr.") % {"amount": call.amount}})
    if cap > call.cap_per_municipality:
        raise ValidationError({"cap": _("The cap of the call is %(cap)s kr.") % {"cap": call.cap_per_municipality}})
    problem = problem_of(call, pot=pot, cap=cap)
    if not problem["applications"]:
        raise ValidationError(_("No application is under review in this call."))
    scenario = Scenario.objects.create(
        call=call,
        kind=kind,
        parameters={"pot": pot, "cap_per_municipality": cap},
        input=problem,
        input_hash=hash_of(problem),
        created_by=by,
    )
    scenario.job = jobs.request(
        "grants.allocation",
        by=by,
        title=_("Allocation of %(call)s") % {"call": call},
        subject=scenario,
        key=f"scenario-{scenario.pk}",
        scenario=scenario.pk,
    )
    scenario.save(update_fields=["job"])
    audit.record("scenario.requested", scenario, by=by, kind=kind, pot=pot, cap=cap)
    return scenario


@transaction.atomic
def choose(scenario: Scenario, *, by: Any) -> Proposal:
    """Make the scenario the one to be proposed; another that was chosen is dropped. Returns the proposal."""
    call = lock(scenario.call)
    _check_may_propose(by)
    if scenario.computed_at is None:
        raise ValidationError(_("The scenario is not computed yet."))
    standing = call.proposals.live().first()
    if standing is not None:
        if standing.scenario_id == scenario.pk:
            return standing
        take(PROPOSAL, "drop", standing, by=by)
    proposal = Proposal.objects.create(call=call, scenario=scenario, chosen_by=by)
    audit.record("proposal.chosen", proposal, by=by, scenario=scenario.pk)
    return proposal


@transaction.atomic
def override(line: Line, *, shares: dict[str, int], reason: str, by: Any) -> Line:
    """Put other shares (kroner by municipality number) in place of the computed ones, and say why (G8).

    All shares 0 is a rejection. Raises ValidationError where a share is more than asked, not a whole thousand, the sum
    is under the least amount, or a cap or the pot would break.
    """
    proposal = _chosen_proposal(line, by)
    _check_override(line, shares)
    line.override_shares = [{"municipality": n, "amount": amount} for n, amount in sorted(shares.items()) if amount]
    line.override_amount = sum(shares.values())
    line.override_reason, line.overridden_by, line.overridden_at = reason, by, timezone.now()
    line.save(
        update_fields=["override_shares", "override_amount", "override_reason", "overridden_by", "overridden_at"]
    )
    audit.record(
        "proposal.line_changed", proposal, by=by, application=line.application.number, reason=reason,
        amount=[line.amount, line.override_amount],
    )
    return line


@transaction.atomic
def undo_override(line: Line, *, by: Any) -> Line:
    """Take the computed amount back."""
    proposal = _chosen_proposal(line, by)
    before, line.override_amount = line.override_amount, None
    line.override_shares, line.override_reason = [], ""
    line.overridden_by = line.overridden_at = None
    line.save(
        update_fields=["override_shares", "override_amount", "override_reason", "overridden_by", "overridden_at"]
    )
    audit.record(
        "proposal.line_restored", proposal, by=by, application=line.application.number, amount=[before, line.amount]
    )
    return line


def _chosen_proposal(line: Line, by: Any) -> Proposal:
    """The proposal the line belongs to, locked, while it may still be changed."""
    proposal = Proposal.objects.select_for_update(of=("self",)).live().filter(scenario=line.scenario_id).first()
    _check_may_propose(by)
    if proposal is None:
        raise ValidationError(_("Choose the scenario before changing a line of it."))
    if proposal.state != ProposalState.CHOSEN:
        raise StepNotAllowed(PROPOSAL.steps["propose"], proposal)
    return proposal


def _check_override(line: Line, shares: dict[str, int]) -> None:
    application = line.application
    asked = {member.municipality.number: member.amount for member in application.members.select_related("municipality")}
    wrong = {}
    for number, amount in shares.items():
        if number not in asked:
            wrong[number] = _("The municipality does not take part in the application.")
        elif amount < 0 or amount % STEP:
            wrong[number] = _("Write a whole number of thousands.")
        elif amount > asked[number]:
            wrong[number] = _("The municipality asked for %(asked)s kr.") % {"asked": asked[number]}
    if wrong:
        raise ValidationError(wrong)
    total = sum(shares.values())
    if 0 < total < (application.least_amount or 0):
        raise ValidationError(_("The application needs at least %(least)s kr.") % {"least": application.least_amount})
    _check_totals(line, shares, total)


def _check_totals(line: Line, shares: dict[str, int], total: int) -> None:
    """That the pot and every municipality's cap hold with the other lines as they stand."""
    others = [other for other in line.scenario.lines.all() if other.pk != line.pk]
    pot, cap = line.scenario.parameters["pot"], line.scenario.parameters["cap_per_municipality"]
    left = pot - sum(other.final_amount for other in others)
    if total > left:
        raise ValidationError(_("Only %(left)s kr is left of the pot. Lower another line first.") % {"left": left})
    got: dict[str, int] = dict(shares)
    for other in others:
        for share in other.final_shares:
            got[share["municipality"]] = got.get(share["municipality"], 0) + share["amount"]
    over = sorted(number for number in shares if got[number] > cap)
    if over:
        raise ValidationError(
            dict.fromkeys(over, _("The municipality would get more than the cap of %(cap)s kr.") % {"cap": cap})
        )


def _check_may_propose(by: Any) -> None:
    if not by.has_perm("grants.propose_allocation"):
        raise PermissionDenied("grants.propose_allocation")
