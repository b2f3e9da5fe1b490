"""The national report's charts and maps, for paper and for the web, from its data alone. Set the language first."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ksf import palette
from ksf.documents import charts
from ksf.web import tilemap
from reporting.national import comparisons
from reporting.stored.national import MunicipalityTile, NationalData, NationalRegion

NO_REGION = ""
REGION_COLOURS = {slug: colour.light for slug, colour in palette.REGIONS.items()} | {NO_REGION: palette.OSLO.light}
FAINT = 0.36
STATE_CLASSES = {"established": "c-est", "being_established": "c-being", "exploring": "c-expl", "": "c-none"}


def sizes_chart(data: NationalData, style: charts.Style) -> SafeString:
    title = _(
        "Share of small, medium-sized and large municipalities in a cluster, per cent. The figures are in the table."
    )
    return _bars_by_year(comparisons.cluster_shares_by_year(data), title, style)


def clusters_chart(data: NationalData, style: charts.Style) -> SafeString:
    title = _("Clusters at the end of each year. The figures are in the table.")
    return _bars_by_year(comparisons.clusters_by_year(data), title, style)


def regions_chart(data: NationalData, style: charts.Style) -> SafeString:
    title = _("Share of each region's municipalities in a cluster, per cent. The figures are in the table.")
    rows = [row._asdict() for row in comparisons.cluster_shares_by_region(data)]
    return charts.bar(rows, category="region", value="percent", title=title, style=style, label=style.width * 0.27)


def _bars_by_year(numbers: comparisons.NumbersByYear, title: str, style: charts.Style) -> SafeString:
    rows = [{"year": str(row.year), "column": row.column, "number": row.number} for row in numbers.numbers]
    return charts.grouped_bar(
        rows, category="year", value="number", series="column", title=title, style=style, label=style.width * 0.12
    )


def web_map(data: NationalData) -> SafeString | str:
    """The country by cluster; nothing where no municipality has a place on the map."""
    if not data.tiles:
        return ""
    return tilemap.screen_map(
        [_tile(row) for row in data.tiles],
        ident="national",
        title=_("The municipalities by cluster"),
        description=_("%(count)d equal hexagons, one for each municipality. The list beside it says the same.")
        % {"count": len(data.tiles)},
    )


def paper_map(data: NationalData) -> SafeString | str:
    """The country in the regions' colours: dark where the municipality is in an established cluster."""
    if not data.tiles:
        return ""
    layers = []
    for region, colour in REGION_COLOURS.items():
        tiles = [row for row in data.tiles if row.region == region]
        layers.append(tilemap.Layer([_tile(row) for row in tiles if row.state == "established"], colour))
        layers.append(tilemap.Layer([_tile(row) for row in tiles if row.state != "established"], colour, FAINT))
    labels = [_region_label(region) for region in data.regions if region.slug in tilemap.PAPER_LABELS]
    title = _(
        "Map of Norway with equal hexagons, one for each municipality, coloured by region. Dark ones are in an"
        " established cluster. The figures are in the table on the next page."
    )
    return tilemap.paper_map(layers, radius=7.2, title=title, labels=labels, left=62)


def region_map(data: NationalData, slug: str) -> SafeString | str:
    """The country in grey with one region in its colour."""
    if not data.tiles:
        return ""
    layers = [
        tilemap.Layer([_tile(row) for row in data.tiles if row.region != slug], palette.OTHER_REGIONS),
        tilemap.Layer(
            [_tile(row) for row in data.tiles if row.region == slug],
            REGION_COLOURS.get(slug, REGION_COLOURS[NO_REGION]),
        ),
    ]
    return tilemap.paper_map(layers, radius=2.15, title=_("Where the region lies"))


def cover(data: NationalData) -> SafeString | str:
    """The tiles of the whole country, as decoration."""
    tiles = [_tile(row) for row in data.tiles]
    return tilemap.paper_map([tilemap.Layer(tiles, palette.COVER_TILES)], radius=8.2) if tiles else ""


def _tile(row: MunicipalityTile) -> tilemap.Tile:
    return tilemap.Tile(row.number, row.q, row.r, row.name, classes=f"s-{row.size} {STATE_CLASSES[row.state]}")


def _region_label(region: NationalRegion) -> tilemap.Label:
    """The region's name on the map, with how many of its municipalities are in an established cluster."""
    x, y, anchor = tilemap.PAPER_LABELS[region.slug]
    figure = region.figures.get(comparisons.IN_ESTABLISHED_CLUSTER)
    count = (figure and figure.count) or 0
    every = (figure and figure.of) or region.municipalities
    return tilemap.Label(x, y, region.name, anchor, _("%(count)d of %(all)d") % {"count": count, "all": every})
