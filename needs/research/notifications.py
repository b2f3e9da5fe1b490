"""Who is notified of interest in a need or a question."""

from typing import Any

from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.notifications import notify
from needs.notifications import contacts
from needs.research.models import Interest, SavedSearch


def answerers(interest: Interest) -> list[User]:
    """The regional coordinators of the interest's region; national staff where nobody coordinates."""
    held = Appointment.objects.in_force()
    people = User.objects.filter(is_active=True)
    if interest.region_id:
        own = held.for_role(Role.REGIONAL_COORDINATOR, region=interest.region_id).values("user")
        found = list(people.filter(pk__in=own))
        if found:
            return found
    return list(people.filter(pk__in=held.for_role(Role.NATIONAL_STAFF).values("user")))


def notify_of_interest(interest: Interest) -> None:
    """Tell those who are to answer."""
    for person in answerers(interest):
        notify(person, "needs/research/interest", {"interest": interest}, url=interest.get_absolute_url())


def notify_of_answer(interest: Interest) -> None:
    """Tell the one who showed interest what the coordinator answered; the partner's others when that one has left."""
    context = {"interest": interest, "coordinator": interest.answered_by}
    held = Appointment.objects.in_force().for_role(Role.PARTNER, partner=interest.partner_id)
    people = list(User.objects.filter(is_active=True, pk__in=held.values("user")))
    for person in [one for one in people if one == interest.created_by] or people:
        notify(person, "needs/research/answered", context, url=interest.get_absolute_url())


def notify_contacts(interest: Interest) -> None:
    """Tell the R&D contacts of the needs' municipalities that a partner will work on them; in their weekly summary."""
    question: Any = interest.question
    needs = [interest.need] if interest.need else list(question.needs.all())
    for need in needs:
        for person in contacts(need):
            context = {"interest": interest, "need": need}
            notify(person, "needs/research/partner_found", context, url=need.get_absolute_url(), urgent=False)


def send_news(search: SavedSearch, context: dict[str, Any], *, url: str) -> None:
    """Tell the owner of a saved search what is new in it."""
    notify(search.user, "needs/research/news", {"search": search, **context}, url=url)
