"""A report as its pages show it."""

from ksf.actor import Actor
from regions.models import Size
from reporting.figures.values import format_value
from reporting.models import RegionalPlan, RegionalReport, ReportFigure, SectionComment
from reporting.models.indicators import Unit
from reporting.models.report import in_unit


def comments_of(report: RegionalReport) -> dict[str, list[SectionComment]]:
    """What KS has asked for, by section, newest first."""
    found: dict[str, list[SectionComment]] = {}
    for row in SectionComment.objects.filter(section__report=report).select_related("section", "by"):
        found.setdefault(row.section.code, []).append(row)
    return found


def plan_of(report: RegionalReport, user: Actor) -> RegionalPlan | None:
    """The plan the report answers to, if the user may open it."""
    return RegionalPlan.objects.visible_to(user).for_page().filter(region=report.region_id, year=report.year).first()


def sizes_of(figure: ReportFigure) -> list[tuple[Size, str, int, int]]:
    """Small beside medium-sized and large (S12): each size with the figure written, what counts, and of how many."""
    is_share = figure.unit == Unit.PERCENT
    return [
        (size, format_value(in_unit(part, whole if is_share else None), figure.unit), part, whole)
        for size in Size
        for part, whole in [figure.sizes.get(size.value, (0, 0))]
        if figure.sizes
    ]
