"""Erasing a person (X7): what the law does not demand is deleted, the rest keeps a role and a number for a name."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ksf.accounts.models import Appointment, User, in_order
from ksf.accounts.roles import Role
from ksf.audit.models import AuditPersonal
from ksf.periods import DateRange, today
from ksf.personal import Fate, kinds

LANGUAGE = "nb"  # of the name that is left: one for all readers, as names are


def hindrances(user: User) -> list[Appointment]:
    """The roles the person has today or will have: they end first, for somebody must take them over."""
    return in_order(user.appointments.with_scope().exclude(period__fully_lt=DateRange(today(), None, "[)")))


def erase(user: User) -> None:
    """Erase the person in the caller's transaction; the row stays, for what is kept points at it.

    Sealed documents and backups are not changed: the page says so.
    """
    name = name_after(user)
    _end_sessions(user)
    for kind in kinds():
        if kind.fate is Fate.DELETED:
            for table in kind.tables:
                table.rows(user).delete()
    its_address = Q(data__email=user.email) | Q(data__email__contains=[user.email])
    AuditPersonal.objects.filter(Q(entry__actor=user) | its_address).delete()
    user.name, user.email, user.phone = name, f"slettet-{user.pk}@ksf.invalid", ""
    user.shows_contact = user.wants_urgent_mail = user.wants_digest = user.is_active = False
    user.erased_at, user.last_login = timezone.now(), None
    user.set_unusable_password()
    user.save()


def name_after(user: User) -> str:
    """What stands for the name afterwards: the first of the person's roles, and a number."""
    held = in_order(user.appointments.all())
    with translation.override(LANGUAGE):
        role = Role(held[0].role).label if held else _("User")
        return _("%(role)s no. %(number)s") % {"role": role, "number": user.pk}


def _end_sessions(user: User) -> None:
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
