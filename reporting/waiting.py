"""What waits in plans and reports: write, mend, hand in, review, publish (X3)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf import waiting
from ksf.accounts.roles import Role
from ksf.periods import today
from regions.models import Region
from reporting.lifecycle import PlanState, ReportState, SectionState
from reporting.models import RegionalPlan, RegionalReport
from reporting.models.report import report_due_on

FROM_MONTH = 9  # from September the year's report and the next year's plan wait for the coordinator


@waiting.source
def reports_to_write(user: Any) -> Iterator[waiting.Item]:
    """The coordinator's report of the year, and what KS returned."""
    ids = user.region_ids(Role.REGIONAL_COORDINATOR)
    if not ids:
        return
    year = reporting_year(today())
    reports = RegionalReport.objects.filter(region__in=ids, state__in=[ReportState.DRAFT, ReportState.RETURNED])
    for report in reports.select_related("region"):
        if report.state == ReportState.RETURNED:
            what = _("KS has returned it. Change what KS asks for")
        else:
            what = _("Write the report")
        yield waiting.Item(
            str(report), report.get_absolute_url(), what, report.due_on, report.state == ReportState.RETURNED
        )
    begun = RegionalReport.objects.filter(year=year).values("region")
    for region in Region.objects.filter(pk__in=ids).exclude(pk__in=begun):
        title = str(RegionalReport(region=region, year=year))
        yield waiting.Item(title, reverse("reporting"), _("Start the report"), report_due_on(year))


@waiting.source
def plans_to_write(user: Any) -> Iterator[waiting.Item]:
    ids = user.region_ids(Role.REGIONAL_COORDINATOR)
    if not ids:
        return
    plans = RegionalPlan.objects.filter(region__in=ids, state__in=[PlanState.DRAFT, PlanState.RETURNED])
    for plan in plans.select_related("region"):
        is_returned = plan.state == PlanState.RETURNED
        what = _("KS has returned it. Change what KS asks for") if is_returned else _("Write the plan")
        yield waiting.Item(str(plan), plan.get_absolute_url(), what, plan.due_on, is_returned)


@waiting.source
def to_hand_in(user: Any) -> Iterator[waiting.Item]:
    """Reports whose every section is finished, and plans with activities, for the host's lead."""
    ids = user.region_ids(Role.HOST_LEAD)
    if not ids:
        return
    open_states = [ReportState.DRAFT, ReportState.RETURNED]
    reports = RegionalReport.objects.filter(region__in=ids, state__in=open_states).exclude(
        sections__state__in=[SectionState.DRAFT, SectionState.RETURNED]
    )
    for report in reports.select_related("region"):
        yield waiting.Item(str(report), report.get_absolute_url(), _("Read and hand in"), report.due_on, urgent=True)
    plans = RegionalPlan.objects.filter(region__in=ids, state__in=open_states, activities__isnull=False).distinct()
    for plan in plans.select_related("region"):
        yield waiting.Item(str(plan), plan.get_absolute_url(), _("Read and hand in"), plan.due_on)


@waiting.source
def to_review(user: Any) -> Iterator[waiting.Item]:
    """What the regions have handed in, for KSF nationally."""
    if not user.is_national:
        return
    for report in RegionalReport.objects.filter(state=ReportState.SUBMITTED).select_related("region"):
        yield waiting.Item(str(report), report.get_absolute_url(), _("Review: approve or return"))
    for plan in RegionalPlan.objects.filter(state=PlanState.SUBMITTED).select_related("region"):
        yield waiting.Item(str(plan), plan.get_absolute_url(), _("Review: approve or return"))


def reporting_year(day: date) -> int:
    """The year reports are written on: from September this one, before that the year before."""
    return day.year if day.month >= FROM_MONTH else day.year - 1
