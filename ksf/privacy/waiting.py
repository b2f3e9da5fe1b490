"""Wishes to be erased wait for a national lead, with a month to answer (X7)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ksf import waiting
from ksf.actor import Actor
from ksf.privacy.models import ErasureRequest
from ksf.waiting import WaitingItem, WaitingKind


@waiting.source
def erasures_to_answer(user: Actor) -> Iterator[WaitingKind]:
    """Those a lead who is somebody else may answer."""
    if user.has_perm("privacy.see_erasures"):
        rows = ErasureRequest.objects.visible_to(user).open().select_related("person")
        yield WaitingKind(rows, _item)


def _item(asked: ErasureRequest) -> WaitingItem:
    return WaitingItem(str(asked.person), asked.get_absolute_url(), _("Answer the wish to be erased"), asked.due_on)
