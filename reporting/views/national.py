from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ksf.web import render_page
from ksf.web.confirming import confirm_first
from ksf.web.limits import limited
from ksf.web.lists import export, wants_export
from ksf.web.requests import Request, SignedInRequest
from reporting.actions import national_actions
from reporting.models import NationalReport
from reporting.national import sheet
from reporting.national.page import page_context
from reporting.services import national as services


@require_safe
@login_not_required
def national_report(request: Request, year: int) -> HttpResponseBase:
    """The year's national report: for all when published, before that for KSF nationally."""
    report = get_object_or_404(NationalReport.objects.visible_to(request.user).defer("draft"), year=year)
    data = report.contents
    if wants_export(request):
        return export(request, sheet.rows(data), sheet.COLUMNS, f"ksf-{year}")
    context = {
        **page_context(data),
        "report": report,
        "actions": national_actions(request.user, report),
    }
    return render_page(request, "reporting/national_report.html", context)


@require_POST
@limited("compute")
def national_build(request: SignedInRequest, year: int) -> HttpResponse:
    return redirect(services.request_build(year, by=request.user))


@require_POST
@confirm_first
def national_publish(request: SignedInRequest, year: int) -> HttpResponse:
    report = get_object_or_404(NationalReport.objects.visible_to(request.user), year=year)
    services.publish(report, by=request.user)
    messages.success(request, _("The report is published. Its PDF is being sealed."))
    return redirect(report)


@require_safe
def national_draft(request: SignedInRequest, year: int) -> HttpResponse:
    """The draft's PDF, for KSF nationally before the report is published."""
    report = get_object_or_404(NationalReport.objects.visible_to(request.user), year=year)
    if report.draft is None:
        raise Http404
    return HttpResponse(
        bytes(report.draft),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="ksf-{year}-utkast.pdf"'},
    )
