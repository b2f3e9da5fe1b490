"""Invitations to national roles wait for the second national lead (X2)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf import waiting
from ksf.accounts.models import Invitation
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.waiting import WaitingItem, WaitingKind


@waiting.source
def to_confirm(user: Actor) -> Iterator[WaitingKind]:
    """What a lead who has no part in it may confirm."""
    if user.has_role(Role.NATIONAL_LEAD):
        rows = Invitation.objects.to_confirm().exclude(invited_by=user.pk)
        yield WaitingKind(rows, lambda one: _item(one) if user.has_perm("accounts.confirm_invitation", one) else None)


def _item(invitation: Invitation) -> WaitingItem:
    title = _("%(email)s as %(role)s") % {"email": invitation.email, "role": invitation.get_role_display()}
    return WaitingItem(title, reverse("people"), _("Confirm the national role"), due=invitation.expires_at)
