"""The network as tiles: one hexagon for each municipality, with the classes that colour it."""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from clusters.lifecycle import ClusterState
from clusters.reading.network import LIFE_CLASSES, ClusterOn, Network, Place, RegionOn
from ksf.web import tilemap
from regions.models import Size

LIVES = (
    (ClusterState.ESTABLISHED, gettext_lazy("In an established cluster")),
    (ClusterState.BEING_ESTABLISHED, gettext_lazy("In a cluster being established")),
    (ClusterState.EXPLORING, gettext_lazy("In a cluster being explored")),
    (None, gettext_lazy("In no cluster yet")),
)


def country_map(network: Network, *, ident: str, is_linked: bool = True) -> SafeString:
    """The whole country, regions named beside their tiles. Drawn once while the network is as it is."""
    return network.once(("country", ident, is_linked), lambda: _country_map(network, ident, is_linked=is_linked))


def _country_map(network: Network, ident: str, *, is_linked: bool) -> SafeString:
    tiles = _tiles(network.places.values(), is_linked=is_linked)
    names = {row.region.slug: row.region.name.removeprefix("KSF ") for row in network.regions}
    title = ngettext("Norway's %(n)d municipality", "Norway's %(n)d municipalities", len(tiles)) % {"n": len(tiles)}
    return _web(
        tiles, ident, title, labels={slug: name for slug, name in names.items() if slug in tilemap.COUNTRY_LABELS}
    )


def region_map(network: Network, row: RegionOn) -> SafeString:
    """One region cropped, each municipality a link."""
    title = _("The municipalities of %(region)s") % {"region": row.region}
    return network.once(("region", row.region.pk), lambda: _web(_tiles(row.places), "region", title, is_region=True))


def cluster_map(network: Network, row: ClusterOn) -> SafeString:
    """The cluster's lead region, its own municipalities with a dark edge."""
    region = network.region(row.cluster.lead_region)
    marked = {member.place.municipality.pk for member in row.members}
    return network.once(
        ("cluster", row.cluster.pk),
        lambda: _web(
            _tiles(region.places, marked=marked, is_linked=False),
            "cluster",
            share_of_region(network, row),
            is_region=True,
        ),
    )


def share_of_region(network: Network, row: ClusterOn) -> str:
    """How many of its lead region's municipalities the cluster has, in words."""
    region = network.region(row.cluster.lead_region)
    inside = {member.place for member in row.members} & set(region.places)
    return _("%(n)d of %(all)d in %(region)s") % {"n": len(inside), "all": len(region.places), "region": region.region}


def legend(places: Collection[Place]) -> dict[str, list[tuple[str, Any, int]]]:
    """What the colours mean, with how many municipalities have each: by cluster, by size, by membership."""
    lives = [(LIFE_CLASSES[state], label, sum(place.life == state for place in places)) for state, label in LIVES]
    sizes = [(f"s-{size}", size.label, sum(place.size == size for place in places)) for size in Size]
    numbers = [min(len(place.clusters), 2) for place in places]
    memberships = [
        ("m-one", _("In one cluster"), numbers.count(1)),
        ("m-more", _("In two or more clusters"), numbers.count(2)),
        ("m-none", _("In no cluster yet"), numbers.count(0)),
    ]
    return {"lives": lives, "sizes": sizes, "memberships": memberships}


def _web(
    tiles: list[tilemap.Tile], ident: str, title: str, *, labels: dict[str, str] | None = None, is_region: bool = False
) -> SafeString:
    if not tiles:
        return SafeString("")
    text = ngettext(
        "%(n)d equal hexagon, one for each municipality. The list beside it says the same.",
        "%(n)d equal hexagons, one for each municipality. The list beside it says the same.",
        len(tiles),
    )
    return tilemap.screen_map(
        tiles, ident=ident, title=title, description=text % {"n": len(tiles)}, labels=labels, is_region=is_region
    )


def _tiles(places: Iterable[Place], *, marked: Collection[int] = (), is_linked: bool = True) -> list[tilemap.Tile]:
    rows = [place for place in places if place.municipality.map_q is not None and place.municipality.map_r is not None]
    rows.sort(
        key=lambda place: (
            place.region.order if place.region else 99,
            place.municipality.map_r,
            place.municipality.map_q,
        )
    )
    return [_tile(place, place.municipality.pk in marked, is_linked) for place in rows]


def _tile(place: Place, is_marked: bool, is_linked: bool) -> tilemap.Tile:  # noqa: FBT001
    municipality = place.municipality
    region = str(place.region) if place.region else _("no region yet")
    sizes = {
        "small": pgettext("size of a municipality", "small"),
        "medium": pgettext("size of a municipality", "medium-sized"),
        "large": pgettext("size of a municipality", "large"),
    }
    size = sizes[place.size]
    life = ", ".join(f"{c.cluster} ({c.state.label.lower()})" for c in place.clusters) or _("in no cluster yet")
    membership = ("m-none", "m-one", "m-more")[min(len(place.clusters), 2)]
    region_class = f"r-{place.region.slug}" if place.region else "r-oslo"
    return tilemap.Tile(
        number=municipality.number,
        q=municipality.map_q or 0,
        r=municipality.map_r or 0,
        name=municipality.full_name,
        sub=f"{municipality.number} · {region} · {size}",
        label=f"{municipality.full_name}, {municipality.number}, {region}, {size}, {life}",
        url=municipality.get_absolute_url() if is_linked else "",
        classes=f"{region_class} s-{place.size} {LIFE_CLASSES[place.life]} {membership}",
        is_marked=is_marked,
    )
