"""One's own part of the network on one's own page: the active role's region or cluster, or the whole of it, today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.lifecycle import ClusterState
from clusters.reading.maps import cluster_map, country_map, legend, region_map
from clusters.reading.network import ClusterOn, Figures, Member, Network, Place
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Scope


@dataclass(frozen=True)
class AreaFigure:
    label: str
    value: int
    note: str


@dataclass(frozen=True)
class Area:
    """What a role is held in: its name and address, figures, and its map with the key to the colours."""

    name: str
    url: str
    figures: Sequence[AreaFigure]
    map: SafeString
    colours: str
    key: Sequence[tuple[str, Any, int]]


def has_part(role: Appointment | None) -> bool:
    """Roles in a municipality, a call or a partner have none."""
    return role is not None and role.scope in MAKERS


def part_of(role: Appointment, network: Network) -> Area | None:
    """The part of the network the role is about; None when its cluster is no more. Found once, as ``once`` keeps it."""
    place = role.region_id or role.cluster_id
    return network.once(("part", role.scope, place), lambda: MAKERS[role.scope](role, network))


def _whole(_role: Appointment, network: Network) -> Area:
    drawn = country_map(network, ident="mine", is_linked=False)
    return _by_cluster("", "", list(network.places.values()), network.clusters, drawn)


def _region(role: Appointment, network: Network) -> Area:
    row = network.region(role.held_in)
    return _by_cluster(
        str(row.region), row.region.get_absolute_url(), row.places, row.clusters, region_map(network, row)
    )


def _cluster(role: Appointment, network: Network) -> Area | None:
    row = next((row for row in network.clusters if row.cluster.pk == role.cluster_id), None)
    if row is None:
        return None
    places = [member.place for member in row.members]
    figures = [_sizes(places), *_anchoring(row.members)]
    region = network.region(row.cluster.lead_region)
    key = [("tile--marked s-any", _("Member of the cluster"), len(places)), *legend(region.places)["sizes"]]
    drawn = cluster_map(network, row)
    return Area(str(row.cluster), row.cluster.get_absolute_url(), figures, drawn, "by-size", key)


MAKERS = {Scope.NETWORK: _whole, Scope.REGION: _region, Scope.CLUSTER: _cluster}


def _by_cluster(
    name: str, url: str, places: Collection[Place], clusters: Collection[ClusterOn], drawn: SafeString
) -> Area:
    members = [member for cluster in clusters for member in cluster.members]
    figures = [_sizes(places), _membership(places, clusters), *_anchoring(members)]
    return Area(name, url, figures, drawn, "by-cluster", legend(places)["lives"])


def _sizes(places: Collection[Place]) -> AreaFigure:
    found = Figures.of(places)
    values = {"small": found.small, "medium": found.medium, "large": found.large}
    text = _("%(small)d small, %(medium)d medium, %(large)d large") % values
    return AreaFigure(ngettext("municipality", "municipalities", found.total), found.total, text)


def _membership(places: Collection[Place], clusters: Collection[ClusterOn]) -> AreaFigure:
    states = [cluster.state for cluster in clusters]
    values = {
        "established": states.count(ClusterState.ESTABLISHED),
        "on_the_way": states.count(ClusterState.BEING_ESTABLISHED),
    }
    text = _("Clusters: %(established)d established, %(on_the_way)d being established") % values
    return AreaFigure(_("in a cluster"), Figures.of(places).members, text)


def _anchoring(members: Collection[Member]) -> list[AreaFigure]:
    of_all = _("of %(n)d members") % {"n": len(members)}
    return [
        AreaFigure(_("have an R&D contact"), sum(member.place.has_contact for member in members), of_all),
        AreaFigure(
            _("are anchored politically"), sum(bool(member.anchored_politically_on) for member in members), of_all
        ),
    ]
