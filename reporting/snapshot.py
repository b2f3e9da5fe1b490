"""What a regional report says, as it is sealed: everything its PDF and the national report are made from."""

from typing import Any

from django.utils import translation

from reporting.completeness import Contents, Line, Part
from reporting.figures import figure_of
from reporting.figures.values import json_number
from reporting.models import Goal, PlanTarget
from reporting.sections import SectionCode

LANGUAGES = ("nb", "nn", "en")


def take(contents: Contents, host: str) -> dict[str, Any]:
    """The report as plain data. Labels are kept in all languages, definitions in the version used."""
    report = contents.report
    records = dict(report.figures.values_list("code", "records"))
    return {
        "region": {"slug": report.region.slug, "name": report.region.name, "host": host},
        "year": report.year,
        "figures_at": report.figures_at.isoformat() if report.figures_at else None,
        "submitted_at": report.submitted_at.isoformat() if report.submitted_at else None,
        "is_on_time": report.is_on_time,
        "late_reason": report.late_reason,
        "goals": [_goal(goal) for goal in Goal.objects.for_year(report.year)],
        "sections": [_section(part) for part in contents.parts],
        "figures": [_figure(line, records[line.figure.code]) for part in contents.parts for line in part.lines],
        "targets": list(_targets(report.region_id, report.year)),
        "grant_use": next((_grant_use(part) for part in contents.parts if part.grant_use), None),
    }


def spoken(words: Any) -> dict[str, str]:
    """A translatable text in each of the portal's languages."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(words)
    return said


def in_language(said: dict[str, str]) -> str:
    """The text in the active language, bokmål if that is missing."""
    return said.get(translation.get_language() or "nb") or said["nb"]


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "code": goal.code,
        "version": goal.version,
        "name": {"nb": goal.name_nb, "nn": goal.name_nn, "en": goal.name_en},
        "text": {"nb": goal.text_nb, "nn": goal.text_nn, "en": goal.text_en},
    }


def _section(part: Part) -> dict[str, Any]:
    return {
        "code": part.section.code,
        "title": spoken(SectionCode(part.section.code).label),
        "text": part.section.content,
        "is_nothing": part.section.is_nothing,
        "activities": [
            {
                "title": row.activity.title,
                "goal": row.activity.goal.code,
                "responsible": row.activity.responsible,
                "due_on": row.activity.due_on.isoformat(),
                "expected_result": row.activity.expected_result,
                "outcome": row.outcome,
                "note": row.content,
            }
            for row in part.activities
        ],
    }


def _figure(line: Line, records: list[Any]) -> dict[str, Any]:
    row, indicator = line.figure, line.figure.indicator
    return {
        "code": row.code,
        "section": figure_of(row.code).section.value,
        "label": spoken(figure_of(row.code).label),
        "unit": row.unit,
        "count": row.count,
        "of": row.of,
        "sizes": row.sizes,
        "computed": json_number(row.computed),
        "corrected": json_number(row.corrected),
        "value": json_number(row.value),
        "last_year": json_number(line.last_year),
        "explanation": row.explanation,
        "remark": row.remark,
        "records": records,
        "indicator": indicator
        and {
            "code": indicator.code,
            "version": indicator.version,
            "how": indicator.how,
            "name": {"nb": indicator.name_nb, "nn": indicator.name_nn, "en": indicator.name_en},
        },
    }


def _targets(region_id: int, year: int) -> Any:
    rows = PlanTarget.objects.filter(plan__region=region_id, plan__year=year).select_related("indicator")
    return ({"indicator": row.indicator.code, "value": row.value} for row in rows)


def _grant_use(part: Part) -> dict[str, Any]:
    use = part.grant_use
    assert use is not None  # noqa: S101 - the caller chose the part for it
    return {"granted": use.granted, "spent": use.spent, "left": use.left, "attachment": use.attachment_name}
