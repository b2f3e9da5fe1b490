"""The national report as chapters of a PDF, from its data alone."""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clusters.lifecycle import State as ClusterState
from ksf.documents import blocks as b
from ksf.documents import charts
from ksf.documents.typography import grouped
from reporting.documents import paragraphs
from reporting.figures.values import written
from reporting.national import drawings, words
from reporting.national.drawings import Data
from reporting.snapshot import in_language


def national_context(data: Data, checksum: str, language: str) -> dict[str, Any]:
    """What ``documents/report.html`` needs for the national report."""
    with translation.override(language):
        chapters = [
            _how_to_read(data),
            _year(data),
            _compared(data),
            _goals(data),
            _who(data),
            _clusters(data),
            *_told(data),
            _sizes(data),
            *(_region(row, data) for row in data["regions"]),
            _missing(data),
            _definitions(data, checksum),
        ]
        title = _("KSF annual report %(year)s") % {"year": data["year"]}
        return {
            "title": title,
            "subtitle": _("What the municipalities need to know, and how they have joined forces to find out"),
            "description": _("National annual report of KSF for %(year)s") % {"year": data["year"]},
            "imprint": [_("KS, figures as of %(day)s") % {"day": words.day_in_words(data["day"])}],
            "checksum": checksum,
            "art": {"cover": art} if (art := drawings.cover(data)) else {},
            "chapters": chapters,
            "contents": b.contents(chapters),
        }


def _how_to_read(data: Data) -> b.Chapter:
    return b.Chapter(
        "reading",
        _("How to read the report"),
        [
            b.Section(
                _("The figures"),
                [
                    b.Paragraph(
                        _(
                            "The figures are from the KSF portal and from the annual reports of the regions"
                            " that are approved. Run again for"
                            " a published year, the report gives the same figures."
                        )
                    )
                ],
                long=True,
            ),
            b.Section(
                _("Small and large"),
                [
                    b.Paragraph(
                        _(
                            "KSF exists to even out differences between small and large municipalities. Small"
                            " ones have fewer than 5,000"
                            " inhabitants, medium-sized 5,000 to 19,999, and large 20,000 or more, counted on"
                            " 1 January of the year."
                        )
                    )
                ],
                long=True,
            ),
            b.Section(
                _("The map"),
                [b.Paragraph(_("Every municipality is an equally large hexagon. Their places are approximate."))],
                long=True,
            ),
            b.Section(_("What is missing"), [b.Paragraph(words.received_line(data)), *_missing_names(data)], long=True),
        ],
    )


def _missing_names(data: Data) -> list[b.Paragraph]:
    missing = data["received"]["missing"]
    if not missing:
        return [b.Paragraph(_("All regions have reported."))]
    return [b.Paragraph(_("Not received: %(regions)s.") % {"regions": ", ".join(missing)})]


def _year(data: Data) -> b.Chapter:
    totals, last = data["totals"], data["earlier"][-1]
    key = [
        b.KeyFigure(
            written(totals[code]["value"], totals[code]["unit"]),
            in_language(totals[code]["label"]).lower(),
            _("%(value)s in %(year)d")
            % {"value": written(last["totals"][code]["value"], totals[code]["unit"]), "year": last["year"]},
        )
        for code in ("clusters_established", "in_established_cluster", "small_in_cluster", "contacts")
    ]
    return b.Chapter(
        "year",
        _("The year on one page"),
        [
            b.KeyFigures(key),
            b.Figure(_("Clusters at the end of the year"), drawings.clusters_chart(data, charts.PAPER)),
        ],
        lead=f"{words.headline(data)}. {words.lead(data)}",
        start="left",
    )


def _compared(data: Data) -> b.Chapter:
    return b.Chapter("compared", _("Compared with earlier years"), [_years_table(data)])


def _years_table(data: Data) -> b.Table:
    """Every figure that adds up, this year and earlier."""
    found = drawings.years(data)
    columns = [b.Column(_("Figure")), *(b.Column(str(year), number=True) for year, _totals in found)]
    rows = [
        [
            in_language(row["label"]),
            *(written(totals.get(code, {"value": None})["value"], row["unit"]) for _year, totals in found),
        ]
        for code, row in drawings.totals_of(data)
        if row["value"] is not None
    ]
    return b.Table(_("The figures compared with earlier years"), columns, rows, wide=True)


def _goals(data: Data) -> b.Chapter:
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
        found = [row for row in data["indicators"] if row["goal"] == goal["code"]]
        if found:
            rows.append(b.Group(f"{goal['order']} {in_language(goal['name'])}"))
        rows += [
            [
                row["code"],
                in_language(row["name"]),
                written(row["last"], row["unit"]),
                written(row["value"], row["unit"]),
                written(row["target"], row["unit"]),
                words.standing_word(row["status"]),
            ]
            for row in found
        ]
    note = b.Paragraph(
        _("“Nearly” means at least 85 per cent of the target. Indicators without figures are left out."), "note"
    )
    return b.Chapter(
        "goals",
        _("How far the goals are reached"),
        [
            b.Table(_("Main goals and indicators"), columns, rows, wide=True, header=1),
            note,
        ],
    )


def _who(data: Data) -> b.Chapter:
    columns = [b.Column(_("Region"))] + [
        b.Column(words, number=True) for words in (_("Municipalities"), _("In an established cluster"), _("Share"))
    ]
    rows = [[row["name"], row["municipalities"], *_established(row)] for row in data["regions"]]
    if data["unplaced"]["names"]:
        names = ", ".join(data["unplaced"]["names"])
        rows.append(
            [
                _("No region yet: %(names)s") % {"names": names},
                data["unplaced"]["municipalities"],
                *_established(data["unplaced"]),
            ]
        )
    total = data["totals"]["in_established_cluster"]
    summed = [
        _("Total"),
        sum(row["municipalities"] for row in data["regions"]) + data["unplaced"]["municipalities"],
        total["count"],
        written(total["value"], "percent"),
    ]
    drawn = drawings.paper_map(data)
    blocks: list[object] = (
        [
            b.Map(
                drawn,
                [
                    _("Each hexagon is a municipality. Dark: in an established cluster. Light: not in one."),
                    _(
                        "The number under the name says how many of the region's municipalities are in an"
                        " established cluster."
                    ),
                ],
            )
        ]
        if drawn
        else []
    )
    table = b.Table(
        _("Municipalities in an established cluster, by region"),
        columns,
        rows,
        total=summed,
        wide=True,
        alone=bool(drawn),
    )
    figure = b.Figure(
        _("Share of municipalities in a cluster, by region, per cent"), drawings.regions_chart(data, charts.PAPER)
    )
    shown = [figure] if drawings.regions_by_share(data) else []
    return b.Chapter("who", _("Who takes part"), [*blocks, table, *shown])


def _established(row: Data) -> list[Any]:
    figure = row["figures"].get("in_established_cluster") or {"count": None, "value": None}
    return [figure["count"], written(figure["value"], "percent")]


def _clusters(data: Data) -> b.Chapter:
    names = {row["slug"]: row["name"] for row in data["regions"]}
    columns = [
        b.Column(_("Cluster")),
        b.Column(_("Region"), nowrap=True),
        b.Column(_("Motor municipality")),
        b.Column(_("State")),
        b.Column(_("Municipalities"), number=True),
        b.Column(_("Inhabitants"), number=True),
    ]
    found = sorted(
        data["clusters"], key=lambda row: (row["state"] != ClusterState.ESTABLISHED, row["region"], row["name"])
    )
    rows = [
        [
            row["name"],
            names.get(row["region"], ""),
            row["motor"] or "–",
            str(ClusterState(row["state"]).label),
            row["members"],
            row["people"],
        ]
        for row in found
    ]
    title = ngettext("%(count)d cluster", "%(count)d clusters", len(rows)) % {"count": len(rows)}
    return b.Chapter("clusters", title, [b.Table(_("All clusters"), columns, rows, wide=True)], start="follow")


def _told(data: Data) -> list[b.Chapter]:
    """A chapter per goal with what the regions wrote about it."""
    by_goal = {
        "goal_1": "needs",
        "goal_2": "research",
        "goal_3": "uptake",
        "goal_4": "framework",
        "goal_5": "education",
    }
    chapters = []
    for goal in data["goals"]:
        code = by_goal[goal["code"]]
        told: list[object] = [
            b.Section(row["name"], paragraphs(section), long=True)
            for row in data["regions"]
            for section in row["sections"]
            if section["code"] == code and section["text"].strip()
        ]
        if told:
            part = _("Goal %(number)d") % {"number": goal["order"]}
            chapters.append(
                b.Chapter(
                    f"goal{goal['order']}", in_language(goal["name"]), told, part=part, lead=in_language(goal["text"])
                )
            )
    return chapters


def _sizes(data: Data) -> b.Chapter:
    columns = [b.Column(_("Municipalities"))] + [
        b.Column(words, number=True)
        for words in (_("Number"), _("In an established cluster"), _("In a cluster"), _("With an R&D contact"))
    ]
    rows = [
        [
            drawings.size_name(row["size"]).capitalize(),
            row["municipalities"],
            *(
                f"{row[key]} ({words.share(row[key], row['municipalities'])} %)"
                for key in ("established", "in_cluster", "contacts")
            ),
        ]
        for row in data["sizes"]
    ]
    caption = _("Share of municipalities in a cluster, by size, per cent")
    return b.Chapter(
        "sizes",
        _("Small and large municipalities"),
        [
            b.Figure(caption, drawings.sizes_chart(data, charts.PAPER)),
            b.Table(_("Small, medium-sized and large municipalities"), columns, rows, wide=True),
            _size_years(data),
        ],
        lead=f"{words.headline(data)}.",
    )


def _size_years(data: Data) -> b.Table:
    rows = drawings.sizes_over_years(data)
    found = list(dict.fromkeys(row["year"] for row in rows))
    sizes = list(dict.fromkeys(row["size"] for row in rows))
    share = {(row["year"], row["size"]): row["share"] for row in rows}
    columns = [b.Column(_("Year")), *(b.Column(size.capitalize(), number=True) for size in sizes)]
    lines = [[year, *(written(share[year, size], "percent") for size in sizes)] for year in found]
    return b.Table(_("In a cluster, by size and year"), columns, lines)


def _region(row: Data, data: Data) -> b.Chapter:
    facts = [
        (_("Host municipality"), row["host"] or "–"),
        (_("Municipalities"), row["municipalities"]),
        (_("Report"), words.status_word(row["report"])),
    ]
    drawn = drawings.region_map(data, row["slug"])
    content: list[object] = [b.Aside(drawn, facts)]
    content.append(_region_table(row, data))
    if row["sections"]:
        content += [
            b.Text(in_language(section["title"]), paragraphs(section))
            for section in row["sections"]
            if section["code"] in {"summary", "network", "grant_use", "next"}
        ]
    else:
        content.append(
            b.Box(
                _("The region's own words are missing"),
                [
                    b.Paragraph(
                        _(
                            "The report was expected on %(day)s and is not approved. The figures are counted"
                            " from the register."
                        )
                        % {"day": words.day_in_words(row["report"]["due_on"])}
                    )
                ],
            )
        )
    return b.Chapter(f"region-{row['slug']}", row["name"], content, part=_("Region by region"))


def _region_table(row: Data, data: Data) -> b.Table:
    columns = [b.Column(_("Figure")), b.Column(row["name"], number=True), b.Column(_("The country"), number=True)]
    lines = [
        [
            in_language(total["label"]),
            written(row["figures"][code]["value"], total["unit"]),
            written(total["value"], total["unit"]),
        ]
        for code, total in drawings.totals_of(data)
        if code in row["figures"] and row["figures"][code]["value"] is not None
    ]
    return b.Table(_("The region and the country"), columns, lines)


def _missing(data: Data) -> b.Chapter:
    columns = [
        b.Column(words)
        for words in (_("Region"), _("Expected"), pgettext("report", "Received"), _("Status"), _("Approved"))
    ]
    rows = [
        [
            row["name"],
            *(_day(row["report"][key]) for key in ("due_on", "received_on")),
            words.status_word(row["report"]),
            _day(row["report"]["approved_on"]),
        ]
        for row in data["regions"]
    ]
    late = [
        b.Paragraph(f"{row['name']}: {row['report']['late_reason']}", "note")
        for row in data["regions"]
        if row["report"]["late_reason"]
    ]
    part = (
        [_("%(names)s belongs to no region yet.") % {"names": ", ".join(data["unplaced"]["names"])}]
        if data["unplaced"]["names"]
        else []
    )
    return b.Chapter(
        "missing",
        _("What we lack"),
        [
            b.Table(_("Annual reports from the regions"), columns, rows, wide=True),
            b.Paragraph(words.received_line(data), "note"),
            *late,
            *(b.Paragraph(text, "note") for text in part),
        ],
        lead=_("A report must say what it does not know."),
    )


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _definitions(data: Data, checksum: str) -> b.Chapter:
    columns = [b.Column(_("Code"), nowrap=True), b.Column(_("Indicator")), b.Column(_("How it is counted"))]
    rows = [[f"{row['code']} ({row['version']})", in_language(row["name"]), row["how"]] for row in data["indicators"]]
    return b.Chapter(
        "method",
        _("Method and definitions"),
        [
            b.Table(_("Indicators, with the version of the definition"), columns, rows, wide=True, header=1),
            b.Paragraph(
                _("Percentages are rounded. Older reports keep the definitions they were written under."), "note"
            ),
            b.Paragraph(_("Checksum of the figures (SHA-256): %(checksum)s") % {"checksum": grouped(checksum)}, "note"),
        ],
    )
