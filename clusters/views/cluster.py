from copy import copy
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from clusters.actions import cluster_actions, may_edit_cluster, member_rows
from clusters.lifecycle import ClusterState
from clusters.models import LEAST_POSITION, Cluster, PartnerTerm
from clusters.reading.goals import requirements
from clusters.reading.maps import cluster_map, share_of_region
from clusters.reading.network import ClusterOn, Network
from clusters.reading.people import contact_of
from ksf import panels
from ksf.actor import Actor
from ksf.web import render_page
from ksf.web.asof import as_of
from ksf.web.requests import Request

LINE = [ClusterState.EXPLORING, ClusterState.BEING_ESTABLISHED, ClusterState.ESTABLISHED]


@login_not_required
@require_safe
def cluster(request: Request, slug: str) -> HttpResponse:
    """A cluster on a day: how far it has come, members with their checklist, motor, what is missing."""
    shown = as_of(request)
    found = Network.on(shown.day)
    row = next((row for row in found.clusters if row.cluster.slug == slug), None)
    subject = copy(row.cluster) if row else get_object_or_404(Cluster.objects.select_related("lead_region"), slug=slug)
    made = panels.of("cluster", request, subject) if shown.is_today else []
    context = {
        "shown": shown, "cluster": subject, "row": row, "least_position": LEAST_POSITION,
        "partners": PartnerTerm.objects.on(shown.day).of(subject).with_names(),
        **found.once(("past", slug), lambda: _past(subject, shown.day)),
        "actions": cluster_actions(request.user, subject, row),
        "sees_history": request.user.has_perm("clusters.see_history", subject),
        "may_edit": may_edit_cluster(request.user, subject),
        "main": [panel for panel in made if panel.place == "main"],
        "aside": [panel for panel in made if panel.place == "aside"],
    }  # fmt: skip
    if not row:
        context["absence"] = _absence(subject, context["state"])
    else:
        context |= _living(row, found, subject, request.user)
    return render_page(request, "clusters/cluster.html", context)


def _living(row: ClusterOn, found: Network, subject: Cluster, user: Actor) -> dict[str, Any]:
    ordered = sorted(row.members, key=lambda member: member.place.municipality.sort_key)
    return {
        "members": (members := member_rows(user, subject, ordered)),
        "has_member_actions": any(member.may_anchor or member.may_end for member in members),
        "requirements": requirements(row),
        "contacts": [contact_of(held, user) for held in row.coordinators],
        "map": cluster_map(found, row),
        "map_title": share_of_region(found, row),
        "how_many": ngettext("%(n)d member", "%(n)d members", len(row.members)) % {"n": len(row.members)},
    }


def _past(subject: Cluster, day: date) -> dict[str, Any]:
    """Phases and motor terms that had begun on the day, newest first, and where it stood."""
    phases = [phase for phase in subject.phases.all() if phase.starts_on <= day]
    terms = subject.motor_terms.select_related("membership__municipality")
    now = next((phase for phase in reversed(phases) if phase.is_in_force_on(day)), None)
    return {
        "line": [*LINE, ClusterState.DISSOLVED] if now and now.state == ClusterState.DISSOLVED else LINE,
        "state": now.state if now else "",
        "state_label": ClusterState(now.state).label if now else "",
        "tone": Cluster.TONES.get(ClusterState(now.state), "neutral") if now else "neutral",
        "since": phases[0].starts_on if phases else None,
        "dates": {phase.state: phase.starts_on for phase in phases},
        "terms": [term for term in reversed(terms) if term.starts_on <= day],
    }


def _absence(subject: Cluster, state: str) -> str:
    """Why there is no more to show of it on the day."""
    if state == ClusterState.DISSOLVED:
        return f"{gettext('The cluster is dissolved.')} {subject.dissolved_reason}"
    return gettext("The cluster had not begun on this day.")
