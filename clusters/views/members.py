from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters import services
from clusters.forms import AnchorForm, MemberForm, MembershipEndForm
from clusters.models import Membership
from clusters.views.editing import change_page, editable
from ksf.web.acting import acted
from ksf.web.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def member_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Let a municipality join on a day."""
    subject = editable(request, slug)
    form = MemberForm(request.POST or None)
    if acted(form, lambda **values: services.add_member(subject, by=request.user, **values)):
        text = _("%(municipality)s is a member.") % {"municipality": form.cleaned_data["municipality"]}
        messages.success(request, text)
        return redirect(subject)
    return change_page(request, form, back=subject, heading=_("New member"), button=_("Add member"))


@require_http_methods(["GET", "POST"])
def member_end(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Let a member leave on a day."""
    editable(request, slug)
    membership = present_membership(slug, number)
    left = Membership.objects.in_force().filter(cluster=membership.cluster_id).count() - 1
    form = MembershipEndForm(request.POST or None, left=left)
    if acted(form, lambda **values: services.end_membership(membership, by=request.user, **values)):
        text = _("%(municipality)s leaves the cluster on the day you chose.")
        messages.success(request, text % {"municipality": membership.municipality})
        return redirect(membership.cluster)
    heading = _("%(municipality)s leaves the cluster") % {"municipality": membership.municipality}
    return change_page(request, form, back=membership.cluster, heading=heading, button=_("End the membership"))


@require_http_methods(["GET", "POST"])
def member_anchor(request: SignedInRequest, slug: str, number: str) -> HttpResponse:
    """Tell how a member is anchored: the member's own contact, or those who coordinate."""
    membership = present_membership(slug, number)
    if not request.user.has_perm("clusters.anchor", membership):
        raise PermissionDenied
    form = AnchorForm(request.POST or None, instance=Membership.objects.get(pk=membership.pk))
    if acted(form, lambda **values: services.anchor(membership, by=request.user, **values)):
        messages.success(request, _("The checklist is saved."))
        return redirect(membership.cluster)
    heading = _("How %(municipality)s is anchored") % {"municipality": membership.municipality}
    return change_page(request, form, back=membership.cluster, heading=heading, button=_("Save"))


def present_membership(slug: str, number: str) -> Membership:
    """The municipality's membership that is not over, in the cluster. Raises Http404."""
    rows = Membership.objects.not_over().with_municipality().select_related("cluster__lead_region")
    return get_object_or_404(rows, cluster__slug=slug, municipality__number=number)
