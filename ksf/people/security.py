"""The security log: who came in, who tried to, and what was changed of how they come in (X2, X4).

It is the part of the audit log that is about access, so nobody changes it from the application.
"""

from datetime import date, timedelta

from allauth.account.adapter import get_adapter
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as _p

from ksf import audit
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.people import services
from ksf.web.history import LogEvent, describe_verbs, event_of
from ksf.web.requests import Request

MANY_FAILURES = 20
WITHIN = timedelta(hours=1)

FAILURE = "security.failure"
ALARM = "security.alarm"


class SecurityKind(models.TextChoices):
    SIGN_IN = "sign_in", _p("security log", "Signing in")
    FAILURE = "failure", _p("security log", "Failed attempts")
    FACTOR = "factor", _p("security log", "Second factor")
    PASSWORD = "password", _p("security log", "Password")
    ADDRESS = "address", _p("security log", "E-mail address")
    ROLE = "role", _p("security log", "Roles and invitations")
    EXPORT = "export", _p("security log", "Files with personal data")


TEXTS: dict[SecurityKind, dict[str, str | Promise]] = {
    SecurityKind.SIGN_IN: {"security.sign_in": _p("event", "Signed in (%(method)s)")},
    SecurityKind.FAILURE: {
        FAILURE: _p("event", "Failed attempt to sign in as %(email)s"),
        ALARM: _p("event", "Alarm: %(count)s failed attempts within an hour"),
    },
    SecurityKind.FACTOR: {
        "security.factor_added": _p("event", "Second factor added (%(factor)s)"),
        "security.factor_removed": _p("event", "Second factor removed (%(factor)s)"),
        "security.factor_reset": _p("event", "Recovery codes made again"),
    },
    SecurityKind.PASSWORD: {"security.password": _p("event", "Password changed")},
    SecurityKind.ADDRESS: {"account.address": _p("event", "Address changed (%(email)s)")},
    SecurityKind.ROLE: {
        "invitation.sent": _p("event", "Invited as %(role)s"),
        "invitation.confirmed": _p("event", "Invitation confirmed: %(email)s as %(role)s"),
        "invitation.withdrawn": _p("event", "Invitation withdrawn"),
        "appointment.made": _p("event", "Role taken on: %(role)s"),
        "appointment.ended": _p("event", "Role ends"),
        "appointment.taken_back": _p("event", "Role taken back: %(role)s"),
    },
    SecurityKind.EXPORT: {"security.export": _p("event", "File taken out: %(what)s")},
}
"""What each event is called, by the kind it is of."""
WORDS: dict[str, str | Promise] = {
    **{role.value: role.label for role in Role},
    "password": _p("way of signing in", "password"),
    "code": _p("way of signing in", "code by e-mail"),
    "mfa": _p("way of signing in", "second factor"),
    "totp": _p("way of signing in", "authenticator app"),
    "webauthn": _p("way of signing in", "passkey"),
}
"""What the log keeps in code, in words."""
VERBS = {kind: list(texts) for kind, texts in TEXTS.items()}
describe_verbs({verb: text for texts in TEXTS.values() for verb, text in texts.items()})


def entries(
    *, kind: str = "", q: str = "", since: date | None = None, until: date | None = None
) -> models.QuerySet[AuditEntry]:
    """The entries of the security log, newest first, as the filters narrow them, both days included."""
    verbs = VERBS[SecurityKind(kind)] if kind else [verb for verbs in VERBS.values() for verb in verbs]
    found = AuditEntry.objects.filter(verb__in=verbs).select_related("actor", "personal")
    if q:
        about = models.Q(actor__name__icontains=q) | models.Q(actor__email__icontains=q)
        found = found.filter(about | models.Q(personal__data__email__icontains=q))
    if since:
        found = found.filter(at__date__gte=since)
    if until:
        found = found.filter(at__date__lte=until)
    return found


def shown(entry: AuditEntry) -> LogEvent:
    """An entry as a lead reads it, with the words for roles and factors."""
    entry.data = {key: _in_words(value) for key, value in entry.facts.items()}
    return event_of(entry)


def _in_words(value: object) -> object:
    if not isinstance(value, str):
        return value
    return ", ".join(str(WORDS.get(part, part)) for part in value.split(", "))


def note(event: str, user: User, *, request: Request | None, **facts: object) -> None:
    """Write down what happened to the access of ``user``, and from which address on the net."""
    audit.record_personal(f"security.{event}", user, {"ip": _ip(request)}, by=user, **facts)


def note_failure(email: str, *, request: Request | None) -> None:
    """Write down a failed attempt; many within an hour are an alarm to the national leads, once."""
    user = User.objects.filter(email=email.lower()).first() or User.objects.system()
    audit.record_personal(FAILURE, user, {"email": email[:254], "ip": _ip(request)}, by=user)
    lately = AuditEntry.objects.filter(at__gt=timezone.now() - WITHIN)
    count = lately.filter(verb=FAILURE).count()
    if count >= MANY_FAILURES and not lately.filter(verb=ALARM).exists():
        system = User.objects.system()
        audit.record(ALARM, system, by=system, count=count)
        services.notify_leads("accounts/many_failures", {"count": count}, "security_log")


def note_removed_factor(user: User, factor: str, *, request: Request | None) -> None:
    """Write down that a second factor is removed, and let the national leads know."""
    note("factor_removed", user, request=request, factor=factor)
    services.notify_leads("accounts/factor_removed", {"person": user}, "security_log")


def _ip(request: Request | None) -> str:
    return get_adapter().get_client_ip(request) or "" if request else ""
