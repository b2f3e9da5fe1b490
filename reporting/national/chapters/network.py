"""Who takes part: the municipalities on the map, and the clusters."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.lifecycle import ClusterState
from ksf.documents import blocks as b
from ksf.documents import charts
from reporting.figures.values import format_value
from reporting.national import drawings
from reporting.national.drawings import Data


def who_takes_part(data: Data) -> b.Chapter:
    """Municipalities in established clusters, by region, with the map."""
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
        format_value(total["value"], "percent"),
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
    return [figure["count"], format_value(figure["value"], "percent")]


def clusters(data: Data) -> b.Chapter:
    """All clusters, established ones first."""
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
