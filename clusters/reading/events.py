"""What happened lately in the network, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clusters.lifecycle import ClusterState
from clusters.models import Cluster, ClusterPhase, Membership

LATEST = 5
LOOKED_AT = 60


@dataclass(frozen=True)
class NetworkEvent:
    """One line of a timeline."""

    at: date
    text: str
    url: str = ""
    who: str = ""


def latest_events(day: date, phases: Sequence[ClusterPhase]) -> list[NetworkEvent]:
    """The latest changes up to ``day``, newest first: phases of clusters and municipalities that joined."""
    rows = Membership.objects.filter(period__startswith__lte=day).select_related("cluster", "municipality")
    joined: dict[tuple[date, Cluster], list[Membership]] = {}
    for row in rows.order_by("-period__startswith", "municipality__sort_key")[:LOOKED_AT]:
        joined.setdefault((row.starts_on, row.cluster), []).append(row)
    events = [phase_event(phase) for phase in phases[:LATEST]]
    events += [joined_event(on, cluster, members) for (on, cluster), members in list(joined.items())[:LATEST]]
    return sorted(events, key=lambda event: event.at, reverse=True)[:LATEST]


def phase_event(phase: ClusterPhase) -> NetworkEvent:
    texts = {
        ClusterState.EXPLORING: _("%(cluster)s began to be explored"),
        ClusterState.BEING_ESTABLISHED: _("%(cluster)s began to be established"),
        ClusterState.ESTABLISHED: _("%(cluster)s was established"),
        ClusterState.DISSOLVED: _("%(cluster)s was dissolved"),
    }
    text = texts[ClusterState(phase.state)] % {"cluster": phase.cluster}
    return NetworkEvent(phase.starts_on, text, phase.cluster.get_absolute_url(), str(phase.cluster.lead_region))


def joined_event(on: date, cluster: Cluster, members: Sequence[Membership]) -> NetworkEvent:
    """Those who joined one cluster on one day, as one line."""
    if len(members) == 1:
        text = _("%(municipality)s became a member of %(cluster)s")
        return NetworkEvent(
            on, text % {"municipality": members[0].municipality, "cluster": cluster}, cluster.get_absolute_url()
        )
    text = _("%(n)d municipalities became members of %(cluster)s")
    names = ", ".join(str(row.municipality) for row in members)
    return NetworkEvent(on, text % {"n": len(members), "cluster": cluster}, cluster.get_absolute_url(), names)
