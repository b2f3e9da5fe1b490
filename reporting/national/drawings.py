"""The national report's charts and maps, for paper and for the web, from its data alone. Set the language first."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ksf import palette
from ksf.documents import charts
from ksf.web import tilemap
from regions.models import Size
from reporting.snapshot import in_language

REGION_COLOURS = {slug: colour.light for slug, colour in palette.REGIONS.items()} | {"": palette.OSLO.light}
FAINT = 0.36
STATE_CLASSES = {"established": "c-est", "being_established": "c-being", "exploring": "c-expl", "": "c-none"}

Data = dict[str, Any]


def sizes_over_years(data: Data) -> list[dict[str, Any]]:
    """Shares of small, medium and large municipalities in a cluster, per cent, one row per year and size."""
    rows = []
    for year, totals in years(data):
        for size, (part, whole) in sizes_of(totals["in_cluster"]):
            share = round(100 * part / whole) if whole else 0
            rows.append({"year": str(year), "size": size_name(size), "share": share})
    return rows


def regions_by_share(data: Data) -> list[dict[str, Any]]:
    """Regions by their share of municipalities in a cluster, per cent, highest first; empty regions are left out."""
    rows = [
        {"region": row["name"], "share": round(row["figures"]["in_cluster"]["value"])}
        for row in data["regions"]
        if (row["figures"].get("in_cluster") or {"value": None})["value"] is not None
    ]
    return sorted(rows, key=lambda row: -row["share"])


def clusters_over_years(data: Data) -> list[dict[str, Any]]:
    """Established clusters and those being established at the end of each year."""
    rows = []
    for code, word in (
        ("clusters_established", _("Established")),
        ("clusters_being_established", _("Being established")),
    ):
        rows += [{"year": str(year), "what": word, "count": totals[code]["count"]} for year, totals in years(data)]
    return rows


def totals_of(data: Data) -> list[tuple[str, Data]]:
    """Each figure's code and total in the report's order, which stored JSON does not keep."""
    return [(code, data["totals"][code]) for code in data["order"]]


def years(data: Data) -> list[tuple[int, Data]]:
    """The earlier years and this one with their totals, oldest first."""
    return [*((row["year"], row["totals"]) for row in data["earlier"]), (data["year"], data["totals"])]


def moving(data: Data) -> list[tuple[str, Data]]:
    """Those of the figures that are something in one of the years: what is nothing in all of them says nothing."""
    found = years(data)
    return [
        (code, total)
        for code, total in totals_of(data)
        if any(totals.get(code, {"value": None})["value"] for _year, totals in found)
    ]


def shares_by_size(data: Data) -> list[tuple[str, list[list[int]]]]:
    """Each figure that is a share and has small and large ones: its label, and part and whole by size."""
    rows = []
    for _code, total in moving(data):
        sizes = dict(sizes_of(total))
        has_both = all(sizes.get(size.value, [0, 0])[1] for size in (Size.SMALL, Size.LARGE))
        if total["of"] is not None and has_both:
            rows.append((in_language(total["label"]), [sizes.get(size.value, [0, 0]) for size in Size]))
    return rows


def sizes_of(row: Data) -> list[tuple[str, list[int]]]:
    """A figure's sizes, small ones first."""
    return [(size.value, row["sizes"][size.value]) for size in Size if size.value in row["sizes"]]


def size_name(size: str) -> str:
    return {Size.SMALL: _("small"), Size.MEDIUM: _("medium-sized"), Size.LARGE: _("large")}[Size(size)]


def sizes_chart(data: Data, style: charts.Style) -> SafeString:
    title = _(
        "Share of small, medium-sized and large municipalities in a cluster, per cent. The figures are in the table."
    )
    return charts.grouped_bar(
        sizes_over_years(data),
        category="year",
        value="share",
        series="size",
        title=title,
        style=style,
        label=style.width * 0.12,
    )


def regions_chart(data: Data, style: charts.Style) -> SafeString:
    title = _("Share of each region's municipalities in a cluster, per cent. The figures are in the table.")
    return charts.bar(
        regions_by_share(data), category="region", value="share", title=title, style=style, label=style.width * 0.27
    )


def clusters_chart(data: Data, style: charts.Style) -> SafeString:
    title = _("Clusters at the end of each year. The figures are in the table.")
    return charts.grouped_bar(
        clusters_over_years(data),
        category="year",
        value="count",
        series="what",
        title=title,
        style=style,
        label=style.width * 0.12,
    )


def _tiles(data: Data) -> list[tuple[tilemap.Tile, str, str]]:
    """Each tile with its region and how far its furthest cluster has come."""
    return [
        (tilemap.Tile(number, q, r, name, classes=f"s-{size} {STATE_CLASSES[state]}"), region, state)
        for number, name, q, r, region, size, state in data["tiles"]
    ]


def web_map(data: Data) -> SafeString | str:
    """The country by cluster; nothing where no municipality has a place on the map."""
    tiles = [tile for tile, _region, _state in _tiles(data)]
    if not tiles:
        return ""
    return tilemap.web(
        tiles,
        ident="national",
        title=_("The municipalities by cluster"),
        description=_("%(count)d equal hexagons, one for each municipality. The list beside it says the same.")
        % {"count": len(tiles)},
    )


def paper_map(data: Data) -> SafeString | str:
    """The country in the regions' colours: dark where the municipality is in an established cluster."""
    found = _tiles(data)
    if not found:
        return ""
    layers = []
    for region, colour in REGION_COLOURS.items():
        layers.append(tilemap.Layer([t for t, r, s in found if r == region and s == "established"], colour))
        layers.append(tilemap.Layer([t for t, r, s in found if r == region and s != "established"], colour, FAINT))
    labels = [
        tilemap.Label(
            *tilemap.PAPER_LABELS[row["slug"]][:2], row["name"], tilemap.PAPER_LABELS[row["slug"]][2], _count(row)
        )
        for row in data["regions"]
        if row["slug"] in tilemap.PAPER_LABELS
    ]
    title = _(
        "Map of Norway with equal hexagons, one for each municipality, coloured by region. Dark ones are in an"
        " established cluster. The figures are in the table on the next page."
    )
    return tilemap.paper(layers, radius=7.2, title=title, labels=labels, left=62)


def region_map(data: Data, slug: str) -> SafeString | str:
    """The country in grey with one region in its colour."""
    found = _tiles(data)
    if not found:
        return ""
    layers = [
        tilemap.Layer([t for t, r, _s in found if r != slug], palette.OTHER_REGIONS),
        tilemap.Layer([t for t, r, _s in found if r == slug], REGION_COLOURS.get(slug, REGION_COLOURS[""])),
    ]
    return tilemap.paper(layers, radius=2.15, title=_("Where the region lies"))


def cover(data: Data) -> SafeString | str:
    """The tiles of the whole country, as decoration."""
    tiles = [tile for tile, _region, _state in _tiles(data)]
    return tilemap.paper([tilemap.Layer(tiles, palette.COVER_TILES)], radius=8.2) if tiles else ""


def _count(row: Data) -> str:
    figure = row["figures"].get("in_established_cluster") or {"count": 0, "of": row["municipalities"]}
    return _("%(count)d of %(all)d") % {"count": figure["count"] or 0, "all": figure["of"] or row["municipalities"]}
