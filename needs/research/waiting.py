"""What waits for coordinators: interest to answer."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ksf import waiting
from ksf.accounts.roles import Role
from ksf.actor import Actor
from needs.research.models import Interest


@waiting.source
def interests_to_answer(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Each interest that waits in the region one coordinates; those without a region wait for the nation."""
    if user.has_role(Role.REGIONAL_COORDINATOR, Role.NATIONAL_STAFF):
        interests = Interest.objects.waiting().answerable_by(user).select_related("partner", "question", "need")
        named = interests.only("partner__name", "question__title", "need__title")
        yield waiting.WaitingKind(named, _to_answer)


def _to_answer(interest: Interest) -> waiting.WaitingItem:
    title = _("%(partner)s is interested in “%(subject)s”")
    return waiting.WaitingItem(
        title % {"partner": interest.partner, "subject": interest.subject},
        interest.get_absolute_url(),
        _("Put in touch, or say no with a reason"),
    )
