"""What of needs waits for a person (X3)."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ksf import waiting
from ksf.actor import Actor
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.permissions import may_handle_needs

SHOWN = 10


@waiting.source
def needs_of_my_municipality(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Questions to answer, needs to confirm and drafts to finish, for an R&D contact or whoever wrote them."""
    needs = KnowledgeNeed.objects.in_hands_of(user).only("title", "awaits_confirmation")
    yield waiting.WaitingKind(needs[:SHOWN], _in_hand)


def _in_hand(need: KnowledgeNeed) -> waiting.WaitingItem:
    if need.awaits_confirmation:
        return waiting.WaitingItem(str(need), need.get_absolute_url(), _("Confirm that the need is yours"))
    url, is_asked = reverse("need_write", args=[need.pk]), bool(need.open_questions)
    what = _("Answer the coordinator's question") if is_asked else _("Finish the draft and send it")
    return waiting.WaitingItem(str(need), url, what, urgent=is_asked)


@waiting.source
def needs_to_handle(user: Actor) -> Iterator[waiting.WaitingKind]:
    """The new needs of the regions one coordinates, as one item; national staff take those of no region."""
    if may_handle_needs(user):
        needs = KnowledgeNeed.objects.to_handle_first(user)
        counted = needs.annotate(how_many=needs.how_many([NeedState.SUBMITTED])).only("pk")
        yield waiting.WaitingKind(counted[:1], _to_handle)


def _to_handle(first: Any) -> waiting.WaitingItem:  # Any: a need with the annotation how_many
    text = ngettext("%(count)s need waits to be taken up", "%(count)s needs wait to be taken up", first.how_many)
    return waiting.WaitingItem(_("New knowledge needs"), reverse("need_queue"), text % {"count": first.how_many})
