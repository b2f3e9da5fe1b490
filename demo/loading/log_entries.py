"""An entry of the log as the portal would have written it on the day it happened."""

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import translation

from ksf.accounts.models import Appointment, User
from ksf.audit.models import AuditEntry
from ksf.audit.recording import as_json, subject_of

ActingPerson = tuple[User, str]
"""Who did it, and the role they acted as."""


def acting_as(appointment: Appointment | None, system: User) -> ActingPerson:
    """The holder of the appointment, acting as it; the portal itself where nobody holds it."""
    with translation.override("nb"):
        return (appointment.user, str(appointment)) if appointment else (system, "")


def log_entry(
    verb: str, subject: Model, by: ActingPerson, at: datetime, data: dict[str, Any] | None = None
) -> AuditEntry:
    """An entry about ``subject``, not saved yet."""
    subject_type, subject_id = subject_of(subject)
    actor, role = by
    kept = {key: as_json(value) for key, value in (data or {}).items()}
    return AuditEntry(
        verb=verb, subject_type=subject_type, subject_id=subject_id, actor=actor, acting_as=role, at=at, data=kept
    )
