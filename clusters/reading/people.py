"""Whom one may reach, and how: people's names and addresses are for those signed in, or shown by consent (P1, X7)."""

from dataclasses import dataclass
from datetime import date

from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.actor import Actor


@dataclass(frozen=True)
class Contact:
    """Somebody in a role. Without leave to show it, ``name`` and the rest are empty."""

    role: str
    since: date
    percent: int | None
    name: str = ""
    email: str = ""
    phone: str = ""
    appointment: Appointment | None = None


def contact_of(held: Appointment, viewer: Actor) -> Contact:
    """What ``viewer`` may know of the person with this appointment."""
    role = str(Role(held.role).label)
    if not (viewer.is_authenticated or held.user.shows_contact):
        return Contact(role, held.starts_on, held.position_percentage)
    return Contact(
        role, held.starts_on, held.position_percentage, held.user.name, held.user.email, held.user.phone, held
    )
