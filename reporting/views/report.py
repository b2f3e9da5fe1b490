from collections.abc import Sequence
from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ksf.web import render_page
from ksf.web.confirming import confirm_first
from ksf.web.limits import limited
from ksf.web.requests import Request, SignedInRequest
from regions.models import Region
from reporting.actions import report_actions
from reporting.forms import AccountsForm, HandInForm, ReviewForm
from reporting.lifecycle import REPORT, REPORT_WRITING, SectionState
from reporting.models import GrantUse, RegionalReport
from reporting.reading.reports import comments_of, plan_of
from reporting.rules.completeness import ReportContents, SectionContents, contents_of
from reporting.services import report as services


def report_or_404(request: Request, year: int, region: str) -> RegionalReport:
    """The report, if the user may open it."""
    visible = RegionalReport.objects.visible_to(request.user).for_page().defer("snapshot")
    return get_object_or_404(visible, year=year, region__slug=region)


@require_safe
def regional_report(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    report = report_or_404(request, year, region)
    form = HandInForm(is_late=services.is_late(report))
    return _page(request, report, contents_of(report), form)


def _page(
    request: Request, report: RegionalReport, contents: ReportContents, form: HandInForm, errors: Sequence[str] = ()
) -> HttpResponse:
    actions = report_actions(request.user, report, plan_of(report, request.user))
    context = {
        "report": report,
        "contents": contents,
        "parts": [(part, _write_url(part) if actions.may_write else "") for part in contents.parts],
        "deadline": "" if report.is_closed else _("New deadline") if report.resubmit_by else _("Deadline"),
        "asks_for_changes": bool(not report.is_closed and comments_of(report)),
        "returned": [part.section for part in contents.parts if part.section.state == SectionState.RETURNED],
        "actions": actions,
        "hand_in_form": form,
        "errors": errors,
    }
    return render_page(request, "reporting/regional_report.html", context, status=422 if errors else 200)


def _write_url(part: SectionContents) -> str:
    """Where the part is written; KS has closed those it has accepted."""
    return "" if part.section.state == SectionState.ACCEPTED else part.section.get_absolute_url()


@require_POST
def report_start(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    return redirect(services.start(get_object_or_404(Region, slug=region), year, by=request.user))


@require_POST
def report_refresh(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    report = services.refresh_figures(report_or_404(request, year, region), by=request.user)
    messages.success(request, _("The figures are fetched again."))
    return redirect(report)


@require_POST
def report_hand_in(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    report = report_or_404(request, year, region)
    form = HandInForm(request.POST, is_late=services.is_late(report))
    form.full_clean()
    try:
        services.hand_in(report, **form.cleaned_data, by=request.user)
    except ValidationError as error:
        return _page(request, report, contents_of(report), form, error.messages)
    messages.success(request, _("The report is handed in to KS."))
    return redirect(report)


@require_http_methods(["GET", "POST"])
def report_review(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    """KS' page for returning: a field per section."""
    report = report_or_404(request, year, region)
    REPORT.check("return", report, by=request.user)
    contents = contents_of(report)
    form = ReviewForm(request.POST or None, parts=[part for part in contents.parts if part.section.state == "done"])
    if form.is_valid():
        services.give_back(
            report, comments=form.comments(), resubmit_by=form.cleaned_data["resubmit_by"], by=request.user
        )
        messages.success(request, _("The report is returned. The coordinator and the host are notified."))
        return redirect(report)
    context = {"report": report, "contents": contents, "form": form}
    return render_page(request, "reporting/report_review.html", context, status=422 if form.is_bound else 200)


@require_POST
@confirm_first
def report_approve(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    report = services.approve(report_or_404(request, year, region), by=request.user)
    messages.success(request, _("The report is approved and sealed. Its PDF is being made."))
    return redirect(report)


@require_http_methods(["GET", "POST"])
@limited("file")
def report_accounts(request: SignedInRequest, year: int, region: str) -> HttpResponseBase:
    """The accounts of the operating grant: fetched by those who may open the report, attached by its writers."""
    report = report_or_404(request, year, region)
    if request.method == "GET":
        return _download(request, report)
    REPORT_WRITING.check("write", report, by=request.user)
    form = AccountsForm(request.POST, request.FILES)
    if form.is_valid():
        services.attach_accounts(report, file=form.cleaned_data["file"], by=request.user)
        messages.success(request, _("The accounts are attached."))
    else:
        messages.error(request, " ".join(str(error) for error in form.errors["file"]))
    return redirect("report_section", year, region, "grant_use")


def _download(request: Request, report: RegionalReport) -> HttpResponseBase:
    """The file itself; one is never written over, so its name in the storage is its tag."""
    use = get_object_or_404(GrantUse, report=report)
    if not use.attachment:
        raise Http404
    etag = quote_etag(sha256(str(use.attachment.name).encode()).hexdigest())
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    file = use.attachment.open()
    return FileResponse(file, as_attachment=True, filename=use.attachment_name, headers={"ETag": etag})
