"""Handing over the role as host. The pages of regions and municipalities stand with the clusters, which they show."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.confirming import confirm_first
from ksf.web.requests import SignedInRequest
from regions import services
from regions.forms import HostForm, RefuseForm
from regions.lifecycle import HANDOVER
from regions.models import HandoverProposal, Region


@require_http_methods(["GET", "POST"])
@confirm_first
def host_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hand over the role as host in one step, or propose it where the present host is still committed."""
    region = get_object_or_404(Region, slug=slug)
    if not request.user.has_perm("regions.hand_over_host", region):
        raise PermissionDenied
    present = services.last_term(region)
    form = HostForm(request.POST or None, region=region, initial={"after": present})
    made: list[HandoverProposal] = []
    if acted(form, lambda **values: made.append(services.hand_over_host(region, by=request.user, **values))):
        messages.success(request, _("%(handover)s: %(state)s.") % {
            "handover": made[0], "state": made[0].get_state_display().lower(),
        })  # fmt: skip
        return redirect(region)
    context = {"region": region, "form": form, "present": present}
    return render_page(request, "regions/host_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@confirm_first
def host_handover(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """A handover that waits: consent, refuse with a reason, or withdraw one's own."""
    handover = get_object_or_404(
        HandoverProposal.objects.select_related("region", "municipality__county", "proposed_by"),
        pk=pk,
        region__slug=slug,
    )
    user = request.user
    if not user.is_national:
        raise PermissionDenied
    form = RefuseForm()
    if request.method == "POST":
        form = RefuseForm(request.POST if request.POST.get("step") == "refuse" else None)
        if _take(request, handover, form):
            return redirect(handover.region)
    context = {
        "handover": handover, "form": form, "present": services.last_term(handover.region),
        "steps": {step.name: step for step in HANDOVER.steps_for(request.user, handover)},
    }  # fmt: skip
    return render_page(request, "regions/host_handover.html", context, status=200 if request.method == "GET" else 422)


def _take(request: SignedInRequest, handover: HandoverProposal, form: RefuseForm) -> bool:
    """Take the step the button names; False when something must be put right first."""
    match request.POST.get("step"):
        case "consent":
            try:
                services.consent(handover, by=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
                return False
            messages.success(request, _("The handover is carried out."))
            return True
        case "withdraw":
            services.withdraw(handover, by=request.user)
            messages.success(request, _("The proposal is withdrawn."))
            return True
        case "refuse" if acted(form, lambda note: services.refuse(handover, note=note, by=request.user)):
            messages.success(request, _("The handover is refused. The present host stays."))
            return True
    return False
