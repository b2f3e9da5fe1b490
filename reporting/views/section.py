"""Writing a section and looking behind a figure."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ksf.web import render_page
from ksf.web.lists import ExportColumn, export, paged, wants_export
from ksf.web.requests import Request, SignedInRequest
from ksf.web.writing import mark_saved
from reporting.actions import may_write_section, section_buttons
from reporting.figures import Record, figure_of
from reporting.figures.values import format_value
from reporting.forms import AccountsForm, FigureForm, SectionForm
from reporting.lifecycle import SECTION_WRITING, SectionState
from reporting.models import RegionalReport, ReportFigure, ReportSection
from reporting.models.indicators import Unit
from reporting.reading.reports import comments_of, sizes_of
from reporting.rules.completeness import ReportContents, SectionContents, contents_of
from reporting.services import report as services
from reporting.views.report import report_or_404

CONFLICT = 409
INVALID = 422


@require_http_methods(["GET", "POST"])
def report_section(request: SignedInRequest, year: int, region: str, code: str) -> HttpResponse:
    """One section: read by those who may, written by the coordinator, saved as it is typed."""
    report = report_or_404(request, year, region)
    contents = contents_of(report)
    part = _part(contents, code)
    if request.method == "GET":
        return _page(request, contents, part, SectionForm(part=part))
    SECTION_WRITING.check("write", part.section, by=request.user)
    form = SectionForm(request.POST, part=part)
    form.is_valid()
    conflicts = services.save_part(part.section, form.drafts(), by=request.user)
    if request.htmx:
        return _saved(request, report, code, form, conflicts)
    if conflicts or not form.is_valid():
        clashes = form.clashes(conflicts)
        return _page(request, contents, part, form, clashes=clashes, status=CONFLICT if conflicts else INVALID)
    return _step(request, part)


def _part(contents: ReportContents, code: str) -> SectionContents:
    try:
        return contents.part(code)
    except KeyError as error:
        raise Http404 from error


def _saved(
    request: SignedInRequest, report: RegionalReport, code: str, form: SectionForm, conflicts: list[services.Conflict]
) -> HttpResponse:
    """What autosave gets back: the versions it now has, and both texts where two have written."""
    changed_by_both = {(type(row.theirs), row.theirs.pk) for row in conflicts}
    fresh = SectionForm(part=_part(contents_of(report), code))
    unsaved = [
        form_row.version_field
        for form_row in form.form_rows
        if (type(form_row.row), form_row.row.pk) in changed_by_both
    ]
    context = {
        "versions": [field for field in fresh.versions() if field.name not in unsaved],
        "clashes": form.clashes(conflicts),
        "page_url": report.get_absolute_url(),
    }
    response = render_page(request, "reporting/section_saved.html", context, status=INVALID if conflicts else 200)
    mark_saved(response, is_saved=not conflicts and form.is_valid())
    return response


def _step(request: SignedInRequest, part: SectionContents) -> HttpResponse:
    """After saving: finish or reopen when that was asked for."""
    match request.POST.get("step"):
        case "finish":
            try:
                services.finish(part.section, by=request.user)
            except ValidationError as error:
                contents = contents_of(part.section.report)
                fresh = contents.part(part.section.code)
                return _page(request, contents, fresh, SectionForm(part=fresh), lacks=error.messages, status=INVALID)
            messages.success(request, _("“%(section)s” is finished.") % {"section": part.section})
            return redirect(_after(part))
        case "reopen":
            services.reopen(part.section, by=request.user)
        case _:
            messages.success(request, _("Saved."))
    return redirect(part.section)


def _after(part: SectionContents) -> RegionalReport | ReportSection:
    """Where the writer goes on: the next part that is not finished, from the top again, or the whole report."""
    contents = contents_of(part.section.report)
    left = [row.section for row in contents.parts if not row.is_finished]
    return next((row for row in left if row.order > part.section.order), left[0] if left else contents.report)


def _page(
    request: Request, contents: ReportContents, part: SectionContents, form: SectionForm, **extra: Any
) -> HttpResponse:
    status = extra.pop("status", 200)
    codes = [row.section.code for row in contents.parts]
    place = codes.index(part.section.code)
    context = {
        "report": contents.report,
        "contents": contents,
        "part": part,
        "form": form,
        "accounts_form": AccountsForm(),
        "comments": comments_of(contents.report).get(part.section.code, []),
        "comments_heading": _("KS asks for a change")
        if part.section.state == SectionState.RETURNED
        else _("KS has asked for a change"),
        "may_write": may_write_section(request.user, part.section),
        "buttons": section_buttons(request.user, part.section),
        "next_part": contents.parts[place + 1] if place + 1 < len(codes) else None,
        **extra,
    }
    return render_page(request, "reporting/report_section.html", context, status=status)


@require_http_methods(["GET", "POST"])
def report_figure(request: SignedInRequest, year: int, region: str, code: str) -> HttpResponseBase:
    """The records behind a figure, and the form that corrects it."""
    report = report_or_404(request, year, region)
    figure = get_object_or_404(ReportFigure.objects.select_related("indicator"), report=report, code=code)
    figure.report = report
    records = [Record(*row) for row in figure.records]
    if wants_export(request):
        return export(request, records, RECORD_COLUMNS, f"{code}-{year}-{region}")
    form = FigureForm(request.POST or None, initial={"corrected": figure.corrected, "explanation": figure.explanation})
    if request.method == "POST":
        section = report.sections.get(code=figure_of(code).section)
        SECTION_WRITING.check("write", section, by=request.user)
        if form.is_valid():
            services.correct_figure(figure, **form.cleaned_data, by=request.user)
            messages.success(request, _("The figure is saved. The portal's own figure is kept beside it."))
            return redirect("report_section", year, region, figure_of(code).section)
    return _figure_page(request, figure, records, form)


def _figure_page(request: Request, figure: ReportFigure, records: list[Record], form: FigureForm) -> HttpResponse:
    section = figure.report.sections.get(code=figure_of(figure.code).section)
    section.report = figure.report
    context = {
        "report": figure.report,
        "figure": figure,
        "definition": figure_of(figure.code),
        "section": section,
        "form": form,
        "computed": format_value(figure.computed, figure.unit),
        "value": format_value(figure.value, figure.unit),
        "page": paged(request, records, per_page=50),
        "may_write": may_write_section(request.user, section),
        "has_shares": figure.unit == Unit.PERCENT and figure.of is not None,
        "sizes": sizes_of(figure),
    }
    return render_page(request, "reporting/report_figure.html", context, status=INVALID if form.is_bound else 200)


RECORD_COLUMNS = [
    ExportColumn(gettext_lazy("Name"), lambda row: row.label),
    ExportColumn(gettext_lazy("Detail"), lambda row: row.detail),
    ExportColumn(gettext_lazy("Size"), lambda row: row.size),
    ExportColumn(gettext_lazy("Counts"), lambda row: int(row.counts)),
    ExportColumn(gettext_lazy("Address"), lambda row: row.url),
]
