from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clusters.forms import NetworkFilter
from clusters.lifecycle import ClusterState
from clusters.reading.events import latest_events
from clusters.reading.goals import by_region, establishment_goals, phases_until
from clusters.reading.maps import country_map, legend
from clusters.reading.network import Network
from ksf import panels
from ksf.web import render_page
from ksf.web.asof import AsOf, as_of
from ksf.web.lists import ExportColumn, export, paged, wants_export
from ksf.web.requests import Request

COLUMNS = [
    ExportColumn(_("Number"), lambda place: place.municipality.number),
    ExportColumn(_("Municipality"), lambda place: place.municipality.full_name),
    ExportColumn(_("County"), lambda place: place.municipality.county.name),
    ExportColumn(_("Region"), lambda place: place.region.name if place.region else ""),
    ExportColumn(_("Inhabitants"), lambda place: place.people),
    ExportColumn(_("Size"), lambda place: place.size.label),
    ExportColumn(_("Organisation number"), lambda place: place.municipality.org_number),
    ExportColumn(_("Language form"), lambda place: place.municipality.get_language_form_display()),
    ExportColumn(_("Clusters"), lambda place: ", ".join(str(row.cluster) for row in place.clusters)),
]


@login_not_required
@require_safe
def network(request: Request) -> HttpResponseBase:
    """The whole network on a day: map, figures, goals, regions and the list of municipalities."""
    shown = as_of(request)
    found = Network.on(shown.day)
    chosen = NetworkFilter(request.GET or None, regions=[row.region for row in found.regions])
    places = sorted(found.places.values(), key=lambda place: (place.municipality.sort_key, place.municipality.number))
    rows = chosen.rows(places)
    if wants_export(request):
        return export(request, rows, COLUMNS, f"ksf-kommuner-{shown.day:%Y-%m-%d}")
    return _page(request, shown, found, {"filter": chosen, "page": paged(request, rows)})


def _page(request: Request, shown: AsOf, found: Network, context: dict[str, Any]) -> HttpResponse:
    phases = found.once("phases", lambda: phases_until(shown.day))
    goals = found.once("goals", lambda: establishment_goals(found, phases))
    context |= {
        "shown": shown, "network": found, "figures": found.figures,
        "legend": found.once("legend", lambda: legend(found.places.values())),
        "established": found.count(ClusterState.ESTABLISHED),
        "being_established": found.count(ClusterState.BEING_ESTABLISHED),
        "map": country_map(found, ident="country"), "goals": goals, "goal_rows": by_region(goals),
        "events": found.once("events", lambda: latest_events(shown.day, phases)),
        "panels": panels.of("national", request),
    }  # fmt: skip
    return render_page(request, "clusters/network.html", context, partial="list")
