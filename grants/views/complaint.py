"""Complaining about a decision, answering the complaint, and deciding again (G9)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from grants.actions.complaint import actions_on_complaint
from grants.forms.allocation import RedecisionForm
from grants.forms.award import AnswerComplaintForm, ComplaintForm
from grants.lifecycle import COMPLAINT
from grants.models import ApplicationMember, Complaint
from grants.services import complaint as complaints
from grants.services import redecision as services
from grants.services.allocation import WrongShares
from grants.views.award import decided
from ksf.web import render_page
from ksf.web.confirming import confirm_first
from ksf.web.requests import Request, SignedInRequest


@require_http_methods(["GET", "POST"])
def complaint_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Complain within three weeks."""
    found = decided(request, pk)
    if not request.user.has_perm("grants.complain", found):
        raise PermissionDenied("grants.complain")
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = complaints.complain(found, by=request.user, **form.cleaned_data)
        except complaints.ComplainedTooLate:
            text = _("The three weeks are over. Write to KSF if you were prevented from complaining in time.")
            form.add_error(None, text)
        except complaints.NothingDecided:
            form.add_error(None, _("A complaint about this decision is being handled already."))
        else:
            messages.success(request, _("The complaint is received."))
            return redirect(sent)
    context = {"application": found, "decision": found.decision, "form": form}
    return render_page(request, "grants/complaint_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def complaint_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """A complaint, its answer, and the new decision; for those who took no part in the first, the way on."""
    found = _visible(request, pk)
    if request.method != "POST":
        return _page(request, found)
    COMPLAINT.check("dismiss", found, by=request.user)
    form = AnswerComplaintForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    answer = {"uphold": complaints.uphold, "dismiss": complaints.dismiss}[form.cleaned_data["outcome"]]
    answer(found, answer=form.cleaned_data["answer"], by=request.user)
    messages.success(request, _("The answer is sent to the applicant."))
    return redirect(found)


def _page(request: Request, found: Complaint, *, status: int = 200, **forms: Any) -> HttpResponse:
    redecision = getattr(found, "redecision", None)
    actions = actions_on_complaint(request.user, found)
    bound = next(iter(forms.values()), None)
    context = {
        "complaint": found,
        "heading": _("Complaint from %(cluster)s") % {"cluster": found.application.cluster},
        "actions": actions,
        "redecision": redecision,
        "redecision_rows": _rows(found) if redecision else [],
        "may_handle": COMPLAINT.allows("dismiss", found, by=request.user),
        "took_part": request.user.is_national and not request.user.has_perm("grants.handle_complaint", found),
        "form": AnswerComplaintForm(),
        "redecision_form": RedecisionForm(complaint=found) if actions.propose else None,
        **forms,
    }
    return render_page(request, "grants/complaint.html", context, status=422 if bound and bound.errors else status)


def _rows(found: Complaint) -> list[tuple[ApplicationMember, int]]:
    """Who asked, and what each is given now, in kroner."""
    given = {share["municipality"]: share["amount"] for share in found.redecision.shares}
    members = found.application.members.select_related("municipality")
    return [(member, given.get(member.municipality.number, 0)) for member in members]


@require_POST
@confirm_first
def complaint_propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose what is given instead."""
    found = _visible(request, pk)
    if not request.user.has_perm("grants.propose_redecision", found):
        raise PermissionDenied("grants.propose_redecision")
    form = RedecisionForm(request.POST, complaint=found)
    if form.is_valid():
        try:
            services.propose(found, shares=form.shares(), grounds=form.cleaned_data["reason"], by=request.user)
        except WrongShares as wrong:
            form.add_wrong_shares(wrong.errors, wrong.whole)
        else:
            messages.success(request, _("Proposed. Another person, who took no part before, decides."))
            return redirect(found)
    return _page(request, found, redecision_form=form)


@require_POST
@confirm_first
def complaint_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decide as proposed, or say why it cannot be."""
    found = _visible(request, pk)
    if not hasattr(found, "redecision"):
        raise Http404
    try:
        services.decide(found.redecision, by=request.user)
    except WrongShares as wrong:
        messages.error(request, wrong.whole or " ".join(wrong.errors.values()))
    else:
        messages.success(request, _("Decided again. The letter is being written, and the applicant is notified."))
    return redirect(found)


def _visible(request: Request, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.user).for_page(), pk=pk)
