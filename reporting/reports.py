"""A report as its pages show it."""

from typing import Any

from reporting.models import RegionalPlan, RegionalReport, SectionComment


def comments_of(report: RegionalReport) -> dict[str, list[SectionComment]]:
    """What KS has asked for, by section, newest first."""
    found: dict[str, list[SectionComment]] = {}
    for row in SectionComment.objects.filter(section__report=report).select_related("section", "by"):
        found.setdefault(row.section.code, []).append(row)
    return found


def plan_of(report: RegionalReport, user: Any) -> RegionalPlan | None:
    """The plan the report answers to, if the user may open it."""
    return RegionalPlan.objects.visible_to(user).for_page().filter(region=report.region_id, year=report.year).first()
