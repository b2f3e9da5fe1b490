"""The region's plan, report and the national report for a year the demo leaves alone, none of them finished."""

from datetime import date

from regions.models import Region
from reporting.models import Goal
from reporting.national import build
from reporting.national.compute import national_data
from reporting.services import definitions, plan, report
from tests.crawl.people import user_of

YEAR = 2024


def find() -> dict[str, object]:
    definitions.load()
    region, coordinator = Region.objects.get(slug="vest"), user_of("coordinator")
    planned = plan.start(region, YEAR, by=coordinator)
    activity = plan.add_activity(
        planned,
        goal=Goal.objects.filter(is_current=True).first(),
        title="Møte med klyngene",
        responsible="regional koordinator",
        due_on=date(YEAR, 6, 1),
        expected_result="Avtale",
        indicator=None,
        by=coordinator,
    )
    made = report.start(region, YEAR, by=coordinator)
    build.store(national_data(YEAR), b"%PDF-1.7", by=user_of("staff"))
    return {
        "year": YEAR,
        "section": "summary",
        "figure": made.figures.first().code,
        "activity": activity.pk,
    }
