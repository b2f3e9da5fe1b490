"""An application's own pages: read, receipt, withdraw, and what staff do with it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions.application import action_to_settle, actions_on_application, actions_on_receipt, rules_to_judge
from grants.forms.application import ApplicationFilter, DismissForm, WaiverForm
from grants.lifecycle import APPLICATION, LINE, ApplicationState
from grants.models import Application, Attachment, Submission
from grants.reading.snapshot import snapshot_of
from grants.rules import eligibility, scores
from grants.services import application as services
from grants.views.writing import writing_page
from ksf.jobs.models import Job
from ksf.web import render_page
from ksf.web.confirming import confirm_first
from ksf.web.lists import FieldColumn, export_fields, paged, wants_export
from ksf.web.requests import Request, SignedInRequest
from ksf.web.stages import Stage

COLUMNS = [
    FieldColumn(gettext_lazy("Number"), "number"),
    FieldColumn(gettext_lazy("Call"), "call__slug"),
    FieldColumn(gettext_lazy("Cluster"), "cluster__name"),
    FieldColumn(gettext_lazy("Region"), "cluster__lead_region__name"),
    FieldColumn(gettext_lazy("Motor municipality"), "motor__name"),
    FieldColumn(gettext_lazy("State"), "state", ApplicationState.choices),
    FieldColumn(gettext_lazy("Asked for, kr"), "asked"),
    FieldColumn(gettext_lazy("Least amount, kr"), "least_amount"),
    FieldColumn(gettext_lazy("Handed in"), "submitted_at"),
]


@require_safe
def application_list(request: SignedInRequest) -> HttpResponseBase:
    """The applications one may open, filtered and sorted; all of them as a file."""
    form = ApplicationFilter(request.GET or None, user=request.user)
    rows = form.rows(Application.objects.visible_to(request.user).for_table())
    if wants_export(request):
        return export_fields(request, rows, COLUMNS, "soknader")
    context = {"page": paged(request, rows), "form": form}
    return render_page(request, "grants/application_list.html", context, partial="rows")


@require_safe
def application_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """The page one writes on while it is being written by oneself; else as it stands or was handed in."""
    applications = Application.objects.visible_to(request.user)
    own = applications.written_by(request.user).select_related("call", "cluster", "motor").filter(pk=pk).first()
    if own and APPLICATION.allows("submit", own, by=request.user):
        return writing_page(request, own.filled())
    found = get_object_or_404(applications.for_list().with_decision(), pk=pk)
    return render_page(request, "grants/application.html", _reading(request, found))


def _reading(request: Request, found: Application) -> dict[str, Any]:
    submission = found.latest_submission if found.submitted_at else None
    found = found if submission else found.filled()
    findings = (
        eligibility.sealed(submission.snapshot["eligibility"])
        if submission
        else eligibility.examine(found, timezone.now())
    )
    may_assess = request.user.has_perm("grants.assess_application", found)
    is_involved = may_assess or request.user.has_perm("grants.write_application", found)
    summary = scores.of_call(found.call).get(found.pk) if may_assess and found.submitted_at else None
    return {
        "application": found,
        "submission": submission,
        "sealed": submission.snapshot if submission else snapshot_of(found, findings, timezone.now()),
        "rules": rules_to_judge(request.user, found, findings) if is_involved else [],
        "award": found.award if found.state == ApplicationState.AWARDED else None,
        "actions": actions_on_application(request.user, found, submission),
        "stages": _stages(found, submission),
        "is_involved": is_involved,
        "summary": summary,
        "may_settle": found.is_under_review,
        "criteria": [
            (criterion, points, is_joint, action_to_settle(found, criterion, is_joint=is_joint))
            for criterion, points, is_joint in (scores.by_criterion(found.call, summary) if summary else [])
        ],
    }


def _stages(found: Application, submission: Submission | None) -> list[Stage]:
    """From draft to decision, with the days; none for what is withdrawn or dismissed."""
    decided = found.decision
    on = {
        ApplicationState.SUBMITTED: submission and submission.submitted_at,
        ApplicationState.AWARDED: decided and decided.decided_at,
    }
    state = ApplicationState.AWARDED if found.state == ApplicationState.REJECTED else found.state
    if state not in LINE:
        return []
    labels = {**{step: str(step.label) for step in LINE}, ApplicationState.AWARDED: _("Decision")}
    here = LINE.index(ApplicationState(state))
    is_over = state == ApplicationState.AWARDED
    return [
        Stage(labels[step], place < here or is_over, place == here and not is_over, on.get(step))
        for place, step in enumerate(LINE)
    ]


@require_safe
def application_receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """When it was received, with the checksum and the sealed PDF."""
    found = _visible(request, pk)
    submission = found.latest_submission
    if submission is None:
        raise Http404
    job = None if submission.document else Job.objects.about(found).filter(kind="grants.application_pdf").first()
    actions = actions_on_receipt(found, submission, job)
    context = {"application": found, "submission": submission, "actions": actions}
    return render_page(request, "grants/application_receipt.html", context)


@require_http_methods(["GET", "POST"])
def application_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once, then withdraw."""
    found = _visible(request, pk)
    APPLICATION.check("withdraw", found, by=request.user)
    if request.method == "POST":
        services.withdraw(found, by=request.user)
        messages.success(request, _("The application is withdrawn. Nothing you have written is lost."))
        return redirect(found)
    return render_page(request, "grants/application_withdraw.html", {"application": found})


@require_POST
def application_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on writing what was withdrawn."""
    found = _visible(request, pk)
    services.reopen(found, by=request.user)
    return redirect(found)


@require_http_methods(["GET", "POST"])
@confirm_first
def application_waive(request: SignedInRequest, pk: int, rule: str) -> HttpResponse:
    """Let a rule not bind an application, with the reason."""
    found = _visible(request, pk)
    if not request.user.has_perm("grants.waive_rule", found):
        raise PermissionDenied("grants.waive_rule")
    finding = next(
        (f for f in eligibility.examine(found.filled(), timezone.now()) if f.code == rule and f.can_be_waived), None
    )
    if finding is None:
        raise Http404
    form = WaiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.waive(found, rule, by=request.user, **form.cleaned_data)
        messages.success(request, _("The exception is made, and the applicant is notified."))
        return redirect(found)
    context = {"application": found, "finding": finding, "form": form}
    return render_page(request, "grants/application_waive.html", context, status=422 if form.errors else 200)


@require_POST
def application_take_back_waiver(request: SignedInRequest, pk: int, rule: str) -> HttpResponse:
    """Let a rule bind an application again."""
    found = _visible(request, pk)
    services.take_back_waiver(found, rule, by=request.user)
    messages.success(request, _("The exception is taken back, and the applicant is notified."))
    return redirect(found)


@require_http_methods(["GET", "POST"])
@confirm_first
def application_dismiss(request: SignedInRequest, pk: int) -> HttpResponse:
    """Dismiss what does not meet the rules, with the grounds."""
    found = _visible(request, pk)
    APPLICATION.check("dismiss", found, by=request.user)
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.dismiss(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The application is dismissed, and the applicant gets a letter."))
        return redirect(found)
    context = {"application": found, "form": form}
    return render_page(request, "grants/application_dismiss.html", context, status=422 if form.errors else 200)


@require_safe
def attachment(request: SignedInRequest, pk: int, file: int) -> HttpResponse:
    """A file as it was attached, always as a download."""
    found = _visible(request, pk)
    row = get_object_or_404(Attachment, application=found, pk=file)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=row.name),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }
    return HttpResponse(bytes(row.content), content_type=row.content_type, headers=headers)


def _visible(request: Request, pk: int) -> Application:
    return get_object_or_404(Application.objects.visible_to(request.user).for_list(), pk=pk)
