from django.urls import path, register_converter
from django.urls.converters import IntConverter

from reporting.rules import years
from reporting.views import national, overview, plan, report, section


class YearConverter(IntConverter):
    """A year there can be plans and reports on; any other is not found."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        year = super().to_python(value)
        if year not in years.planned():
            raise ValueError(value)
        return year


register_converter(YearConverter, "year")
REGION = "rapportering/<year:year>/<slug:region>/"

urlpatterns = [
    path("rapportering/", overview.reporting, name="reporting"),
    path("rapportering/indikatorer/", overview.reporting_indicators, name="reporting_indicators"),
    path("rapportering/<year:year>/nasjonal/", national.national_report, name="national_report"),
    path("rapportering/<year:year>/nasjonal/bygg/", national.national_build, name="national_build"),
    path("rapportering/<year:year>/nasjonal/publiser/", national.national_publish, name="national_publish"),
    path("rapportering/<year:year>/nasjonal/utkast.pdf", national.national_draft, name="national_draft"),
    path(REGION, report.regional_report, name="regional_report"),
    path(f"{REGION}start/", report.report_start, name="report_start"),
    path(f"{REGION}lever/", report.report_hand_in, name="report_hand_in"),
    path(f"{REGION}vurdering/", report.report_review, name="report_review"),
    path(f"{REGION}godkjenn/", report.report_approve, name="report_approve"),
    path(f"{REGION}regnskap/", report.report_accounts, name="report_accounts"),
    path(f"{REGION}hent-tall/", report.report_refresh, name="report_refresh"),
    path(f"{REGION}del/<slug:code>/", section.report_section, name="report_section"),
    path(f"{REGION}tall/<slug:code>/", section.report_figure, name="report_figure"),
    path(f"{REGION}plan/", plan.regional_plan, name="plan"),
    path(f"{REGION}plan/start/", plan.plan_start, name="plan_start"),
    path(f"{REGION}plan/tiltak/nytt/", plan.plan_activity_new, name="plan_activity_new"),
    path(f"{REGION}plan/tiltak/<int:pk>/", plan.plan_activity, name="plan_activity"),
    path(f"{REGION}plan/tiltak/<int:pk>/fjern/", plan.plan_activity_remove, name="plan_activity_remove"),
    path(f"{REGION}plan/tiltak/<int:pk>/flytt/", plan.plan_activity_move, name="plan_activity_move"),
    path(f"{REGION}plan/maltall/", plan.plan_targets, name="plan_targets"),
    path(f"{REGION}plan/lever/", plan.plan_hand_in, name="plan_hand_in"),
    path(f"{REGION}plan/returner/", plan.plan_return, name="plan_return"),
    path(f"{REGION}plan/godkjenn/", plan.plan_approve, name="plan_approve"),
]
