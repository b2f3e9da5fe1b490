"""The demo's annual plans and reports: approved ones sealed, one returned, one half written."""

from datetime import date, datetime, time
from typing import Any

from django.core.management import call_command

from demo.content_files import OSLO, read
from ksf import jobs
from ksf.accounts.models import User
from ksf.documents.services import fingerprint
from regions.models import HostTerm, Region
from reporting.lifecycle import PlanState, ReportState, SectionState
from reporting.models import (
    ActivityReport,
    Goal,
    Indicator,
    PlanActivity,
    RegionalPlan,
    RegionalReport,
    ReportSection,
    SectionComment,
)
from reporting.reading.snapshot import snapshot_of
from reporting.rules.completeness import contents_of
from reporting.services import report as reports

SECTION_STATES = {
    "approved": SectionState.ACCEPTED,
    "locked": SectionState.ACCEPTED,
    "returned": SectionState.RETURNED,
    "draft": SectionState.DRAFT,
    "empty": SectionState.DRAFT,
}
UNUSED = {(2025, "sorost"): 160_000}
"""Kroner of the operating grant that the content says were not spent."""


def load_reports() -> int:
    """Make the plans and reports of the content; returns how many reports."""
    call_command("load_indicators", verbosity=0)
    content = read("plans_reports")
    for row in sorted(content["plans"], key=lambda one: one["year"]):
        _plan(row)
    grants = {(row["year"], row["region"]): row["amount"] for row in content["operating_grants"]}
    for row in sorted(content["reports"], key=lambda one: one["year"]):
        _report(row, grants[row["year"], row["region"]])
    return len(content["reports"])


def _plan(row: dict[str, Any]) -> None:
    region = Region.objects.get(slug=row["region"])
    plan = RegionalPlan.objects.create(
        region=region,
        year=row["year"],
        state=PlanState(row["status"]),
        started_from=RegionalPlan.objects.filter(region=region, year=row["year"] - 1).first(),
        submitted_at=_noon(row["submitted_on"]),
        submitted_by=_account("vert", region) if row["submitted_on"] else None,
        approved_at=_noon(row["approved_on"]),
    )
    goals = {goal.code: goal for goal in Goal.objects.for_year(row["year"])}
    indicators = {indicator.code: indicator for indicator in Indicator.objects.for_year(row["year"])}
    for order, activity in enumerate(row["activities"], start=1):
        made = PlanActivity.objects.create(
            plan=plan,
            goal=goals[activity["goal"]],
            title=activity["title"],
            responsible=activity["responsible"].capitalize(),
            due_on=activity["due"],
            expected_result=activity["expected_result"],
            indicator=indicators.get(activity["indicator"]),
            order=order,
        )
        ActivityReport.objects.create(
            activity=made, outcome=activity.get("report_status", ""), content=activity.get("report_note", "")
        )


def _report(row: dict[str, Any], granted: int) -> None:
    region = Region.objects.get(slug=row["region"])
    coordinator = _account("koordinator", region)
    report = reports.start(region, row["year"], by=coordinator)
    for section in row["sections"]:
        _section(report, section, coordinator)
    for correction in row.get("figure_corrections", []):
        report.figures.filter(indicator__code=correction["indicator"]).update(
            corrected=correction["reported"], explanation=correction["explanation"]
        )
    use = report.grant_use
    use.granted = granted
    if row["status"] != "draft":
        use.spent = granted - UNUSED.get((row["year"], row["region"]), 0)
    use.save()
    report.submitted_at = report.first_submitted_at = _noon(row["submitted_on"])
    report.submitted_by = _account("vert", region) if row["submitted_on"] else None
    report.late_reason = row.get("late_reason", "")
    report.resubmit_by = row.get("resubmit_by")
    report.state = ReportState(row["status"]) if row["status"] != "approved" else ReportState.SUBMITTED
    report.save()
    if row["status"] == "approved":
        _seal(report, row["approved_on"])


def _section(report: RegionalReport, row: dict[str, Any], coordinator: User) -> None:
    section = ReportSection.objects.get(report=report, code=row["code"])
    section.content, section.version = row["text"], 1 if row["text"] else 0
    section.state = SECTION_STATES[row["state"]]
    section.updated_at, section.updated_by = report.figures_at, coordinator
    section.save()
    staff = User.objects.get(email="nasjonalt@ksf.example")
    for comment in row.get("comments", []):
        SectionComment.objects.create(
            section=section, text=comment["text"], by=staff, at=datetime.combine(comment["on"], time(12), OSLO)
        )


def _seal(report: RegionalReport, approved_on: date) -> None:
    """As an approval seals it, on the day of the content; the PDF is made by a worker."""
    day = date(report.year, 12, 31)
    host = HostTerm.objects.on(day).filter(region=report.region).select_related("municipality").get()
    report.snapshot = snapshot_of(contents_of(report), str(host.municipality)).as_json()
    report.sha256 = fingerprint(report.snapshot)
    report.state, report.approved_at = ReportState.APPROVED, _noon(approved_on)
    report.save()
    jobs.request(
        "reporting.regional_pdf",
        by=User.objects.get(email="nasjonalt@ksf.example"),
        title=str(report),
        subject=report,
        key=f"regional-report-{report.pk}",
        next_url=report.get_absolute_url(),
    )


def _account(name: str, region: Region) -> User:
    return User.objects.get(email=f"{name}.{region.slug}@ksf.example")


def _noon(day: date | None) -> datetime | None:
    return datetime.combine(day, time(12), OSLO) if day else None
