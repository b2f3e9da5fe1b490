"""Knowledge partners: who they are, where they take part, and bringing them in (S9)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from clusters import services
from clusters.actions import name_partner_contact
from clusters.forms import PartnerEndForm, PartnerFilter, PartnerForm
from clusters.models import Cluster, PartnerTerm
from clusters.permissions import may_edit_place
from clusters.reading.people import contact_of
from clusters.views.editing import change_page
from ksf import panels
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.lists import ExportColumn, export, paged, wants_export
from ksf.web.requests import Request, SignedInRequest
from regions.models import Partner, Region

COLUMNS = [
    ExportColumn(gettext_lazy("Name"), lambda partner: partner.name),
    ExportColumn(gettext_lazy("Kind"), lambda partner: partner.get_kind_display()),
    ExportColumn(gettext_lazy("Seat"), lambda partner: partner.seat or ""),
    ExportColumn("ROR", lambda partner: partner.ror_id),
    ExportColumn(gettext_lazy("Website"), lambda partner: partner.website),
]


@login_not_required
@require_safe
def partner_list(request: Request) -> HttpResponseBase:
    """The knowledge partners, each with the clusters and regions it takes part in today."""
    form = PartnerFilter(request.GET or None)
    rows = Partner.objects.narrowed(**form.chosen).select_related("seat")
    if wants_export(request):
        return export(request, rows, COLUMNS, "ksf-kunnskapspartnere")
    page = paged(request, rows)
    held: dict[int, list[PartnerTerm]] = {}
    for term in PartnerTerm.objects.in_force().filter(partner__in=[row.pk for row in page]).with_names():
        held.setdefault(term.partner_id, []).append(term)
    context = {
        "form": form, "page": page, "is_narrowed": bool(form.chosen),
        "rows": [(row, held.get(row.pk, [])) for row in page],
    }  # fmt: skip
    return render_page(request, "clusters/partner_list.html", context)


@login_not_required
@require_safe
def partner(request: Request, slug: str) -> HttpResponse:
    """One partner: who it is, where it takes part, whom to reach, and what other parts of the portal add."""
    subject = get_object_or_404(Partner.objects.select_related("seat"), slug=slug)
    user = request.user
    terms = list(subject.terms.with_names().order_by("-period"))
    people = Appointment.objects.in_force().filter(role=Role.PARTNER, partner=subject).select_related("user")
    made = panels.of("partner", request, subject)
    context = {
        "partner": subject,
        "terms": [(term, not term.ends_on and may_edit_place(user, term.place)) for term in terms if not term.is_over],
        "past": [term for term in terms if term.is_over],
        "contacts": [contact_of(held, user) for held in people],
        "appoint": name_partner_contact(user, subject),
        "sees_history": user.has_perm("clusters.see_partner_history", subject),
        "main": [panel for panel in made if panel.place == "main"],
        "aside": [panel for panel in made if panel.place == "aside"],
    }
    return render_page(request, "clusters/partner.html", context)


@require_http_methods(["GET", "POST"])
def cluster_partner_new(request: SignedInRequest, slug: str) -> HttpResponse:
    return _new(request, get_object_or_404(Cluster.objects.select_related("lead_region"), slug=slug))


@require_http_methods(["GET", "POST"])
def region_partner_new(request: SignedInRequest, slug: str) -> HttpResponse:
    return _new(request, get_object_or_404(Region, slug=slug))


def _new(request: SignedInRequest, place: Cluster | Region) -> HttpResponse:
    """Bring a partner into the cluster or the region."""
    if not may_edit_place(request.user, place):
        raise PermissionDenied
    form = PartnerForm(request.POST or None)
    if acted(form, lambda **values: services.add_partner(place, by=request.user, **values)):
        messages.success(request, _("%(partner)s takes part.") % {"partner": form.cleaned_data["partner"]})
        return redirect(place)
    heading = _("New knowledge partner in %(place)s") % {"place": place}
    return change_page(request, form, back=place, heading=heading, button=_("Add the partner"))


@require_http_methods(["GET", "POST"])
def partner_end(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Let a partner's part in a cluster or region end on a day."""
    term = get_object_or_404(PartnerTerm.objects.not_over().with_names(), pk=pk, partner__slug=slug)
    if not may_edit_place(request.user, term.place):
        raise PermissionDenied
    form = PartnerEndForm(request.POST or None)
    if acted(form, lambda **values: services.end_partnership(term, by=request.user, **values)):
        messages.success(request, _("It ends on the day you chose."))
        return redirect(term.partner)
    heading = _("%(partner)s no longer takes part") % {"partner": term.partner}
    return change_page(request, form, back=term.place, heading=heading, button=_("End"))
