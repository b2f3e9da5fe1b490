from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters import services
from clusters.forms import STEP_FORMS, ClusterForm, ClusterNewForm, MotorForm
from clusters.lifecycle import CLUSTER
from clusters.models import Cluster, Membership
from clusters.reading.goals import requirements
from clusters.reading.network import Network
from clusters.services.motors import last_motor_term
from ksf.periods import today
from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.requests import Request, SignedInRequest
from regions.models import Region


@require_http_methods(["GET", "POST"])
def cluster_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begin exploring a cluster in a region."""
    region = get_object_or_404(Region, slug=slug)
    if not request.user.has_perm("clusters.create_cluster", region):
        raise PermissionDenied
    form = ClusterNewForm(request.POST or None)
    made: list[Cluster] = []
    if acted(
        form, lambda **values: made.append(services.create_cluster(lead_region=region, by=request.user, **values))
    ):
        messages.success(request, _("%(cluster)s is written down as being explored.") % {"cluster": made[0]})
        return redirect(made[0])
    heading = _("New cluster in %(region)s") % {"region": region}
    return change_page(request, form, back=region, heading=heading, button=_("Write down the cluster"))


@require_http_methods(["GET", "POST"])
def cluster_edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change what a cluster says of itself."""
    subject = editable(request, slug)
    form = ClusterForm(request.POST or None, instance=Cluster.objects.get(pk=subject.pk))
    if acted(form, lambda **values: services.edit_cluster(subject, by=request.user, **values)):
        messages.success(request, _("The cluster is changed."))
        return redirect(subject)
    return change_page(request, form, back=subject, heading=_("About the cluster"), button=_("Save"), written=subject)


@require_http_methods(["GET", "POST"])
def cluster_step(request: SignedInRequest, slug: str, step: str) -> HttpResponse:
    """Take one step of the cluster's life on a day."""
    subject = get_object_or_404(Cluster.objects.select_related("lead_region"), slug=slug)
    if step not in CLUSTER.steps:
        raise Http404
    row = CLUSTER.check(step, subject, by=request.user)
    members = Membership.objects.in_force().filter(cluster=subject).count()
    form = STEP_FORMS[step](request.POST or None, members=members)
    take: Any = {"begin": services.begin, "establish": services.establish, "dissolve": services.dissolve}[step]
    if acted(form, lambda **values: take(subject, by=request.user, **values)):
        subject.refresh_from_db()
        values = {"cluster": subject, "state": subject.get_state_display().lower()}
        messages.success(request, _("%(cluster)s: %(state)s.") % values)
        return redirect(subject)
    return change_page(request, form, back=subject, heading=row.label, button=row.label, lead=_lacks(subject, step))


def _lacks(subject: Cluster, step: str) -> str:
    """What the cluster still lacks when it is about to be declared established."""
    row = next((row for row in Network.on(today()).clusters if row.cluster.pk == subject.pk), None)
    if row is None or step != "establish":
        return ""
    missing = [requirement.text for requirement in requirements(row) if not requirement.is_met]
    return _("Not in place yet: %(what)s.") % {"what": "; ".join(missing)} if missing else ""


@require_http_methods(["GET", "POST"])
def motor_handover(request: SignedInRequest, slug: str) -> HttpResponse:
    """Name the motor municipality, or hand the role over."""
    subject = editable(request, slug)
    form = MotorForm(request.POST or None, cluster=subject, initial={"after": last_motor_term(subject)})
    if acted(form, lambda **values: services.hand_over_motor(subject, by=request.user, **values)):
        messages.success(request, _("The motor municipality is named."))
        return redirect(subject)
    return change_page(
        request, form, back=subject, heading=_("Motor municipality"), button=_("Name motor municipality")
    )


def editable(request: Request, slug: str) -> Cluster:
    """The cluster, if this person may change it. Raises Http404 or PermissionDenied."""
    subject = get_object_or_404(Cluster.objects.select_related("lead_region"), slug=slug)
    if not request.user.has_perm("clusters.edit_cluster", subject):
        raise PermissionDenied
    return subject


def change_page(
    request: Request,
    form: forms.BaseForm,
    *,
    back: Cluster | Region,
    heading: str | Promise,
    button: str | Promise,
    lead: str = "",
    written: Cluster | None = None,
) -> HttpResponse:
    """A page with one form about ``back``, a region or a cluster. ``written`` is what its long text belongs to."""
    context = {"form": form, "back": back, "heading": heading, "button": button, "lead": lead, "written": written}
    return render_page(request, "clusters/change.html", context, status=422 if form.errors else 200)
