"""How far the goals are reached, by indicator."""

from typing import Any

from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from reporting.figures.values import format_value
from reporting.national import words
from reporting.national.drawings import Data
from reporting.snapshot import in_language


def reached(data: Data) -> b.Chapter:
    """Every indicator with the year before, the target and how near it is."""
    columns = [
        b.Column(_("Code"), nowrap=True),
        b.Column(_("Indicator")),
        b.Column(str(data["year"] - 1), number=True),
        b.Column(str(data["year"]), number=True),
        b.Column(_("Target"), number=True),
        b.Column(_("Status"), nowrap=True),
    ]
    rows: list[Any] = []
    for goal in data["goals"]:
        found = [row for row in data["indicators"] if row["goal"] == goal["code"] and row["value"] is not None]
        if found:
            rows.append(b.Group(f"{goal['order']} {in_language(goal['name'])}"))
        rows += [
            [
                row["code"],
                in_language(row["name"]),
                format_value(row["last"], row["unit"]),
                format_value(row["value"], row["unit"]),
                format_value(row["target"], row["unit"]),
                words.target_status_text(row["status"]),
            ]
            for row in found
        ]
    notes = (_("“Nearly” means at least 85 per cent of the target."), words.without_figures(data))
    return b.Chapter(
        "goals",
        _("How far the goals are reached"),
        [
            b.Table(_("Main goals and indicators"), columns, rows, wide=True, header=1),
            *(b.Paragraph(text, "note") for text in notes if text),
        ],
    )
