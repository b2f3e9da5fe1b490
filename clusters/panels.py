"""What the network shows on the front page and on one's own page: maps, figures, regions."""

from typing import Any

from clusters.lifecycle import ClusterState
from clusters.reading.maps import country_map
from clusters.reading.my_part import Area, has_part, part_of
from clusters.reading.network import Network
from clusters.reading.people import contact_of
from ksf import panels
from ksf.periods import today
from ksf.web.requests import Request


@panels.on("front", order=10)
def front_map(request: Request, _subject: None) -> panels.Panel:
    return panels.Panel(
        "clusters/front_map.html", {"map": country_map(_today(request), ident="front", is_linked=False)}, "hero"
    )


@panels.on("front", order=10)
def front_figures(request: Request, _subject: None) -> panels.Panel:
    network = _today(request)
    figures = network.once("front_figures", lambda: _figures(network))
    return panels.Panel("clusters/front_figures.html", figures, "figures")


def _figures(network: Network) -> dict[str, Any]:
    counts = {
        "established": ClusterState.ESTABLISHED,
        "being_established": ClusterState.BEING_ESTABLISHED,
        "exploring": ClusterState.EXPLORING,
    }
    return {"members": network.figures, **{name: network.count(state) for name, state in counts.items()}}


@panels.on("front", order=10)
def front_regions(request: Request, _subject: None) -> panels.Panel:
    return panels.Panel("clusters/front_regions.html", {"network": _today(request)}, "aside")


@panels.on("contact")
def whom_to_write_to(request: Request, _subject: None) -> panels.Panel | None:
    """Each region's host and coordinator, with the address where it may be shown."""
    rows = [
        (row, [contact_of(held, request.user) for held in row.coordinators])
        for row in _today(request).regions
        if row.host or row.coordinators
    ]
    return panels.Panel("clusters/contact_regions.html", {"rows": rows}) if rows else None


@panels.on("my_page", order=30)
def my_part_in_figures(request: Request, _subject: None) -> panels.Panel | None:
    """How the active role's region or cluster, or the whole network, stands today."""
    part = _part(request)
    return panels.Panel("clusters/my_part.html", {"part": part}) if part else None


@panels.on("my_page", order=30)
def my_part_on_the_map(request: Request, _subject: None) -> panels.Panel | None:
    part = _part(request)
    return panels.Panel("clusters/my_map.html", {"part": part}, "aside") if part else None


def _part(request: Any) -> Area | None:  # Any: a request that keeps what is found
    """The part of the network the role is about, found once for the panels of one request."""
    role = request.user.active_role
    if not hasattr(request, "part"):
        request.part = part_of(role, _today(request)) if has_part(role) else None
    part: Area | None = request.part
    return part


def _today(request: Any) -> Network:  # Any: a request that keeps what is read
    """The network of today, read once for the panels of one request."""
    if not hasattr(request, "network"):
        request.network = Network.on(today())
    return request.network
