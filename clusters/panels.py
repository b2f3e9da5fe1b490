"""What the network shows on the front page and on a coordinator's own: the map, the figures, the regions."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from clusters.lifecycle import State
from clusters.maps import country_map, legend, region_map
from clusters.network import Network, RegionOn
from ksf import panels
from ksf.accounts.roles import Role
from ksf.periods import today


@panels.on("front", order=10)
def front_map(request: HttpRequest, _subject: Any) -> panels.Panel:
    return panels.Panel(
        "clusters/front_map.html", {"map": country_map(_today(request), ident="front", is_linked=False)}, "hero"
    )


@panels.on("front", order=10)
def front_figures(request: HttpRequest, _subject: Any) -> panels.Panel:
    network = _today(request)
    counts = {
        "established": State.ESTABLISHED,
        "being_established": State.BEING_ESTABLISHED,
        "exploring": State.EXPLORING,
    }
    figures = {name: network.count(state) for name, state in counts.items()}
    return panels.Panel("clusters/front_figures.html", {"members": network.figures, **figures}, "figures")


@panels.on("front", order=10)
def front_regions(request: HttpRequest, _subject: Any) -> panels.Panel:
    return panels.Panel("clusters/front_regions.html", {"network": _today(request)}, "aside")


@panels.on("my_page", order=20)
def my_regions(request: HttpRequest, _subject: Any) -> panels.Panel | None:
    """How things stand today in the regions one coordinates."""
    rows = _coordinated(request)
    return panels.Panel("clusters/my_regions.html", {"rows": rows}) if rows else None


@panels.on("my_page", order=20)
def my_region_map(request: HttpRequest, _subject: Any) -> panels.Panel | None:
    """The map of the region one coordinates, when it is one."""
    rows = _coordinated(request)
    if len(rows) != 1:
        return None
    (row,) = rows
    network, title = _today(request), _("The municipalities of %(region)s") % {"region": row.region}
    drawn = network.once(("my map", row.region.slug), lambda: region_map(row, ident="region", title=title))
    lives = network.once(("lives", row.region.slug), lambda: legend(row.places)["lives"])
    return panels.Panel("clusters/my_region_map.html", {"map": drawn, "lives": lives, "title": title}, "aside")


def _coordinated(request: Any) -> list[RegionOn]:
    own = request.user.region_ids(Role.REGIONAL_COORDINATOR)
    return [row for row in _today(request).regions if row.region.pk in own] if own else []


def _today(request: Any) -> Network:
    """The network of today, read once for the three panels of one request."""
    if not hasattr(request, "network"):
        request.network = Network.on(today())
    return request.network
