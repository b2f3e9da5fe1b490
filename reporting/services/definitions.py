"""Goals and indicators from data files into the database, without touching what old reports rest on (R4)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.db import models, transaction

from reporting.models import Goal, Indicator, ReportFigure, Target
from reporting.models.indicators import Versioned

DATA = Path(__file__).resolve().parent.parent / "data"

Definition = TypeVar("Definition", bound=Versioned)


class DefinitionInUse(Exception):
    """A version some sealed report was written under was changed in the file; it wants a new version instead."""


@transaction.atomic
def load(folder: Path = DATA) -> dict[str, int]:
    """Bring the database to what the files say; loading twice changes nothing.

    Returns how many goals, indicators and targets the files hold. Raises DefinitionInUse for a changed definition
    that a sealed report uses.
    """
    goals = [_goal(row) for row in _rows(folder, "goals")]
    current = {goal.code: goal for goal in goals if goal.is_current}
    rows = _rows(folder, "indicators")
    targets = []
    for row in rows:
        indicator = _indicator(row, current[row["goal"]])
        targets += [Target(indicator=indicator, year=year, value=value) for year, value in row["targets"].items()]
    Target.objects.bulk_create(
        targets, update_conflicts=True, unique_fields=["indicator", "year"], update_fields=["value"]
    )
    return {"goals": len(goals), "indicators": len(rows), "targets": len(targets)}


def _rows(folder: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.load(
        (folder / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )[name]
    return rows


def _goal(row: dict[str, Any]) -> Goal:
    fields = {key: row[key] for key in ("order", "from_year", "is_current", "note")}
    fields["until_year"] = row.get("until_year")
    fields |= _in_languages("name", row["name"]) | _in_languages("text", row["text"])
    return _keep(Goal.objects.all(), row, fields, in_use=Goal.objects.none())


def _indicator(row: dict[str, Any], goal: Goal) -> Indicator:
    keys = (
        "from_year",
        "unit",
        "level",
        "source",
        "better",
        "counted",
        "when",
        "who",
        "how",
        "breakdowns",
        "why",
        "pitfalls",
    )
    fields = {key: row[key] for key in keys} | _in_languages("name", row["name"]) | {"goal": goal}
    fields["until_year"] = row.get("until_year")
    used = Indicator.objects.filter(
        pk__in=ReportFigure.objects.filter(report__snapshot__isnull=False).values("indicator")
    )
    return _keep(Indicator.objects.all(), row, fields, in_use=used)


def _in_languages(field: str, texts: dict[str, str]) -> dict[str, str]:
    return {f"{field}_{language}": text for language, text in texts.items()}


def _keep(
    kept: models.QuerySet[Definition],
    row: dict[str, Any],
    fields: dict[str, Any],
    *,
    in_use: models.QuerySet[Definition],
) -> Definition:
    """The row as the file has it: made, left alone, or changed where no sealed report rests on it."""
    found = kept.filter(code=row["code"], version=row["version"]).first()
    if found is None:
        return kept.create(code=row["code"], version=row["version"], **fields)
    changed = [name for name, value in fields.items() if getattr(found, name) != value]
    if not changed:
        return found
    if set(changed) != {"until_year"} and in_use.filter(pk=found.pk).exists():
        raise DefinitionInUse(
            f"{row['code']} version {row['version']} is used by a sealed report;"
            f" add a version instead of changing {_list(changed)}"
        )
    for name in changed:
        setattr(found, name, fields[name])
    found.save(update_fields=changed)
    return found


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
