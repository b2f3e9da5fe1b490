"""The chapters on the year as a whole: how to read it, its key figures, and how far the goals are reached."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from ksf.documents import blocks, charts
from reporting.figures.values import format_value
from reporting.national import comparisons, drawings, sentences
from reporting.stored.national import NationalData, NationalIndicator

KEY_FIGURES = (
    "clusters_established", "in_established_cluster", "small_in_cluster", "contacts",
    "needs_submitted", "endorsements_given", "research_projects", "seed_awards",
)  # fmt: skip
A_ROW = 4


def how_to_read(data: NationalData) -> blocks.Chapter:
    """How figures, sizes and map are meant, and what is missing."""
    return blocks.Chapter(
        "reading",
        _("How to read the report"),
        [
            _section(
                _("The figures"),
                _(
                    "The figures are from the KSF portal and from the annual reports of the regions"
                    " that are approved. Run again for"
                    " a published year, the report gives the same figures."
                ),
            ),
            _section(
                _("Small and large"),
                _(
                    "KSF exists to even out differences between small and large municipalities. Small"
                    " ones have fewer than 5,000"
                    " inhabitants, medium-sized 5,000 to 19,999, and large 20,000 or more, counted on"
                    " 1 January of the year."
                ),
            ),
            _section(_("The map"), _("Every municipality is an equally large hexagon. Their places are approximate.")),
            _section(_("What is missing"), sentences.reports_received(data), *_reports_not_in_place(data)),
        ],
    )


def _section(heading: str, *texts: str) -> blocks.Section:
    return blocks.Section(heading, [blocks.Paragraph(text) for text in texts], long=True)


def _reports_not_in_place(data: NationalData) -> Sequence[str]:
    return sentences.reports_not_approved(data) or [_("All regions have reported, and every report is approved.")]


def year_on_one_page(data: NationalData) -> blocks.Chapter:
    """Key figures, and which targets are reached."""
    key_figures = [_key_figure(data, code) for code in KEY_FIGURES]
    return blocks.Chapter(
        "year",
        _("The year on one page"),
        [
            blocks.KeyFigures(key_figures[:A_ROW]),
            blocks.KeyFigures(key_figures[A_ROW:]),
            *_against_targets(data),
        ],
        lead=f"{sentences.headline(data)}. {sentences.basis(data)}",
        start="left",
    )


def _key_figure(data: NationalData, code: str) -> blocks.KeyFigure:
    total, last = data.totals[code], data.earlier[-1]
    return blocks.KeyFigure(
        format_value(total.value, total.unit),
        _uncapitalised(str(total.label)),
        _("%(value)s in %(year)d") % {"value": format_value(last.totals[code].value, total.unit), "year": last.year},
    )


def _uncapitalised(label: str) -> str:
    """The label with a small first letter; abbreviations further on keep theirs."""
    return label[:1].lower() + label[1:]


def _against_targets(data: NationalData) -> list[blocks.Section]:
    """The indicators that have reached the year's target, and those that have not."""
    reached = [row for row in data.indicators if row.status == "reached"]
    not_reached = [row for row in data.indicators if row.status in {"nearly", "missed"}]
    lists = ((_("Targets reached"), reached), (_("Targets not reached"), not_reached))
    return [
        blocks.Section(heading, [blocks.Bullets([_value_and_target(row) for row in rows])])
        for heading, rows in lists
        if rows
    ]


def _value_and_target(row: NationalIndicator) -> str:
    return _("%(name)s: %(value)s, target %(target)s") % {
        "name": row.name,
        "value": format_value(row.value, row.unit),
        "target": format_value(row.target, row.unit),
    }


def earlier_years(data: NationalData) -> blocks.Chapter:
    """Every figure beside earlier years, the clusters drawn."""
    chart = blocks.Figure(_("Clusters at the end of the year"), drawings.clusters_chart(data, charts.PAPER))
    years = comparisons.totals_by_year(data)
    columns = [blocks.Column(_("Figure")), *(blocks.Column(str(row.year), number=True) for row in years)]
    rows = [
        [str(total.label), *(format_value(row.value(code), total.unit) for row in years)]
        for code, total in comparisons.totals_to_show(data)
    ]
    table = blocks.Table(_("The figures compared with earlier years"), columns, rows, wide=True)
    return blocks.Chapter("compared", _("Compared with earlier years"), [chart, table])


def goals(data: NationalData) -> blocks.Chapter:
    """Every indicator with the year before, the target and how near it is."""
    columns = [
        blocks.Column(_("Code"), nowrap=True),
        blocks.Column(_("Indicator")),
        blocks.Column(str(data.year - 1), number=True),
        blocks.Column(str(data.year), number=True),
        blocks.Column(_("Target"), number=True),
        blocks.Column(_("Status"), nowrap=True),
    ]
    rows: list[Sequence[object] | blocks.Group] = []
    for goal in data.goals:
        found = [row for row in data.indicators if row.goal == goal.code and row.value is not None]
        if found:
            rows.append(blocks.Group(f"{goal.order} {goal.name}"))
        rows += [_indicator_row(row) for row in found]
    notes = (_("“Nearly” means at least 85 per cent of the target."), sentences.indicators_without_figures(data))
    return blocks.Chapter(
        "goals",
        _("How far the goals are reached"),
        [
            blocks.Table(_("Main goals and indicators"), columns, rows, wide=True, header=1),
            *(blocks.Paragraph(text, "note") for text in notes if text),
        ],
    )


def _indicator_row(row: NationalIndicator) -> list[str]:
    return [
        row.code,
        str(row.name),
        format_value(row.last, row.unit),
        format_value(row.value, row.unit),
        format_value(row.target, row.unit),
        sentences.target_status_text(row.status),
    ]
