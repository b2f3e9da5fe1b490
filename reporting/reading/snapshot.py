"""Taking the snapshot of a regional report that is sealed when KS approves it (R2)."""

from collections.abc import Iterator
from typing import Any

from reporting.figures import figure_of
from reporting.figures.values import json_number
from reporting.models import Goal, GrantUse, Indicator, PlanTarget
from reporting.models.sections import SectionCode
from reporting.rules.completeness import FigureLine, ReportContents, SectionContents
from reporting.stored.regional import (
    SealedActivity,
    SealedFigure,
    SealedGoal,
    SealedIndicator,
    SealedRecord,
    SealedRegion,
    SealedReport,
    SealedSection,
    SealedTarget,
)
from reporting.stored.values import ShareOfSize, SpentGrant, Translated


def snapshot_of(contents: ReportContents, host: str) -> SealedReport:
    """The report as it is now. Labels are kept in all languages, definitions in the version used."""
    report = contents.report
    records = dict(report.figures.values_list("code", "records"))
    return SealedReport(
        region=SealedRegion(slug=report.region.slug, name=report.region.name, host=host),
        year=report.year,
        figures_at=report.figures_at.isoformat() if report.figures_at else None,
        submitted_at=report.submitted_at.isoformat() if report.submitted_at else None,
        is_on_time=report.is_on_time,
        late_reason=report.late_reason,
        goals=[_goal(goal) for goal in Goal.objects.for_year(report.year)],
        sections=[_section(part) for part in contents.parts],
        figures=[_figure(line, records[line.figure.code]) for part in contents.parts for line in part.lines],
        targets=list(_targets(report.region_id, report.year)),
        grant_use=next((_grant_use(part.grant_use) for part in contents.parts if part.grant_use), None),
    )


def _goal(goal: Goal) -> SealedGoal:
    return SealedGoal(
        code=goal.code,
        version=goal.version,
        name=Translated.of_fields(goal, "name"),
        text=Translated.of_fields(goal, "text"),
    )


def _section(part: SectionContents) -> SealedSection:
    return SealedSection(
        code=part.section.code,
        title=Translated.of(SectionCode(part.section.code).label),
        text=part.section.content,
        is_nothing=part.section.is_nothing,
        activities=[
            SealedActivity(
                title=row.activity.title,
                goal=row.activity.goal.code,
                responsible=row.activity.responsible,
                due_on=row.activity.due_on,
                expected_result=row.activity.expected_result,
                outcome=row.outcome,
                note=row.content,
            )
            for row in part.activities
        ],
    )


def _figure(line: FigureLine, records: list[Any]) -> SealedFigure:  # as JSON: a list for each record
    row = line.figure
    figure = figure_of(row.code)
    return SealedFigure(
        code=row.code,
        section=figure.section.value,
        label=Translated.of(figure.label),
        unit=row.unit,
        count=row.count,
        of=row.of,
        sizes={size: ShareOfSize(*share) for size, share in row.sizes.items()},
        computed=json_number(row.computed),
        corrected=json_number(row.corrected),
        value=json_number(row.value),
        last_year=json_number(line.last_year),
        explanation=row.explanation,
        remark=row.remark,
        records=[SealedRecord(*record) for record in records],
        indicator=_indicator(row.indicator) if row.indicator else None,
    )


def _indicator(indicator: Indicator) -> SealedIndicator:
    return SealedIndicator(
        code=indicator.code,
        version=indicator.version,
        how=indicator.how,
        name=Translated.of_fields(indicator, "name"),
    )


def _targets(region_id: int, year: int) -> Iterator[SealedTarget]:
    rows = PlanTarget.objects.filter(plan__region=region_id, plan__year=year).select_related("indicator")
    return (SealedTarget(row.indicator.code, row.value) for row in rows)


def _grant_use(use: GrantUse) -> SpentGrant:
    return SpentGrant(granted=use.granted, spent=use.spent, left=use.left, attachment=use.attachment_name)
