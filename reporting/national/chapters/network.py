"""The chapters on the network: the municipalities on the map, the clusters, and small municipalities beside large."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.lifecycle import ClusterState
from ksf.documents import blocks, charts
from regions.models import Size
from reporting.figures.values import format_value
from reporting.national import comparisons, drawings, sentences
from reporting.stored.national import NationalData, NationalRegion, OutsideRegions, SizeTotals
from reporting.stored.values import ShareOfSize


def who_takes_part(data: NationalData) -> blocks.Chapter:
    """Municipalities in established clusters, by region, with the map."""
    content: list[object] = []
    country_map = drawings.paper_map(data)
    if country_map:
        content.append(blocks.Map(country_map, _map_notes()))
    content.append(_established_table(data, alone=bool(country_map)))
    if comparisons.cluster_shares_by_region(data):
        caption = _("Share of municipalities in a cluster, by region, per cent")
        content.append(blocks.Figure(caption, drawings.regions_chart(data, charts.PAPER)))
    return blocks.Chapter("who", _("Who takes part"), content)


def _map_notes() -> list[str]:
    return [
        _("Each hexagon is a municipality. Dark: in an established cluster. Light: not in one."),
        _("The number under the name says how many of the region's municipalities are in an established cluster."),
    ]


def _established_table(data: NationalData, *, alone: bool) -> blocks.Table:
    columns = [
        blocks.Column(_("Region")),
        blocks.Column(_("Municipalities"), number=True),
        blocks.Column(_("In an established cluster"), number=True),
        blocks.Column(_("Share"), number=True),
    ]
    rows = [_established_row(region.name, region) for region in data.regions]
    if data.unplaced.names:
        name = _("No region yet: %(names)s") % {"names": ", ".join(data.unplaced.names)}
        rows.append(_established_row(name, data.unplaced))
    total = data.totals[comparisons.IN_ESTABLISHED_CLUSTER]
    municipalities = sum(region.municipalities for region in data.regions) + data.unplaced.municipalities
    return blocks.Table(
        _("Municipalities in an established cluster, by region"),
        columns,
        rows,
        total=[_("Total"), municipalities, total.count, format_value(total.value, "percent")],
        wide=True,
        alone=alone,
    )


def _established_row(name: str, place: NationalRegion | OutsideRegions) -> list[object]:
    figure = place.figures.get(comparisons.IN_ESTABLISHED_CLUSTER)
    count, value = (figure.count, figure.value) if figure else (None, None)
    return [name, place.municipalities, count, format_value(value, "percent")]


def clusters(data: NationalData) -> blocks.Chapter:
    """All clusters, established ones first."""
    regions = {region.slug: region.name for region in data.regions}
    columns = [
        blocks.Column(_("Cluster")),
        blocks.Column(_("Region"), nowrap=True),
        blocks.Column(_("Motor municipality")),
        blocks.Column(_("State")),
        blocks.Column(_("Municipalities"), number=True),
        blocks.Column(_("Inhabitants"), number=True),
    ]
    found = sorted(data.clusters, key=lambda row: (row.state != ClusterState.ESTABLISHED, row.region, row.name))
    rows = [
        [
            row.name,
            regions.get(row.region, ""),
            row.motor or "–",
            str(ClusterState(row.state).label),
            row.members,
            row.people,
        ]
        for row in found
    ]
    title = ngettext("%(count)d cluster", "%(count)d clusters", len(rows)) % {"count": len(rows)}
    table = blocks.Table(_("All clusters"), columns, rows, wide=True)
    return blocks.Chapter("clusters", title, [table], start="follow")


def small_beside_large(data: NationalData) -> blocks.Chapter:
    """Small, medium and large municipalities: in clusters and with contacts, now and over years (S12)."""
    caption = _("Share of municipalities in a cluster, by size, per cent")
    return blocks.Chapter(
        "sizes",
        _("Small and large municipalities"),
        [
            blocks.Figure(caption, drawings.sizes_chart(data, charts.PAPER)),
            _sizes_table(data),
            _differences_table(data),
            _sizes_by_year_table(data),
        ],
        lead=f"{sentences.headline(data)}.",
    )


def _sizes_table(data: NationalData) -> blocks.Table:
    columns = [
        blocks.Column(_("Municipalities")),
        blocks.Column(_("How many"), number=True),
        blocks.Column(_("In an established cluster"), number=True),
        blocks.Column(_("In a cluster"), number=True),
        blocks.Column(_("With an R&D contact"), number=True),
    ]
    rows = [_size_row(group) for group in data.sizes]
    return blocks.Table(_("Small, medium-sized and large municipalities"), columns, rows, wide=True)


def _size_row(group: SizeTotals) -> list[object]:
    shares = [ShareOfSize(part, group.municipalities) for part in (group.established, group.in_cluster, group.contacts)]
    return [
        comparisons.size_name(group.size).capitalize(),
        group.municipalities,
        *(f"{share.part} ({share.percent} %)" for share in shares),
    ]


def _differences_table(data: NationalData) -> blocks.Table:
    """Every share in the report for the small beside the large: where the difference is, and how great."""
    columns = [
        blocks.Column(_("Share in each group")),
        *(blocks.Column(comparisons.size_name(size).capitalize(), number=True) for size in Size),
        blocks.Column(_("Large minus small, percentage points"), number=True),
    ]
    rows = [[str(label), *sentences.share_texts(shares)] for label, shares in comparisons.shares_by_size(data)]
    return blocks.Table(_("Where the difference between small and large is"), columns, rows, wide=True)


def _sizes_by_year_table(data: NationalData) -> blocks.Table:
    numbers = comparisons.cluster_shares_by_year(data)
    columns = [
        blocks.Column(_("Year")),
        *(blocks.Column(name.capitalize(), number=True) for name in numbers.columns),
    ]
    rows = [[str(year), *(format_value(share, "percent") for share in shares)] for year, shares in numbers.rows]
    return blocks.Table(_("In a cluster, by size and year"), columns, rows)
