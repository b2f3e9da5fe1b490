from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from ksf.periods import today
from ksf.web import render_page
from ksf.web.lists import ExportColumn, export, wants_export
from ksf.web.requests import Request
from reporting.models import Goal, Indicator, NationalReport
from reporting.reading import status
from reporting.rules.years import reporting_year


@require_safe
@login_not_required
def reporting(request: Request) -> HttpResponseBase:
    """Published national reports for everybody; own regions and the status of all for those who are signed in."""
    user = request.user
    context = {
        "national_reports": NationalReport.objects.visible_to(user).defer("data", "draft"),
        "mine": status.own_regions(user),
        "to_review": status.waiting_for_review(user),
        "table": status.reports_table(user) if user.is_authenticated else None,
        "may_build": user.has_perm("reporting.build_national"),
        "build_year": reporting_year(today()),
        "earlier_year": reporting_year(today()) - 1,
    }
    return render_page(request, "reporting/reporting.html", context)


@require_safe
@login_not_required
def reporting_indicators(request: Request) -> HttpResponseBase:
    """The definitions, in every version there has been (R4)."""
    indicators = Indicator.objects.select_related("goal").prefetch_related("targets")
    if wants_export(request):
        return export(request, indicators, INDICATOR_COLUMNS, "indicators")
    goals = Goal.objects.prefetch_related("indicators__targets")
    return render_page(request, "reporting/reporting_indicators.html", {"goals": goals})


INDICATOR_COLUMNS = [
    ExportColumn("code", lambda row: row.code),
    ExportColumn("version", lambda row: row.version),
    ExportColumn("goal", lambda row: row.goal.code),
    ExportColumn("from_year", lambda row: row.from_year),
    ExportColumn("until_year", lambda row: row.until_year),
    ExportColumn("name_nb", lambda row: row.name_nb),
    ExportColumn("name_nn", lambda row: row.name_nn),
    ExportColumn("name_en", lambda row: row.name_en),
    ExportColumn("unit", lambda row: row.unit),
    ExportColumn("level", lambda row: row.level),
    ExportColumn("source", lambda row: row.source),
    ExportColumn("counted", lambda row: row.counted),
    ExportColumn("how", lambda row: row.how),
    ExportColumn("breakdowns", lambda row: ", ".join(row.breakdowns)),
    ExportColumn("targets", lambda row: ", ".join(f"{target.year}: {target.value}" for target in row.targets.all())),
]
