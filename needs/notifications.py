"""Who is notified of what happens to a need: its municipality, those who have the same, the coordinators; each once."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from django.urls import reverse

from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.notifications import notify
from needs.models import KnowledgeNeed
from needs.permissions import is_writer


def owners(need: KnowledgeNeed) -> list[User]:
    """The R&D contacts of the municipality today, and whoever wrote the need, while they write for it."""
    people = {person.pk: person for person in contacts(need)}
    if is_writer(need.created_by, need):
        people[need.created_by_id] = need.created_by
    return list(people.values())


def contacts(need: KnowledgeNeed) -> list[User]:
    """The R&D contacts of the municipality today."""
    held = _in_force(Role.RD_CONTACT, municipality=need.municipality_id)
    return list(User.objects.filter(is_active=True, appointments__in=held).distinct())


def coordinators(need: KnowledgeNeed) -> list[User]:
    """The regional coordinators of the municipality's region; national staff while nobody coordinates it."""
    people = User.objects.filter(is_active=True)
    held = _in_force(Role.REGIONAL_COORDINATOR, region=need.municipality.region_id)
    found = list(people.filter(appointments__in=held).distinct()) if need.municipality.region_id else []
    return found or list(people.filter(appointments__in=_in_force(Role.NATIONAL_STAFF)).distinct())


def endorsers(need: KnowledgeNeed) -> list[User]:
    """The R&D contacts of the municipalities that have the same need."""
    held = _in_force(Role.RD_CONTACT, municipality__in=need.endorsements.values("municipality"))
    return list(User.objects.filter(is_active=True, appointments__in=held).distinct())


def notify_owners(
    template: str, need: KnowledgeNeed, *, but: AbstractSet[int], urgent: bool = True, **context: Any
) -> AbstractSet[int]:
    """Tell the municipality what happened to its need."""
    return _notify(owners(need), template, need, but, urgent=urgent, **context)


def notify_endorsers(template: str, need: KnowledgeNeed, *, but: AbstractSet[int], **context: Any) -> AbstractSet[int]:
    """Tell the contacts of those who have the same need; for their weekly summary."""
    return _notify(endorsers(need), template, need, but, urgent=False, **context)


def notify_coordinators(
    template: str, need: KnowledgeNeed, *, but: AbstractSet[int], **context: Any
) -> AbstractSet[int]:
    """Notify those who handle the need; for their weekly summary."""
    return _notify(coordinators(need), template, need, but, urgent=False, **context)


def _notify(
    people: Iterable[User], template: str, need: KnowledgeNeed, but: AbstractSet[int], *, urgent: bool, **context: Any
) -> AbstractSet[int]:
    """Notify each of ``people`` but those with the ids ``but``; return the ids of all who need no further notice."""
    notified = set(but)
    for person in people:
        if person.pk not in notified:
            notified.add(person.pk)
            notify(person, f"needs/{template}", {"need": need, **context}, url=need.get_absolute_url(), urgent=urgent)
    return notified


def notify_imported(needs: Iterable[KnowledgeNeed], *, but: User) -> None:
    """Tell each coordinator once how many needs a file brought, and each contact how many await their confirmation."""
    for template, url, counts in (
        ("imported", reverse("need_queue"), _gathered(needs, coordinators)),
        ("confirm_imported", reverse("my_page"), _gathered((n for n in needs if n.awaits_confirmation), contacts)),
    ):
        for person, count in counts.values():
            if person.pk != but.pk:
                notify(person, f"needs/{template}", {"count": count}, url=url, urgent=template != "imported")


def _gathered(
    needs: Iterable[KnowledgeNeed], people_of: Callable[[KnowledgeNeed], list[User]]
) -> dict[int, tuple[User, int]]:
    """The people who are to hear of these needs, each with how many; asked once for each municipality."""
    per_place: dict[int, tuple[KnowledgeNeed, int]] = {}
    for need in needs:
        per_place[need.municipality_id] = (need, per_place.get(need.municipality_id, (need, 0))[1] + 1)
    found: dict[int, tuple[User, int]] = {}
    for need, count in per_place.values():
        for person in people_of(need):
            found[person.pk] = (person, found.get(person.pk, (person, 0))[1] + count)
    return found


def _in_force(role: Role, **scope: Any) -> Any:
    return Appointment.objects.in_force().for_role(role, **scope).values("pk")
