"""What in the regions waits for a person: handovers to consent to, and regions nobody coordinates."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf import waiting
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.actor import Actor
from regions.lifecycle import HandoverState
from regions.models import HandoverProposal, Region


@waiting.source
def handovers_to_consent(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Handovers before the host's commitment is over wait for the national lead (S2)."""
    if user.has_role(Role.NATIONAL_LEAD):
        waits = HandoverProposal.objects.filter(state=HandoverState.PROPOSED).exclude(proposed_by=user.pk)
        yield waiting.WaitingKind(waits.select_related("region", "municipality"), _to_consent)


def _to_consent(handover: HandoverProposal) -> waiting.WaitingItem:
    title = _("New host for %(region)s: %(municipality)s")
    return waiting.WaitingItem(
        title=title % {"region": handover.region, "municipality": handover.municipality},
        url=handover.get_absolute_url(),
        what=_("Consent or refuse: the present host is still committed"),
        due=handover.on,
    )


@waiting.source
def regions_without_coordinator(user: Actor) -> Iterator[waiting.WaitingKind]:
    """A vacancy waits for the host that employs the coordinator, and for national staff (S3)."""
    leads = user.region_ids(Role.HOST_LEAD)
    if not (leads or user.is_national):
        return
    regions = Region.objects.all() if user.is_national else Region.objects.filter(pk__in=leads)
    filled = Appointment.objects.in_force().filter(role=Role.REGIONAL_COORDINATOR)
    yield waiting.WaitingKind(regions.exclude(pk__in=filled.values("region")), _vacant)


def _vacant(region: Region) -> waiting.WaitingItem:
    return waiting.WaitingItem(
        title=_("%(region)s has no regional coordinator") % {"region": region},
        url=f"{reverse('invite', args=[Role.REGIONAL_COORDINATOR])}?held_in={region.pk}",
        what=_("Name a regional coordinator"),
    )
