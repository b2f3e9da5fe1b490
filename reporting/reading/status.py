"""Who has reported what: regions by years, for the front page of reporting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.periods import today
from regions.models import Region
from reporting.lifecycle import PlanState, ReportState
from reporting.models import RegionalPlan, RegionalReport
from reporting.models.plan import MAY_FOLLOW
from reporting.models.report import report_due_on
from reporting.rules.years import reporting_year

SHOWN_YEARS = 4
DAY = "j. F Y"


@dataclass(frozen=True)
class ReportCell:
    """One region's report on one year: the report if begun, its address for those who may open it, and its deadline."""

    report: RegionalReport | None
    url: str
    due_on: date

    @property
    def is_overdue(self) -> bool:
        """Whether it was never handed in and the day is past."""
        return (self.report is None or self.report.first_submitted_at is None) and today() > self.due_on

    @property
    def state(self) -> str:
        """How far the report has come, in a few words."""
        return self.report.get_state_display() if self.report else _("Not begun")

    @property
    def received(self) -> str:
        """When it came, or when it is expected."""
        first = self.report.first_submitted_at if self.report else None
        if self.report and first:
            day = {"day": format_date(timezone.localtime(first), DAY)}
            is_on_time = self.report.is_on_time
            return _("Received %(day)s, on time") % day if is_on_time else _("Received %(day)s, late") % day
        day = {"day": format_date(self.due_on, DAY)}
        return _("Missing, expected %(day)s") % day if self.is_overdue else _("Expected %(day)s") % day


@dataclass(frozen=True)
class RegionReports:
    region: Region
    cells: Sequence[ReportCell]


@dataclass(frozen=True)
class ReportsTable:
    years: Sequence[int]
    rows: Sequence[RegionReports]


@dataclass(frozen=True)
class OwnRegion:
    """One of the user's own regions: this year's report, this and next year's plan, and what may be begun."""

    region: Region
    year: int
    report: RegionalReport | None
    plans: Sequence[tuple[int, RegionalPlan | None]]
    may_begin: bool


def reports_table(user: Actor) -> ReportsTable:
    """All regions by the latest years, in three queries."""
    this = reporting_year(today())
    reports = RegionalReport.objects.defer("snapshot").select_related("region")
    begun = {(row.region_id, row.year): row for row in reports}
    open_ids = set(RegionalReport.objects.visible_to(user).values_list("pk", flat=True))
    years = sorted({this, *(year for _region, year in begun)}, reverse=True)[:SHOWN_YEARS]
    rows = []
    for region in Region.objects.all():
        found = [(year, begun.get((region.pk, year))) for year in years]
        rows.append(
            RegionReports(
                region,
                [
                    ReportCell(
                        report,
                        report.get_absolute_url() if report and report.pk in open_ids else "",
                        report_due_on(year),
                    )
                    for year, report in found
                ],
            )
        )
    return ReportsTable(years, rows)


def own_regions(user: Actor) -> list[OwnRegion]:
    """The user's own regions with their reports and plans, in three queries."""
    ids = user.region_ids(*MAY_FOLLOW)
    if not ids:
        return []
    year = reporting_year(today())
    reports = {
        row.region_id: row
        for row in RegionalReport.objects.filter(region__in=ids, year=year).for_page().defer("snapshot")
    }
    plans = {
        (row.region_id, row.year): row for row in RegionalPlan.objects.filter(region__in=ids, year__gte=year).for_page()
    }
    writes = user.region_ids(Role.REGIONAL_COORDINATOR)
    return [
        OwnRegion(
            region,
            year,
            reports.get(region.pk),
            [(planned, plans.get((region.pk, planned))) for planned in (year, year + 1)],
            region.pk in writes,
        )
        for region in Region.objects.filter(pk__in=ids)
    ]


def waiting_for_review(user: Actor) -> list[Any]:
    """Reports and plans handed in to KSF nationally; nothing for others."""
    if not user.is_national:
        return []
    reports = RegionalReport.objects.filter(state=ReportState.SUBMITTED).for_page().defer("snapshot")
    return [*reports, *RegionalPlan.objects.filter(state=PlanState.SUBMITTED).for_page()]
