"""The year on one page, and beside earlier years."""

from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from ksf.documents import charts
from reporting.figures.values import format_value
from reporting.national import drawings, words
from reporting.national.drawings import Data
from reporting.snapshot import in_language

KEY = (
    "clusters_established", "in_established_cluster", "small_in_cluster", "contacts",
    "needs_submitted", "endorsements_given", "research_projects", "seed_awards",
)  # fmt: skip


def on_one_page(data: Data) -> b.Chapter:
    """Key figures, and which targets are reached."""
    totals, last = data["totals"], data["earlier"][-1]
    key = [
        b.KeyFigure(
            format_value(totals[code]["value"], totals[code]["unit"]),
            _in_a_sentence(in_language(totals[code]["label"])),
            _("%(value)s in %(year)d")
            % {"value": format_value(last["totals"][code]["value"], totals[code]["unit"]), "year": last["year"]},
        )
        for code in KEY
    ]
    return b.Chapter(
        "year",
        _("The year on one page"),
        [
            b.KeyFigures(key[:4]),
            b.KeyFigures(key[4:]),
            *_against_targets(data),
        ],
        lead=f"{words.headline(data)}. {words.lead(data)}",
        start="left",
    )


def _against_targets(data: Data) -> list[b.Section]:
    """The indicators that have reached the year's target, and those that have not."""
    headings = ((_("Targets reached"), {"reached"}), (_("Targets not reached"), {"nearly", "missed"}))
    found = [(heading, [row for row in data["indicators"] if row["status"] in kinds]) for heading, kinds in headings]
    return [b.Section(heading, [b.Bullets([_standing(row) for row in rows])]) for heading, rows in found if rows]


def _standing(row: Data) -> str:
    return _("%(name)s: %(value)s, target %(target)s") % {
        "name": in_language(row["name"]),
        "value": format_value(row["value"], row["unit"]),
        "target": format_value(row["target"], row["unit"]),
    }


def compared(data: Data) -> b.Chapter:
    """Every figure beside earlier years, the clusters drawn."""
    figure = b.Figure(_("Clusters at the end of the year"), drawings.clusters_chart(data, charts.PAPER))
    return b.Chapter("compared", _("Compared with earlier years"), [figure, _years_table(data)])


def _years_table(data: Data) -> b.Table:
    """Every figure that adds up, this year and earlier."""
    found = drawings.years(data)
    columns = [b.Column(_("Figure")), *(b.Column(str(year), number=True) for year, _totals in found)]
    rows = [
        [
            in_language(row["label"]),
            *(format_value(totals.get(code, {"value": None})["value"], row["unit"]) for _year, totals in found),
        ]
        for code, row in drawings.moving(data)
    ]
    return b.Table(_("The figures compared with earlier years"), columns, rows, wide=True)


def _in_a_sentence(label: str) -> str:
    """The label with a small first letter; abbreviations further on keep theirs."""
    return label[:1].lower() + label[1:]
