"""Each goal: the regions' figures side by side, and what they wrote."""

from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from reporting.documents import paragraphs
from reporting.figures.values import format_value
from reporting.national import drawings
from reporting.national.drawings import Data
from reporting.snapshot import in_language


def by_goal(data: Data) -> list[b.Chapter]:
    """A chapter per goal; goals follow each other on the page."""
    by_goal = {
        "goal_1": "needs",
        "goal_2": "research",
        "goal_3": "uptake",
        "goal_4": "framework",
        "goal_5": "education",
    }
    chapters: list[b.Chapter] = []
    for goal in data["goals"]:
        code = by_goal[goal["code"]]
        told: list[object] = [
            b.Section(row["name"], paragraphs(section), long=True)
            for row in data["regions"]
            for section in row["sections"]
            if section["code"] == code and section["text"].strip()
        ]
        table = _side_by_side(code, data)
        if told or table.rows:
            part = _("Goal %(number)d") % {"number": goal["order"]}
            chapters.append(
                b.Chapter(
                    f"goal{goal['order']}",
                    in_language(goal["name"]),
                    [*([table] if table.rows else []), *told],
                    part=part,
                    lead=in_language(goal["text"]),
                    start="follow" if chapters else "page",
                )
            )
    return chapters


def _side_by_side(section: str, data: Data) -> b.Table:
    """The section's figures with a column for each region and one for the country."""
    short = [row["name"].removeprefix("KSF ") for row in data["regions"]]
    columns = [b.Column(_("Figure")), *(b.Column(name, number=True) for name in (*short, _("The country")))]
    rows = [
        [
            in_language(total["label"]),
            *(format_value(_value(row, code), total["unit"]) for row in data["regions"]),
            format_value(total["value"], total["unit"]),
        ]
        for code, total in drawings.moving(data)
        if total["section"] == section and total["unit"] != "kroner"
    ]
    return b.Table(_("Region by region"), columns, rows, wide=True)


def _value(row: Data, code: str) -> float | None:
    value: float | None = (row["figures"].get(code) or {"value": None})["value"]
    return value
