import itertools
from datetime import date

from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import SCOPE_OF, Role, Scope
from ksf.periods import period

_numbers = itertools.count(1)
LONG_AGO = date(2020, 1, 1)


def make_user(email=None, **fields):
    return User.objects.create_user(email or f"person{next(_numbers)}@ksf.example", **fields)


def appoint(role, held_in=None, *, user=None, start=LONG_AGO, end=None, **fields):
    """A person with the role in the scope; returns the user, freshly loaded."""
    user = user or make_user()
    scope = SCOPE_OF[Role(role)]
    if scope is not Scope.NETWORK:
        fields[str(scope)] = held_in
    Appointment.objects.create(user=user, role=role, period=period(start, end), **fields)
    return User.objects.get(pk=user.pk)


def make_staff(**fields):
    return appoint(Role.NATIONAL_STAFF, **fields)


def make_lead(**fields):
    return appoint(Role.NATIONAL_LEAD, **fields)
