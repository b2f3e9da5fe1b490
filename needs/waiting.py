"""What of needs waits for a person (X3)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ksf import waiting
from needs.models import KnowledgeNeed
from needs.permissions import may_handle_needs

SHOWN = 10


@waiting.source
def needs_of_my_municipality(user: Any) -> Iterable[waiting.Item]:
    """Questions to answer, needs to confirm and drafts to finish, for an R&D contact or whoever wrote them."""
    rows: Any = KnowledgeNeed.objects.in_hands_of(user)[:SHOWN]
    for need in rows:
        if need.awaits_confirmation:
            yield waiting.Item(str(need), need.get_absolute_url(), _("Confirm that the need is yours"))
        elif need.open_questions:
            yield waiting.Item(
                str(need), reverse("need_write", args=[need.pk]), _("Answer the coordinator's question"), urgent=True
            )
        else:
            yield waiting.Item(str(need), reverse("need_write", args=[need.pk]), _("Finish the draft and send it"))


@waiting.source
def needs_to_handle(user: Any) -> Iterable[waiting.Item]:
    """The new needs of the regions one coordinates, as one item; national staff take those of no region."""
    if not may_handle_needs(user):
        return
    count = KnowledgeNeed.objects.to_handle_first(user).count()
    if count:
        text = ngettext("%(count)s need waits to be taken up", "%(count)s needs wait to be taken up", count)
        yield waiting.Item(_("New knowledge needs"), reverse("need_queue"), text % {"count": count})
