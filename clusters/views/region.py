from collections.abc import Iterable
from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from clusters.actions import name_regional_coordinator, region_actions
from clusters.models import PartnerTerm
from clusters.reading.goals import anchoring_of
from clusters.reading.maps import legend, region_map
from clusters.reading.network import Network, RegionOn
from clusters.reading.people import contact_of
from ksf import panels
from ksf.actor import Actor
from ksf.web import render_page
from ksf.web.asof import as_of
from ksf.web.requests import Request
from regions.models import HandoverProposal, Partner, Region


@login_not_required
@require_safe
def region(request: Request, slug: str) -> HttpResponse:
    """A region on a day: host, coordinator, clusters, municipalities, anchoring."""
    shown = as_of(request)
    found = Network.on(shown.day)
    row = next((row for row in found.regions if row.region.slug == slug), None)
    if row is None:
        raise Http404
    made = panels.of("region", request, row.region) if shown.is_today else []
    context = {
        "shown": shown, "row": row, "region": row.region, "figures": row.figures,
        "counties": _counties(row.places), "anchoring": anchoring_of(row.memberships),
        **found.once(("hosting", slug), lambda: _hosting(row, shown.day)),
        "contacts": [contact_of(held, request.user) for held in row.coordinators],
        "partners": PartnerTerm.objects.on(shown.day).of(row.region).with_names(),
        "map": region_map(found, row),
        "lives": found.once(("lives", slug), lambda: legend(row.places)["lives"]),
        "places": sorted(row.places, key=lambda place: place.municipality.sort_key),
        "main": [panel for panel in made if panel.place == "main"],
        "aside": [panel for panel in made if panel.place == "aside"],
        "actions": region_actions(request.user, row.region),
        "appoint": name_regional_coordinator(request.user, row.region),
        "may_edit": request.user.has_perm("clusters.edit_region", row.region),
        "waiting": _waiting(request.user, row.region),
        "sees_history": request.user.has_perm("regions.see_history", row.region),
    }  # fmt: skip
    return render_page(request, "clusters/region.html", context)


def _hosting(row: RegionOn, day: date) -> dict:
    """Those who have been hosts up to the day, and the research partners with their seat where the host is."""
    terms = row.region.host_terms.select_related("municipality")
    return {
        "terms": [term for term in terms if term.starts_on <= day],
        "seated": list(Partner.objects.research().seated_in([row.host.pk])) if row.host else [],
    }


def _counties(places: list) -> list:
    """The counties of the region with how many municipalities each has."""
    found: dict[str, int] = {}
    for place in places:
        found[place.municipality.county.name] = found.get(place.municipality.county.name, 0) + 1
    return sorted(found.items())


def _waiting(user: Actor, subject: Region) -> Iterable[HandoverProposal]:
    """The handover that waits for consent, for those who may hand over."""
    return subject.handovers.waiting() if user.has_perm("regions.hand_over_host", subject) else []
