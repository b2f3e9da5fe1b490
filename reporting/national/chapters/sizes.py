"""Small municipalities beside large (S12)."""

from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from ksf.documents import charts
from regions.models import Size
from reporting.figures.values import format_value
from reporting.national import drawings, words
from reporting.national.drawings import Data


def small_beside_large(data: Data) -> b.Chapter:
    """Small, medium and large municipalities: in clusters and with contacts, now and over years."""
    columns = [b.Column(_("Municipalities"))] + [
        b.Column(words, number=True)
        for words in (_("How many"), _("In an established cluster"), _("In a cluster"), _("With an R&D contact"))
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
            _shares_by_size(data),
            _size_years(data),
        ],
        lead=f"{words.headline(data)}.",
    )


def _shares_by_size(data: Data) -> b.Table:
    """Every share in the report for the small beside the large: where the difference is, and how great."""
    columns = [
        b.Column(_("Share in each group")),
        *(b.Column(drawings.size_name(size).capitalize(), number=True) for size in Size),
        b.Column(_("Large minus small, percentage points"), number=True),
    ]
    rows = [[label, *words.shares(pairs)] for label, pairs in drawings.shares_by_size(data)]
    return b.Table(_("Where the difference between small and large is"), columns, rows, wide=True)


def _size_years(data: Data) -> b.Table:
    rows = drawings.sizes_over_years(data)
    found = list(dict.fromkeys(row["year"] for row in rows))
    sizes = list(dict.fromkeys(row["size"] for row in rows))
    share = {(row["year"], row["size"]): row["share"] for row in rows}
    columns = [b.Column(_("Year")), *(b.Column(size.capitalize(), number=True) for size in sizes)]
    lines = [[year, *(format_value(share[year, size], "percent") for size in sizes)] for year in found]
    return b.Table(_("In a cluster, by size and year"), columns, lines)
