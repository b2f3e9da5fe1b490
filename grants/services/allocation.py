"""Computing scenarios, comparing them, and changing a line with a reason (G7, G8)."""

import hashlib
import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Cluster
from grants.allocation import InputError, Problem, parse
from grants.lifecycle import PROPOSAL, PROPOSAL_ACTIONS, CallState, ProposalState
from grants.models import Application, ApplicationMember, Call, Line, Proposal, Scenario
from grants.rules import scores
from ksf import audit, jobs
from ksf.accounts.models import User
from ksf.steps import lock, take
from ksf.web.numbers import kroner
from regions.models import Region

STEP = 1_000
"""Awards and shares are whole thousands of kroner (G7)."""
SCORE_DIGITS = Decimal("0.0000000001")


class NotComputable(Exception):
    """Why no allocation can be computed from the call as it is, in the reader's language."""


class NotComputed(Exception):
    """The scenario is not ready to be chosen."""


class WrongShares(Exception):
    """Shares that cannot stand; ``errors`` by municipality number, ``whole`` about the sum."""

    def __init__(self, errors: dict[str, str] | None = None, whole: str = "") -> None:
        self.errors, self.whole = errors or {}, whole
        super().__init__(whole or "; ".join(self.errors.values()))


def problem_of(call: Call, *, pot: int, cap: int) -> dict[str, Any]:
    """What the allocation of ``call`` is computed from, as the allocation reads it. Amounts in kroner.

    Raises NotComputable naming the applications that have no score yet.
    """
    judged = Application.objects.filter(call=call).under_review()
    established = Cluster.objects.established().filter(lead_region=OuterRef("pk"))
    rows = list(judged.select_related("cluster__lead_region").order_by("number"))
    members = ApplicationMember.objects.filter(application__in=rows, amount__gt=0).select_related("municipality")
    regions = Region.objects.annotate(has_established_cluster=Exists(established))
    summaries = scores.of_call(call)
    unscored = [row.number for row in rows if row.pk not in summaries or summaries[row.pk].score is None]
    if unscored:
        raise NotComputable(
            _("These applications have no complete review yet: %(numbers)s.") % {"numbers": ", ".join(unscored)}
        )
    asking = defaultdict(list)
    for member in sorted(members, key=lambda one: one.municipality.number):
        asking[member.application_id].append(member)
    asked = {member.municipality for member in members}
    return {
        "pot": pot,
        "cap_per_municipality": cap,
        "step": STEP,
        "regions": [
            {"id": region.slug, "has_established_cluster": region.has_established_cluster} for region in regions
        ],
        "municipalities": [
            {"id": municipality.number, "population": municipality.population}
            for municipality in sorted(asked, key=lambda one: one.number)
        ],
        "applications": [_application(row, summaries[row.pk].score, asking[row.pk]) for row in rows],
    }


def _application(row: Application, score: Fraction | None, asking: list[ApplicationMember]) -> dict[str, Any]:
    return {
        "id": row.number,
        "region": row.cluster.lead_region.slug,
        "score": format(exact(score), "f"),
        "least": row.least_amount or 0,
        "requests": [{"municipality": one.municipality.number, "asked": one.amount} for one in asking],
    }


def exact(score: Fraction | None) -> Decimal:
    """The score with ten decimals, rounded half up; a mean over three reviewers has no end of its own."""
    value = score or Fraction(0)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(SCORE_DIGITS, ROUND_HALF_UP).normalize()


def problem_in(data: dict[str, Any]) -> Problem:
    """The problem kept as JSON, where scores are text so that they stay exact."""
    applications = [{**row, "score": Decimal(row["score"])} for row in data["applications"]]
    return parse({**data, "applications": applications})


def hash_of(problem: dict[str, Any]) -> str:
    """The checksum by which a changed input is known."""
    return hashlib.sha256(json.dumps(problem, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def compute(call: Call, *, kind: str, pot: int, cap: int, by: User) -> Scenario:
    """Ask for a scenario of a closed call and return it; Celery fills it in (G7). Raises NotComputable."""
    call = lock(call)
    _check_may_propose(by)
    if call.state != CallState.CLOSED:
        raise NotComputable(_("An allocation is computed when the call is closed and not yet decided."))
    if pot > call.pot.amount:
        raise NotComputable(_("The pot of the year holds %(amount)s.") % {"amount": kroner(call.pot.amount)})
    if cap > call.cap_per_municipality:
        raise NotComputable(
            _("The call lets no municipality get more than %(cap)s.") % {"cap": kroner(call.cap_per_municipality)}
        )
    problem = problem_of(call, pot=pot, cap=cap)
    if not problem["applications"]:
        raise NotComputable(_("No application is under review in this call."))
    try:
        problem_in(problem)
    except InputError as error:
        raise NotComputable(str(error)) from error
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
        next_url=reverse("allocation", args=[call.slug]),
        scenario=scenario.pk,
    )
    scenario.save(update_fields=["job"])
    audit.record("scenario.requested", scenario, by=by, kind=kind, pot=pot, cap=cap)
    return scenario


@transaction.atomic
def choose(scenario: Scenario, *, by: User) -> Proposal:
    """Make the scenario the one to be proposed; another that was chosen is dropped. Returns the proposal.

    Raises NotComputed, and StepNotAllowed when another is sent for decision already.
    """
    call = lock(scenario.call)
    _check_may_propose(by)
    if scenario.computed_at is None:
        raise NotComputed
    live = call.proposals.live().first()
    if live is not None:
        if live.scenario_id == scenario.pk:
            return live
        take(PROPOSAL, "drop", live, by=by)
    proposal = Proposal.objects.create(call=call, scenario=scenario, chosen_by=by)
    audit.record("proposal.chosen", proposal, by=by, scenario=scenario.pk)
    return proposal


@transaction.atomic
def override(line: Line, *, shares: dict[str, int], reason: str, by: User) -> Line:
    """Put other shares (kroner by municipality number) in place of the computed ones, and say why (G8).

    All shares 0 is a rejection. Raises WrongShares where a share is more than asked, not a whole thousand, the sum
    is under the least amount, or a cap or the pot would break.
    """
    proposal = _chosen_proposal(line, by)
    check_shares(line.application, shares)
    _check_totals(line, shares, sum(shares.values()))
    line.override_shares = [{"municipality": n, "amount": amount} for n, amount in sorted(shares.items()) if amount]
    line.override_amount = sum(shares.values())
    line.override_reason, line.overridden_by, line.overridden_at = reason, by, timezone.now()
    line.save(update_fields=["override_shares", "override_amount", "override_reason", "overridden_by", "overridden_at"])
    changed = [line.amount, line.override_amount]
    number = line.application.number
    audit.record("proposal.line_changed", proposal, by=by, application=number, reason=reason, amount=changed)
    return line


@transaction.atomic
def undo_override(line: Line, *, by: User) -> Line:
    """Take the computed amount back."""
    proposal = _chosen_proposal(line, by)
    before, line.override_amount = line.override_amount, None
    line.override_shares, line.override_reason = [], ""
    line.overridden_by = line.overridden_at = None
    line.save(update_fields=["override_shares", "override_amount", "override_reason", "overridden_by", "overridden_at"])
    audit.record(
        "proposal.line_restored", proposal, by=by, application=line.application.number, amount=[before, line.amount]
    )
    return line


def _chosen_proposal(line: Line, by: User) -> Proposal:
    """The proposal the line belongs to, locked, while it may still be changed."""
    proposal = Proposal.objects.select_for_update(of=("self",)).live().filter(scenario=line.scenario_id).first()
    _check_may_propose(by)
    if proposal is None:
        raise NotComputed
    if proposal.state != ProposalState.CHOSEN:
        raise PROPOSAL_ACTIONS.refusal("change", proposal)
    return proposal


def check_shares(application: Application, shares: dict[str, int]) -> None:
    """That shares (kroner by municipality number) are what one may give the application. Raises WrongShares."""
    asked = {member.municipality.number: member.amount for member in application.members.select_related("municipality")}
    wrong = {}
    for number, amount in shares.items():
        if number not in asked:
            wrong[number] = _("The municipality does not take part in the application.")
        elif amount < 0 or amount % STEP:
            wrong[number] = _("Write a whole number of thousands.")
        elif amount > asked[number]:
            wrong[number] = _("The municipality asked for %(asked)s.") % {"asked": kroner(asked[number])}
    if wrong:
        raise WrongShares(wrong)
    total = sum(shares.values())
    if 0 < total < (application.least_amount or 0):
        least = kroner(application.least_amount or 0)
        text = _("The application needs at least %(least)s. Give that, or nothing.")
        raise WrongShares(whole=text % {"least": least})


def _check_totals(line: Line, shares: dict[str, int], total: int) -> None:
    """That the pot and every municipality's cap hold with the other lines as they stand."""
    others = [other for other in line.scenario.lines.all() if other.pk != line.pk]
    pot, cap = line.scenario.parameters["pot"], line.scenario.parameters["cap_per_municipality"]
    left = pot - sum(other.final_amount for other in others)
    if total > left:
        raise WrongShares(
            whole=_("Only %(left)s is left of the pot. Lower another application first.") % {"left": kroner(left)}
        )
    got = dict(shares)
    for other in others:
        for share in other.final_shares:
            got[share["municipality"]] = got.get(share["municipality"], 0) + share["amount"]
    over = _("The municipality would get more than %(cap)s in all.") % {"cap": kroner(cap)}
    wrong = {number: over for number, amount in shares.items() if amount and got[number] > cap}
    if wrong:
        raise WrongShares(wrong)


def _check_may_propose(by: User) -> None:
    if not by.has_perm("grants.propose_allocation"):
        raise PermissionDenied("grants.propose_allocation")
