"""What the network shows on the public front page: the map, the figures, the regions."""

from typing import Any

from django.http import HttpRequest

from clusters.lifecycle import State
from clusters.maps import country_map
from clusters.network import Network
from ksf import panels
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


def _today(request: Any) -> Network:
    """The network of today, read once for the three panels of one request."""
    if not hasattr(request, "network"):
        request.network = Network.on(today())
    return request.network
