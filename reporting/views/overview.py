from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ksf.periods import today
from ksf.web import render_page
from ksf.web.lists import ExportColumn, export, wants_export
from ksf.web.requests import Request
from reporting import actions
from reporting.models import Goal, Indicator, NationalReport
from reporting.reading import status
from reporting.rules.years import reporting_year


@require_safe
@login_not_required
def reporting(request: Request) -> HttpResponseBase:
    """Published national reports for everybody; own regions and the status of all for those who are signed in."""
    user, year = request.user, reporting_year(today())
    context = {
        "national_reports": NationalReport.objects.visible_to(user).defer("data", "draft"),
        "heading": _("Reporting") if user.is_authenticated else _("Results"),
        "own_regions": [(own.region, actions.own_documents(own)) for own in status.own_regions(user)],
        "to_review": status.waiting_for_review(user),
        "table": status.reports_table(user) if user.is_authenticated else None,
        "builds": actions.builds(user, (year, year - 1)),
    }
    return render_page(request, "reporting/reporting.html", context)


@require_safe
@login_not_required
def reporting_indicators(request: Request) -> HttpResponseBase:
    """The definitions, in every version there has been (R4)."""
    indicators = Indicator.objects.select_related("goal").prefetch_related("targets")
    if wants_export(request):
        return export(request, indicators, INDICATOR_COLUMNS, "indicators")
    up = _("Reporting") if request.user.is_authenticated else _("Results")
    goals = Goal.objects.prefetch_related("indicators__targets")
    return render_page(
        request, "reporting/reporting_indicators.html", {"goals": goals, "up": up, "actions": actions.EXPORTS}
    )


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
