"""The decision on an application, its acceptance, and the public list of awards (G9, G10)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions.award import actions_on_decision
from grants.forms.award import DeclineForm
from grants.lifecycle import AWARD, ApplicationState, AwardState
from grants.models import Application, Award, Call
from grants.models.award import LEAST_SHARE, MADE_BY_HAND
from grants.services import award as services
from ksf.web import render_page
from ksf.web.confirming import confirm_first
from ksf.web.lists import ExportColumn, export, paged, wants_export
from ksf.web.numbers import kroner
from ksf.web.requests import Request, SignedInRequest
from regions.models import Municipality

COLUMNS = [
    ExportColumn(gettext_lazy("Cluster"), lambda row: row.application.cluster.name),
    ExportColumn(gettext_lazy("Region"), lambda row: row.application.cluster.lead_region.name),
    ExportColumn(gettext_lazy("Motor municipality"), lambda row: row.application.motor.name),
    ExportColumn(gettext_lazy("Organisation number"), lambda row: row.application.motor.org_number),
    ExportColumn(
        gettext_lazy("Municipalities"), lambda row: ", ".join(str(share.municipality) for share in row.shares.all())
    ),
    ExportColumn(gettext_lazy("Amount, kr"), lambda row: row.amount),
    ExportColumn(gettext_lazy("Decided"), lambda row: row.decided_at),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display()),
]


@login_not_required
@require_safe
def award_list(request: Request, slug: str) -> HttpResponseBase:
    """The awards of a call, open to all."""
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("pot__appropriation"), slug=slug)
    awards = Award.objects.visible_to(request.user).of_call(call).for_list().with_shares()
    if wants_export(request):
        return export(request, awards, COLUMNS, f"tildelinger-{call.slug}")
    context = {"call": call, "page": paged(request, awards), "total": awards.live().total()}
    return render_page(request, "grants/award_list.html", context, partial="rows")


@require_safe
def application_decision(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was decided, the letter, and what one may do about it."""
    return _decision_page(request, decided(request, pk))


def _decision_page(request: Request, found: Application, *, status: int = 200, **more: Any) -> HttpResponse:
    award = found.award.filled() if hasattr(found, "award") else None
    complaints = found.complaints.select_related("handled_by")
    is_by_rule = award is not None and award.amount < found.asked and MADE_BY_HAND not in award.reason
    context = {
        "application": found,
        "award": award,
        "decision": found.decision,
        "outcome": _outcome(found, award),
        "is_dismissed": found.state == ApplicationState.INELIGIBLE,
        "awaits_answer": award is not None and award.state == AwardState.DECIDED,
        "actions": actions_on_decision(request.user, found),
        "shares": _shares(found, award, is_by_rule=is_by_rule) if award else [],
        "is_by_rule": is_by_rule,
        "complaints": complaints.visible_to(request.user),
        "form": DeclineForm(),
        **more,
    }
    return render_page(request, "grants/application_decision.html", context, status=status)


def _outcome(found: Application, award: Award | None) -> str:
    """The decision in one line."""
    named = {"cluster": found.cluster}
    if award:
        return _("%(amount)s to %(cluster)s") % {**named, "amount": kroner(award.amount)}
    if found.state == ApplicationState.INELIGIBLE:
        return _("The application of %(cluster)s is dismissed") % named
    return _("%(cluster)s gets no money this time") % named


@dataclass(frozen=True)
class ShareRow:
    """What a municipality asked for and got, in kroner; ``is_least`` where it got no more than anybody must get."""

    municipality: Municipality
    asked: int
    given: int
    is_least: bool


def _shares(found: Application, award: Award, *, is_by_rule: bool) -> list[ShareRow]:
    """All who asked for something, also those who got nothing."""
    given = dict(award.shares.values_list("municipality", "amount"))
    members = found.members.select_related("municipality")
    rows = [(member.municipality, member.amount, given.get(member.municipality_id, 0)) for member in members]
    return [
        ShareRow(place, asked, got, is_least=is_by_rule and got == LEAST_SHARE < asked)
        for place, asked, got in rows
        if asked
    ]


@require_POST
@confirm_first
def award_accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Accept for the motor municipality."""
    found = decided(request, pk)
    try:
        services.accept(_award(found), by=request.user)
    except services.AnsweredTooLate:
        messages.error(request, _("The last day to accept has passed, so the grant has lapsed."))
    else:
        messages.success(request, _("The grant is accepted. What is to be delivered, and when, stands below."))
    return redirect("application_decision", pk)


@require_http_methods(["GET", "POST"])
def award_decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once, then decline."""
    found = decided(request, pk)
    AWARD.check("decline", _award(found), by=request.user)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decline(_award(found), by=request.user, **form.cleaned_data)
        except services.AnsweredTooLate:
            messages.error(request, _("The last day to answer has passed, so the grant has lapsed."))
        else:
            messages.success(request, _("You have declined the grant. It has no bearing on later applications."))
        return redirect("application_decision", pk)
    context = {"application": found, "award": _award(found), "form": form}
    return render_page(request, "grants/award_decline.html", context, status=422 if form.errors else 200)


def decided(request: Request, pk: int) -> Application:
    """A decided application the reader may open. Raises Http404 before the decision."""
    rows = Application.objects.visible_to(request.user).for_list().with_decision()
    found = get_object_or_404(rows, pk=pk)
    if found.decision is None:
        raise Http404
    return found


def _award(found: Application) -> Award:
    if not hasattr(found, "award"):
        raise Http404
    return found.award
