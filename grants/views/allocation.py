"""Computing and comparing allocations, changing a line, proposing and deciding (G7, G8)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions.allocation import (
    action_to_change,
    action_to_choose,
    actions_on_allocation,
    actions_on_proposal,
    is_to_be_divided,
)
from grants.forms.allocation import CompareForm, LineForm, ProposeForm, ScenarioForm, SendBackForm
from grants.lifecycle import PROPOSAL, CallState, ProposalState
from grants.models import Call, Line, Proposal, ScenarioKind
from grants.reading import comparison
from grants.services import allocation as services
from grants.services import decision
from ksf.web import render_page
from ksf.web.actions import Action
from ksf.web.confirming import confirm_first
from ksf.web.limits import limited
from ksf.web.lists import ExportColumn, export, wants_export
from ksf.web.requests import Request, SignedInRequest

SHOWN = 2
"""Scenarios beside each other; where there are more, one chooses which."""


@require_safe
def allocation_page(request: SignedInRequest, slug: str) -> Any:
    """Two scenarios beside each other, application by application; all of them below."""
    call = _call(request, slug)
    proposal = call.proposals.live().first()
    found = comparison.outcomes(list(call.scenarios.computed().order_by("pk")))
    mine, other = _chosen(request, found, proposal)
    rows = comparison.compare(mine, other) if mine else []
    if rows and wants_export(request):
        return export(request, rows, _columns(mine, other), f"fordeling-{call.slug}")
    actions = actions_on_allocation(request.user, call, proposal, is_first=not found)
    context = {
        "call": call,
        "lead": _lead(call),
        "proposal": proposal,
        "actions": actions,
        "outcomes": found,
        "mine": mine,
        "other": other,
        "sides": [_side(one, call, proposal, is_first=one is mine) for one in (mine, other) if one],
        "lacks_other": bool(mine and not other and actions.compute),
        "rows": [(row, action_to_change(request.user, call, row.mine, proposal)) for row in rows],
        "form": _compare_form(found, mine, other),
        "has_more": len(found) > SHOWN,
        "unfinished": call.scenarios.being_computed().select_related("job").first(),
        "asked": sum(row.asked for row in rows),
    }
    return render_page(request, "grants/allocation.html", context)


def _lead(call: Call) -> str:
    """What the page is for now."""
    if is_to_be_divided(call):
        return _("Compare two ways to divide the money, choose one, and send it to the lead for decision.")
    if call.state == CallState.DECIDED:
        return _("The call is decided. This is what the decision was made from.")
    return _("The money is divided when the call is closed and every application is reviewed.")


@dataclass(frozen=True)
class ScenarioSide:
    """One of the two scenarios beside each other; ``css`` is its look, the first as if it were chosen."""

    outcome: comparison.ScenarioOutcome
    css: str
    is_chosen: bool
    choose: Action | None


def _side(
    outcome: comparison.ScenarioOutcome, call: Call, proposal: Proposal | None, *, is_first: bool
) -> ScenarioSide:
    scenario = outcome.scenario
    return ScenarioSide(
        outcome=outcome,
        css="chosen" if is_first else "other",
        is_chosen=proposal is not None and proposal.scenario_id == scenario.pk,
        choose=action_to_choose(call, scenario, outcome.letter, proposal, is_likely=is_first),
    )


def _chosen(
    request: Request, found: list[comparison.ScenarioOutcome], proposal: Proposal | None
) -> tuple[comparison.ScenarioOutcome | None, comparison.ScenarioOutcome | None]:
    """The two asked for in the address; else the chosen one (or the newest optimum) and the newest other kind."""
    by_pk = {str(outcome.scenario.pk): outcome for outcome in found}
    newest = found[::-1]
    optimum = next((one for one in newest if one.scenario.kind == ScenarioKind.OPTIMUM), None)
    chosen = by_pk.get(str(proposal.scenario_id)) if proposal else optimum
    mine = by_pk.get(request.GET.get("a", "")) or chosen or next(iter(newest), None)
    others = [one for one in newest if one is not mine]
    strict = next((one for one in others if one.scenario.kind == ScenarioKind.STRICT), None)
    other = by_pk.get(request.GET.get("b", "")) or strict or next(iter(others), None)
    return mine, other if other is not mine else None


def _compare_form(
    found: list[comparison.ScenarioOutcome],
    mine: comparison.ScenarioOutcome | None,
    other: comparison.ScenarioOutcome | None,
) -> CompareForm:
    choices = [(one.scenario.pk, f"{one.letter}. {one.scenario.get_kind_display()}") for one in found]
    chosen = {"a": mine and mine.scenario.pk, "b": other and other.scenario.pk}
    return CompareForm(initial=chosen, choices=choices)


def _columns(mine: comparison.ScenarioOutcome | None, other: comparison.ScenarioOutcome | None) -> list[ExportColumn]:
    first, second = (mine.letter if mine else "A"), (other.letter if other else "")
    columns = [
        ExportColumn(_("Number"), lambda row: row.application.number),
        ExportColumn(_("Cluster"), lambda row: row.application.cluster.name),
        ExportColumn(_("Region"), lambda row: row.application.cluster.lead_region.name),
        ExportColumn(_("Score"), lambda row: float(round(row.line.score, 2))),
        ExportColumn(_("Asked for, kr"), lambda row: row.asked),
        ExportColumn(_("%(letter)s, kr") % {"letter": first}, lambda row: row.mine.final_amount if row.mine else None),
    ]
    if other:
        label = _("%(letter)s, kr") % {"letter": second}
        columns.append(ExportColumn(label, lambda row: row.other.final_amount if row.other else None))
    return [*columns, ExportColumn(_("Why"), lambda row: row.why)]


@require_http_methods(["GET", "POST"])
@limited("compute")
def allocation_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for one scenario or for both kinds; the page of the job shows how far it has come."""
    call = _call(request, slug)
    form = ScenarioForm(request.POST or None, call=call)
    if request.method == "POST" and form.is_valid():
        try:
            first, *_rest = [
                services.compute(call, kind=kind, by=request.user, **form.limits()) for kind in form.kinds()
            ]
        except services.NotComputable as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("job", pk=first.job_id)
    context = {"call": call, "form": form}
    return render_page(request, "grants/allocation_new.html", context, status=422 if form.errors else 200)


@require_POST
def allocation_choose(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Choose the scenario that is to be proposed."""
    scenario = get_object_or_404(_call(request, slug).scenarios.computed(), pk=pk)
    services.choose(scenario, by=request.user)
    messages.success(request, _("Chosen. You can change an amount with a reason, and then send it for decision."))
    return redirect("allocation", slug)


@require_http_methods(["GET", "POST"])
def allocation_line(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Put other shares in place of the computed ones, with a reason."""
    call, line = _line(request, slug, pk)
    form = LineForm(request.POST or None, line=line)
    if request.method == "POST" and form.is_valid():
        try:
            services.override(line, shares=form.shares(), reason=form.cleaned_data["reason"], by=request.user)
        except services.WrongShares as wrong:
            form.add_wrong_shares(wrong.errors, wrong.whole)
        else:
            messages.success(request, _("The amount is changed."))
            return redirect("allocation", slug)
    context = {"call": call, "line": line, "form": form}
    return render_page(request, "grants/allocation_line.html", context, status=422 if form.errors else 200)


@require_POST
def allocation_restore(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Take the computed amount back."""
    _found, line = _line(request, slug, pk)
    services.undo_override(line, by=request.user)
    messages.success(request, _("The computed amount is back."))
    return redirect("allocation", slug)


@require_safe
def proposal(request: SignedInRequest, slug: str) -> HttpResponse:
    """What is proposed, what stands in the way, and the steps one may take."""
    return _proposal_page(request, _proposal(request, slug))


def _proposal_page(request: Request, found: Proposal, *, status: int = 200, **forms: Any) -> HttpResponse:
    (outcome,) = comparison.outcomes([found.scenario])
    rows = comparison.compare(outcome, None)
    actions = actions_on_proposal(request.user, found)
    may_act = actions.propose or actions.decide
    is_decided = found.state == ProposalState.DECIDED
    context = {
        "name": _("The decision") if is_decided else _("Proposal"),
        "heading": _("The decision") if is_decided else _("Proposal for decision"),
        "next_heading": _("Send it to the lead") if actions.propose else _("Decide as proposed"),
        "call": found.call,
        "proposal": found,
        "outcome": outcome,
        "rows": rows,
        "asked": sum(row.asked for row in rows),
        "checks": decision.checks(found) if may_act else [],
        "actions": actions,
        "grounds": "" if actions.propose else found.grounds,
        "is_waiting": found.state == ProposalState.PROPOSED and not may_act,
        "propose_form": ProposeForm(initial={"grounds": found.grounds}),
        "send_back_form": SendBackForm(),
        **forms,
    }
    return render_page(request, "grants/proposal.html", context, status=status)


def _blocked(request: Request, found: Proposal, blocked: decision.Blocked, **forms: Any) -> HttpResponse:
    """The page again, with what stands in the way at the top."""
    return _proposal_page(request, found, obstacles=blocked.reasons, status=409, **forms)


@require_POST
@confirm_first
def proposal_propose(request: SignedInRequest, slug: str) -> HttpResponse:
    """Send the chosen allocation to the lead."""
    found = _proposal(request, slug)
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return _proposal_page(request, found, propose_form=form, form=form, status=422)
    try:
        decision.propose(found, by=request.user, **form.cleaned_data)
    except decision.Blocked as blocked:
        return _blocked(request, found, blocked, propose_form=form)
    messages.success(request, _("Sent to the lead, who decides."))
    return redirect("proposal", slug)


@require_POST
def proposal_send_back(request: SignedInRequest, slug: str) -> HttpResponse:
    """The lead sends it back with a note."""
    found = _proposal(request, slug)
    PROPOSAL.check("send_back", found, by=request.user)
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _proposal_page(request, found, send_back_form=form, form=form, status=422)
    decision.send_back(found, by=request.user, **form.cleaned_data)
    messages.success(request, _("Sent back to those who proposed it."))
    return redirect("proposal", slug)


@require_POST
@confirm_first
def proposal_decide(request: SignedInRequest, slug: str) -> HttpResponse:
    """Decide as proposed, or say what stands in the way."""
    found = _proposal(request, slug)
    try:
        decision.decide(found, by=request.user)
    except decision.Blocked as blocked:
        return _blocked(request, found, blocked)
    messages.success(request, _("Decided. The letters are being written, and the applicants are notified."))
    return redirect("proposal", slug)


def _call(request: Request, slug: str) -> Call:
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("pot__appropriation"), slug=slug)
    if not request.user.has_perm("grants.propose_allocation", call):
        raise PermissionDenied("grants.propose_allocation")
    return call


def _proposal(request: Request, slug: str) -> Proposal:
    call = _call(request, slug)
    return get_object_or_404(Proposal.objects.visible_to(request.user).live().for_page(), call=call)


def _line(request: Request, slug: str, pk: int) -> tuple[Call, Line]:
    call = _call(request, slug)
    lines = Line.objects.select_related("scenario", "application__cluster")
    return call, get_object_or_404(lines, pk=pk, scenario__call=call)
