"""What happened lately in the network, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clusters.lifecycle import State
from clusters.models import ClusterPhase, Membership

LATEST = 5


@dataclass(frozen=True)
class Event:
    """One line of a timeline."""

    at: date
    text: str
    url: str = ""
    who: str = ""


def latest_events(day: date, phases: Sequence[ClusterPhase]) -> list[Event]:
    """The latest changes up to ``day``, newest first: phases of clusters and municipalities that joined."""
    joined = Membership.objects.filter(period__startswith__lte=day).select_related("cluster", "municipality")
    events = [phase_event(phase) for phase in phases[:LATEST]]
    events += [joined_event(row) for row in joined.order_by("-period__startswith", "-pk")[:LATEST]]
    return sorted(events, key=lambda event: event.at, reverse=True)[:LATEST]


def phase_event(phase: ClusterPhase) -> Event:
    texts = {
        State.EXPLORING: _("%(cluster)s began to be explored"),
        State.BEING_ESTABLISHED: _("%(cluster)s began to be established"),
        State.ESTABLISHED: _("%(cluster)s was established"),
        State.DISSOLVED: _("%(cluster)s was dissolved"),
    }
    text = texts[State(phase.state)] % {"cluster": phase.cluster}
    return Event(phase.starts_on, text, phase.cluster.get_absolute_url(), str(phase.cluster.lead_region))


def joined_event(membership: Membership) -> Event:
    text = _("%(municipality)s became a member of %(cluster)s")
    values = {"municipality": membership.municipality, "cluster": membership.cluster}
    return Event(membership.starts_on, text % values, membership.cluster.get_absolute_url())
