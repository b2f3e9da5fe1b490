"""Who is told of what happens to a need: the municipality's contacts and the writer, the coordinators of the region."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.notifications import notify
from needs.models import KnowledgeNeed


def owners(need: KnowledgeNeed) -> list[User]:
    """The R&D contacts of the municipality today, and whoever wrote the need, while they hold a role."""
    people = {person.pk: person for person in contacts(need)}
    writer = need.created_by
    if writer.is_active and writer.appointments_in_force:
        people[writer.pk] = writer
    return list(people.values())


def contacts(need: KnowledgeNeed) -> list[User]:
    """The R&D contacts of the municipality today."""
    held = _in_force(Role.RD_CONTACT, municipality=need.municipality_id)
    return list(User.objects.filter(is_active=True, appointments__in=held).distinct())


def coordinators(need: KnowledgeNeed) -> list[User]:
    """The regional coordinators of the municipality's region."""
    return list(
        User.objects.filter(
            is_active=True,
            appointments__in=_in_force(Role.REGIONAL_COORDINATOR, region=need.municipality.region_id),
        ).distinct()
    )


def tell_owners(template: str, need: KnowledgeNeed, *, but: Any, **context: Any) -> None:
    """Tell the municipality what happened to its need, except the one who did it."""
    for person in owners(need):
        if person.pk != but.pk:
            notify(person, f"needs/{template}", {"need": need, **context}, url=need.get_absolute_url())


def tell_endorsers(template: str, need: KnowledgeNeed, *, but: Any, **context: Any) -> None:
    """Tell the contacts of those who have the same need; for their weekly summary."""
    municipalities = need.endorsements.values("municipality")
    held = _in_force(Role.RD_CONTACT, municipality__in=municipalities)
    for person in User.objects.filter(is_active=True, appointments__in=held).distinct():
        if person.pk != but.pk:
            notify(person, f"needs/{template}", {"need": need, **context}, url=need.get_absolute_url(), urgent=False)


def tell_coordinators(template: str, need: KnowledgeNeed, *, but: Any, **context: Any) -> None:
    """Tell those who handle the needs of the region."""
    for person in coordinators(need):
        if person.pk != but.pk:
            notify(person, f"needs/{template}", {"need": need, **context}, url=need.get_absolute_url(), urgent=False)


def tell_imported(needs: Iterable[KnowledgeNeed], *, but: Any) -> None:
    """Tell each coordinator once how many needs a file brought, and each contact how many await their confirmation."""
    for template, url, told in (
        ("imported", reverse("need_queue"), _gathered(needs, coordinators)),
        ("confirm_imported", reverse("my_page"), _gathered((n for n in needs if n.awaits_confirmation), contacts)),
    ):
        for person, count in told.values():
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
