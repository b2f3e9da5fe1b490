"""Who is told of what happens to a need: the municipality's contacts and the writer, the coordinators of the region."""

from typing import Any

from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.notifications import notify
from needs.models import KnowledgeNeed


def owners(need: KnowledgeNeed) -> list[User]:
    """The R&D contacts of the municipality today, and whoever wrote the need, while they hold a role."""
    contacts = User.objects.filter(
        is_active=True, appointments__in=_in_force(Role.RD_CONTACT, municipality=need.municipality_id)
    )
    people = {person.pk: person for person in contacts}
    writer = need.created_by
    if writer.is_active and writer.appointments_in_force:
        people[writer.pk] = writer
    return list(people.values())


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
    contacts = User.objects.filter(
        is_active=True, appointments__in=_in_force(Role.RD_CONTACT, municipality__in=municipalities)
    ).distinct()
    for person in contacts:
        if person.pk != but.pk:
            notify(person, f"needs/{template}", {"need": need, **context}, url=need.get_absolute_url(), urgent=False)


def tell_coordinators(template: str, need: KnowledgeNeed, *, but: Any, **context: Any) -> None:
    """Tell those who handle the needs of the region."""
    for person in coordinators(need):
        if person.pk != but.pk:
            notify(person, f"needs/{template}", {"need": need, **context}, url=need.get_absolute_url(), urgent=False)


def _in_force(role: Role, **scope: Any) -> Any:
    return Appointment.objects.in_force().for_role(role, **scope).values("pk")
