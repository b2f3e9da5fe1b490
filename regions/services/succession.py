"""Mergers and splits: the old municipality ends, what is open moves to its successors, history stays (S11)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import Appointment, User
from ksf.periods import DateRange, period
from ksf.steps import lock
from regions.models import HostTerm, Municipality, MunicipalityChange

Mover = Callable[[Municipality, Sequence[Municipality], date, Any], None]
_movers: list[Mover] = []


def moves(function: Mover) -> Mover:
    """Register a function ``(old, successors, on, by)`` that moves what an upper app keeps of a municipality."""
    _movers.append(function)
    return function


@transaction.atomic
def succeed(
    old: Municipality, successors: Sequence[Municipality], *, on: date, kind: MunicipalityChange.Kind, by: User
) -> Municipality:
    """End ``old`` on ``on`` and move what is open to ``successors``; returns the ended municipality.

    Host terms and appointments go to the first successor. What belongs to the place itself, such as memberships,
    goes to each. Raises PermissionDenied, or ValidationError when the days do not fit.
    """
    if not by.has_perm("regions.change_register"):
        raise PermissionDenied("regions.change_register")
    old = lock(old)
    _check(old, successors, on)
    for successor in successors:
        MunicipalityChange.objects.get_or_create(
            old_number=old.number, new=successor, defaults={"old_name": old.name, "changed_on": on, "kind": kind}
        )
    heir = successors[0]
    _move_hosts(old, heir, on)
    _move_appointments(old, heir, on, by)
    for move in _movers:
        move(old, successors, on, by)
    old.period = period(old.starts_on, on)
    old.save(update_fields=["period"])
    audit.record("municipality.succeeded", old, by=by, successors=list(successors), on=on, kind=kind)
    return old


def _check(old: Municipality, successors: Sequence[Municipality], on: date) -> None:
    if not successors:
        raise ValidationError(_("Say which municipality comes after."))
    if old.ends_on is not None or on <= old.starts_on:
        text = _("%(municipality)s cannot end on that day.")
        raise ValidationError({"on": text % {"municipality": old}})
    for successor in successors:
        if successor == old or not successor.is_in_force_on(on):
            text = _("%(municipality)s is not a municipality from that day. Load it into the register first.")
            raise ValidationError({"successors": text % {"municipality": f"{successor.number} {successor.name}"}})


def _move_hosts(old: Municipality, heir: Municipality, on: date) -> None:
    for term in old.host_terms.select_for_update().filter(period__overlap=DateRange(on, None)):
        rest = period(max(on, term.starts_on), term.ends_on)
        if term.starts_on < on:
            term.period = period(term.starts_on, on)
            term.save(update_fields=["period"])
        else:
            term.delete()
        HostTerm.objects.create(
            region_id=term.region_id,
            municipality=heir,
            period=rest,
            decided_on=term.decided_on,
            decision_reference=term.decision_reference,
            committed_until=term.committed_until,
        )


def _move_appointments(old: Municipality, heir: Municipality, on: date, by: User) -> None:
    for held in old.appointments.select_for_update(of=("self",)).filter(period__overlap=DateRange(on, None)):
        rest = period(max(on, held.starts_on), held.ends_on)
        if held.starts_on < on:
            before, held.period = held.ends_on, period(held.starts_on, on)
            held.save(update_fields=["period"])
            audit.record("appointment.ended", held, by=by, end=[before, on])
        else:
            audit.record("appointment.ended", held, by=by, end=[held.ends_on, held.starts_on])
            held.delete()
        has_it = Appointment.objects.filter(
            user=held.user_id, role=held.role, municipality=heir, period__overlap=rest
        ).exists()
        if not has_it:
            moved = Appointment.objects.create(user_id=held.user_id, role=held.role, municipality=heir, period=rest)
            audit.record("appointment.made", moved, by=by, person=held.user_id, role=held.role, scope=heir)
