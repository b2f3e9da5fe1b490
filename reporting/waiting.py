"""What waits in plans and reports: write, change, hand in, review, publish (X3)."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf import waiting
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.periods import today
from regions.models import Region
from reporting.lifecycle import PlanState, ReportState, SectionState
from reporting.models import PlanActivity, RegionalPlan, RegionalReport
from reporting.models.report import report_due_on
from reporting.rules.years import reporting_year

OPEN = {"state__in": [ReportState.DRAFT, ReportState.RETURNED]}  # of a plan too


@waiting.source
def to_write(user: Actor) -> Iterator[waiting.WaitingKind]:
    """The coordinator's report of the year, plans, and what KS returned of either."""
    ids = user.region_ids(Role.REGIONAL_COORDINATOR)
    if not ids:
        return
    yield waiting.WaitingKind(RegionalReport.objects.filter(region__in=ids, **OPEN).for_page(), _report_to_write)
    year = reporting_year(today())
    begun = RegionalReport.objects.filter(year=year).values("region")
    yield waiting.WaitingKind(Region.objects.filter(pk__in=ids).exclude(pk__in=begun), partial(_to_start, year))
    yield waiting.WaitingKind(RegionalPlan.objects.filter(region__in=ids, **OPEN).for_page(), _plan_to_write)


def _report_to_write(report: RegionalReport) -> waiting.WaitingItem:
    is_returned = report.state == ReportState.RETURNED
    what = _("KS has returned it. Change what KS asks for") if is_returned else _("Write the report")
    return waiting.WaitingItem(str(report), report.get_absolute_url(), what, report.due_on, is_returned)


def _to_start(year: int, region: Region) -> waiting.WaitingItem:
    title = str(RegionalReport(region=region, year=year))
    return waiting.WaitingItem(title, reverse("reporting"), _("Start the report"), report_due_on(year))


def _plan_to_write(plan: RegionalPlan) -> waiting.WaitingItem:
    is_returned = plan.state == PlanState.RETURNED
    what = _("KS has returned it. Change what KS asks for") if is_returned else _("Write the plan")
    return waiting.WaitingItem(str(plan), plan.get_absolute_url(), what, plan.due_on, is_returned)


@waiting.source
def to_hand_in(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Reports whose every section is finished, and plans with activities, for the host's lead."""
    ids = user.region_ids(Role.HOST_LEAD)
    if not ids:
        return
    unfinished = {"sections__state__in": [SectionState.DRAFT, SectionState.RETURNED]}
    reports = RegionalReport.objects.filter(region__in=ids, **OPEN).exclude(**unfinished)
    yield waiting.WaitingKind(reports.for_page(), _report_to_hand_in)
    planned = PlanActivity.objects.values("plan")
    plans = RegionalPlan.objects.filter(region__in=ids, **OPEN, pk__in=planned)
    yield waiting.WaitingKind(plans.for_page(), _plan_to_hand_in)


def _report_to_hand_in(report: RegionalReport) -> waiting.WaitingItem:
    return waiting.WaitingItem(
        str(report), report.get_absolute_url(), _("Read and hand in"), report.due_on, urgent=True
    )


def _plan_to_hand_in(plan: RegionalPlan) -> waiting.WaitingItem:
    return waiting.WaitingItem(str(plan), plan.get_absolute_url(), _("Read and hand in"), plan.due_on)


@waiting.source
def to_review(user: Actor) -> Iterator[waiting.WaitingKind]:
    """What the regions have handed in, for KSF nationally."""
    if user.is_national:
        yield waiting.WaitingKind(RegionalReport.objects.filter(state=ReportState.SUBMITTED).for_page(), _to_review)
        yield waiting.WaitingKind(RegionalPlan.objects.filter(state=PlanState.SUBMITTED).for_page(), _to_review)


def _to_review(handed_in: RegionalReport | RegionalPlan) -> waiting.WaitingItem:
    return waiting.WaitingItem(str(handed_in), handed_in.get_absolute_url(), _("Review: approve or return"))
