"""The national report as a web page, from its data alone."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf.documents import charts
from reporting.figures.values import format_value
from reporting.national import drawings, words
from reporting.national.drawings import Data
from reporting.snapshot import in_language

KEY = ("clusters_established", "in_established_cluster", "small_in_cluster", "contacts")


def context_of(data: Data) -> dict[str, Any]:
    """What the template needs: the finding, key figures, drawings with their tables, the goals, and what is missing."""
    return {
        "year": data["year"],
        "headline": words.headline(data),
        "lead": words.lead(data),
        "day": words.day_in_words(data["day"]),
        "key_figures": _key_figures(data),
        "figures": list(_figures(data)),
        "goals": _goals(data),
        "without_figures": words.without_figures(data),
        "compared": _compared(data),
        "map": drawings.web_map(data),
        "legend": _legend(data),
        "received": words.received_line(data),
        "not_in_place": words.not_in_place(data),
        "by_size": _by_size(data),
        "regions": [_region(row) for row in data["regions"]],
        "unplaced": ", ".join(data["unplaced"]["names"]),
        "told": _told(data),
    }


def _key_figures(data: Data) -> list[dict[str, str]]:
    last = data["earlier"][-1]
    return [
        {
            "label": in_language(data["totals"][code]["label"]),
            "value": format_value(data["totals"][code]["value"], data["totals"][code]["unit"]),
            "note": _("%(value)s in %(year)d")
            % {
                "value": format_value(last["totals"][code]["value"], data["totals"][code]["unit"]),
                "year": last["year"],
            },
        }
        for code in KEY
    ]


def _figures(data: Data) -> Any:
    """The charts, each in a wide and a narrow form, with the same figures as a table."""
    drawn = (
        (
            _("Small and large municipalities"),
            _("Share in a cluster, per cent, by size and year"),
            drawings.sizes_chart,
            _grid(drawings.sizes_over_years(data), "year", "size", "share", _("Year")),
        ),
        (
            _("Clusters"),
            _("At the end of each year"),
            drawings.clusters_chart,
            _grid(drawings.clusters_over_years(data), "year", "what", "count", _("Year")),
        ),
        (
            _("The regions, counted per municipality"),
            _("Share of the region's municipalities in a cluster, per cent"),
            drawings.regions_chart,
            _list(drawings.regions_by_share(data)),
        ),
    )
    for number, (title, caption, draw, table) in enumerate(drawn, start=1):
        if table["rows"]:
            yield {
                "id": f"figure{number}",
                "title": title,
                "caption": caption,
                "table": table,
                "wide": draw(data, charts.WEB),
                "narrow": draw(data, charts.NARROW_WEB),
            }


def _grid(rows: list[Data], down: str, across: str, value: str, heading: str) -> Data:
    columns = list(dict.fromkeys(row[across] for row in rows))
    lines = list(dict.fromkeys(row[down] for row in rows))
    cells = {(row[down], row[across]): row[value] for row in rows}
    return {
        "columns": [heading, *columns],
        "rows": [[line, *(cells.get((line, column), "–") for column in columns)] for line in lines],
    }


def _list(rows: list[Data]) -> Data:
    return {"columns": [_("Region"), _("Per cent")], "rows": [[row["region"], row["share"]] for row in rows]}


def _by_size(data: Data) -> list[Data]:
    """Every share for the small, the medium-sized and the large, with how far the large are ahead."""
    return [
        {"name": label, "shares": shares, "gap": gap}
        for label, pairs in drawings.shares_by_size(data)
        for *shares, gap in (words.shares(pairs),)
    ]


def _goals(data: Data) -> list[Data]:
    found = []
    for goal in data["goals"]:
        rows = [
            {
                "code": row["code"],
                "name": in_language(row["name"]),
                "value": format_value(row["value"], row["unit"]),
                "last": format_value(row["last"], row["unit"]),
                "target": format_value(row["target"], row["unit"]),
                "status": row["status"],
                "word": words.target_status_text(row["status"]),
            }
            for row in data["indicators"]
            if row["goal"] == goal["code"] and row["value"] is not None
        ]
        if rows:
            found.append({"name": in_language(goal["name"]), "order": goal["order"], "rows": rows})
    return found


def _compared(data: Data) -> Data:
    years = drawings.years(data)
    rows = [
        {
            "name": in_language(row["label"]),
            "cells": [
                (year, format_value(totals.get(code, {"value": None})["value"], row["unit"])) for year, totals in years
            ],
        }
        for code, row in drawings.moving(data)
    ]
    return {"columns": [_("Figure"), *(str(year) for year, _totals in years)], "rows": rows}


def _legend(data: Data) -> list[Data]:
    words = (
        ("established", _("Established")),
        ("being_established", _("Being established")),
        ("exploring", _("Exploring")),
        ("", _("Not in a cluster yet")),
    )
    return [
        {"css": drawings.STATE_CLASSES[state], "word": word, "count": sum(row[6] == state for row in data["tiles"])}
        for state, word in words
    ]


def _region(row: Data) -> Data:
    return {
        "name": row["name"],
        "slug": row["slug"],
        "url": reverse("region", args=[row["slug"]]),
        "word": words.status_word(row["report"]),
        "is_missing": not row["report"]["received_on"],
        "is_sealed": row["report"]["is_sealed"],
        "late_reason": row["report"]["late_reason"],
        "due_on": words.day_in_words(row["report"]["due_on"]),
    }


def _told(data: Data) -> list[Data]:
    """Each region's own summary."""
    return [
        {"name": row["name"], "slug": row["slug"], "text": section["text"]}
        for row in data["regions"]
        for section in row["sections"]
        if section["code"] == "summary" and section["text"].strip()
    ]
