"""The only writer of regional reports (R2)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit, jobs
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.documents.services import fingerprint
from ksf.periods import today
from ksf.steps import lock, take
from ksf.writing.services import WriteConflict, keep_earlier
from regions.models import HostTerm, Region
from reporting.figures import Facts, all_figures
from reporting.figures.registry import Result
from reporting.lifecycle import REPORT, REPORT_WRITING, SECTION, SECTION_WRITING, SectionState
from reporting.models import (
    ActivityReport,
    GrantUse,
    Indicator,
    PlanActivity,
    RegionalReport,
    ReportFigure,
    ReportSection,
    SectionComment,
)
from reporting.models.report import report_due_on
from reporting.models.sections import SectionCode
from reporting.notifications import notify_region
from reporting.reading.snapshot import snapshot_of
from reporting.rules.completeness import contents_of

LONG_TEXTS = {"content", "remark"}
"""Of what is typed in a section, the texts whose earlier versions are kept."""


@dataclass(frozen=True)
class Draft:
    """What somebody wrote in one row, and the version of the row they saw when they began."""

    row: models.Model
    values: dict[str, Any]
    version: int


@dataclass(frozen=True)
class Conflict:
    """Two wrote in the same row: the saved row and what the other writer has. Neither is lost."""

    draft: Draft
    theirs: Any


@transaction.atomic
def start(region: Region, year: int, *, by: User) -> RegionalReport:
    """The region's report on ``year`` with its sections, prefilled with figures. Starting twice gives the same one."""
    if not by.has_perm("reporting.write", RegionalReport(region=region, year=year)):
        raise PermissionDenied("reporting.write")
    report, is_new = RegionalReport.objects.get_or_create(region=region, year=year)
    if not is_new:
        return report
    ReportSection.objects.bulk_create(
        ReportSection(report=report, code=code, order=order) for order, code in enumerate(SectionCode, start=1)
    )
    GrantUse.objects.create(report=report)
    ActivityReport.objects.bulk_create(
        [ActivityReport(activity=row) for row in PlanActivity.objects.filter(plan__region=region, plan__year=year)],
        ignore_conflicts=True,
    )
    audit.record("regional_report.start", report, by=by)
    return _fill(report)


@transaction.atomic
def refresh_figures(report: RegionalReport, *, by: User) -> RegionalReport:
    """Count everything again from the portal's records; what the region corrected or explained stays."""
    report = _open(report, by)
    audit.record("regional_report.refresh_figures", report, by=by)
    return _fill(report)


def _fill(report: RegionalReport) -> RegionalReport:
    facts = Facts(report.year)
    known = {row.code: row for row in Indicator.objects.for_year(report.year)}
    for figure in all_figures():
        values: dict[str, Any] = {"unit": figure.unit, "indicator": known.get(figure.indicator)}
        if figure.work:
            values |= _found(figure.work(facts, report.region))
            report.figures.filter(code=figure.code, explanation="").exclude(corrected=None).update(
                explanation=_("Written by the region before the portal counted it.")
            )
        ReportFigure.objects.update_or_create(report=report, code=figure.code, defaults=values)
    report.figures_at = timezone.now()
    report.save(update_fields=["figures_at"])
    return report


def _found(result: Result) -> dict[str, Any]:
    return {
        "count": result.count,
        "of": result.of,
        "sizes": {size: list(pair) for size, pair in result.sizes.items()},
        "records": [[row.label, row.detail, row.url, row.counts, row.size, row.weight] for row in result.records],
    }


@transaction.atomic
def save_part(section: ReportSection, drafts: list[Draft], *, by: User) -> list[Conflict]:
    """Save what one writer typed in a section. Each row is saved unless another writer changed it meanwhile.

    Returns the rows where both wrote: theirs stays saved, the writer's own is in the conflict. Raises
    PermissionDenied or StepNotAllowed when the section may not be written.
    """
    _open_section(section, by)
    conflicts = []
    for draft in drafts:
        try:
            _replace(draft, by)
        except WriteConflict as conflict:
            conflicts.append(Conflict(draft, conflict.theirs))
    return conflicts


def _replace(draft: Draft, by: User) -> None:
    row: Any = lock(draft.row)
    changes = audit.changes_of(row, draft.values)
    if not changes:
        return
    if row.version != draft.version:
        raise WriteConflict(row)
    texts = {name: (getattr(row, name), draft.values[name]) for name in LONG_TEXTS & draft.values.keys()}
    keep_earlier(row, texts, by=by, writer=getattr(row, "updated_by", None), since=getattr(row, "updated_at", None))
    for field, value in draft.values.items():
        setattr(row, field, value)
    row.version += 1
    stamp = {"updated_at": timezone.now(), "updated_by": by} if hasattr(row, "updated_at") else {}
    for field, value in stamp.items():
        setattr(row, field, value)
    row.save(update_fields=[*draft.values, "version", *stamp])


@transaction.atomic
def correct_figure(figure: ReportFigure, *, corrected: Decimal | None, explanation: str, by: User) -> ReportFigure:
    """Put another figure beside the portal's own, with the reason; without a figure the correction is undone."""
    report = _open(figure.report, by)
    _open_section(report.sections.get(code=_section_of(figure)), by)
    locked = lock(figure)
    changes = audit.changes_of(locked, {"corrected": corrected})
    kept = explanation if corrected is not None else ""
    keep_earlier(locked, {"explanation": (locked.explanation, kept)}, by=by)
    locked.corrected, locked.explanation = corrected, kept
    locked.version += 1
    locked.save(update_fields=["corrected", "explanation", "version"])
    if changes:
        audit.record(
            "regional_report.correct_figure", report, by=by, figure=figure.code, explanation=explanation, **changes
        )
    return locked


def _section_of(figure: ReportFigure) -> str:
    return next(row.section for row in all_figures() if row.code == figure.code)


@transaction.atomic
def attach_accounts(report: RegionalReport, *, file: "File[bytes]", by: User) -> GrantUse:
    """Keep the accounts of the operating grant with the report."""
    report = _open(report, by)
    use = lock(report.grant_use)
    use.attachment_name = (file.name or "")[:200]
    use.attachment = file
    use.save(update_fields=["attachment", "attachment_name"])
    audit.record("regional_report.attach_accounts", report, by=by, name=use.attachment_name)
    return use


@transaction.atomic
def finish(section: ReportSection, *, by: User) -> ReportSection:
    """Mark a section as finished. Raises ValidationError with all it lacks."""
    _open(section.report, by)  # the report is locked before its sections, as in saving what is still being typed
    section = take(SECTION, "finish", section, by=by)
    lacks = contents_of(section.report).part(section.code).lacks
    if lacks:
        raise ValidationError(list(lacks))
    return section


@transaction.atomic
def reopen(section: ReportSection, *, by: User) -> ReportSection:
    _open(section.report, by)
    return take(SECTION, "reopen", section, by=by)


@transaction.atomic
def hand_in(report: RegionalReport, *, late_reason: str = "", by: User) -> RegionalReport:
    """The host's lead hands in what the coordinator wrote. Raises ValidationError when something is unfinished."""
    now = timezone.now()
    report = lock(report)
    first = report.first_submitted_at or now
    report = take(
        REPORT,
        "hand_in",
        report,
        by=by,
        submitted_at=now,
        submitted_by=by,
        first_submitted_at=first,
        late_reason=late_reason or report.late_reason,
    )
    contents = contents_of(report)
    unfinished = [
        _("“%(section)s” is not finished.") % {"section": part.section}
        for part in contents.parts
        if not part.is_finished
    ]
    if not report.is_on_time and not report.late_reason:
        unfinished.append(_("Say why the report is late."))
    if unfinished or contents.all_lacks:
        raise ValidationError([*unfinished, *contents.all_lacks])
    return report


def is_late(report: RegionalReport) -> bool:
    """Whether handing in now, for the first time, is after 1 March."""
    return report.first_submitted_at is None and today() > report_due_on(report.year)


@transaction.atomic
def give_back(report: RegionalReport, *, comments: dict[str, str], resubmit_by: date, by: User) -> RegionalReport:
    """KS returns the sections in ``comments`` with what must change; the others are accepted and closed.

    Raises ValidationError when no section is commented.
    """
    comments = {code: text.strip() for code, text in comments.items() if text.strip()}
    if not comments:
        raise ValidationError(_("Write what must change in at least one section."))
    report = take(REPORT, "return", report, by=by, resubmit_by=resubmit_by, note=", ".join(comments))
    for section in report.sections.filter(state=SectionState.DONE):
        if section.code in comments:
            take(SECTION, "return", section, by=by)
            SectionComment.objects.create(section=section, text=comments[section.code], by=by)
        else:
            take(SECTION, "accept", section, by=by)
    notify_region(
        report.region_id,
        (Role.REGIONAL_COORDINATOR, Role.HOST_LEAD),
        "report_returned",
        {"report": report, "comments": [(SectionCode(code).label, text) for code, text in comments.items()]},
        report.get_absolute_url(),
    )
    return report


@transaction.atomic
def approve(report: RegionalReport, *, by: User) -> RegionalReport:
    """KS approves: every section is accepted, the report is sealed as data, and its PDF is asked for."""
    locked = lock(report)
    REPORT.check("approve", locked, by=by)
    for section in locked.sections.filter(state=SectionState.DONE):
        take(SECTION, "accept", section, by=by)
    locked.snapshot = snapshot_of(contents_of(locked), _host(locked)).as_json()
    locked.sha256 = fingerprint(locked.snapshot)
    locked.save(update_fields=["snapshot", "sha256"])
    report = take(REPORT, "approve", locked, by=by, approved_at=timezone.now(), note=locked.sha256)
    jobs.request(
        "reporting.regional_pdf",
        by=by,
        title=str(report),
        subject=report,
        key=f"regional-report-{report.pk}",
        next_url=report.get_absolute_url(),
    )
    notify_region(
        report.region_id,
        (Role.REGIONAL_COORDINATOR, Role.HOST_LEAD),
        "report_approved",
        {"report": report},
        report.get_absolute_url(),
    )
    return report


def _host(report: RegionalReport) -> str:
    day = min(date(report.year, 12, 31), today())
    term = HostTerm.objects.on(day).filter(region=report.region_id).select_related("municipality").first()
    return str(term.municipality) if term else ""


def _open(report: RegionalReport, by: User) -> RegionalReport:
    """The report locked for writing. Raises PermissionDenied or StepNotAllowed."""
    locked = lock(report)
    REPORT_WRITING.check("write", locked, by=by)
    return locked


def _open_section(section: ReportSection, by: User) -> ReportSection:
    _open(section.report, by)
    locked = lock(section)
    SECTION_WRITING.check("write", locked, by=by)
    return locked
