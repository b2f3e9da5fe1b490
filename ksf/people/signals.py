"""What allauth does to accounts, in the log (X4)."""

from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver

from ksf import audit
from ksf.accounts.factors import OWN
from ksf.accounts.models import User
from ksf.people import security
from ksf.web.confirming import methods_used
from ksf.web.requests import Request


@receiver(account.email_changed)
def note_new_address(
    user: User, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **_sent: Any
) -> None:
    before = from_email_address.email if from_email_address else ""
    audit.record_personal("account.address", user, {"email": [before, to_email_address.email]}, by=user)


@receiver(account.user_logged_in)
def note_sign_in(request: Request, user: User, **_sent: Any) -> None:
    security.note("sign_in", user, request=request, method=", ".join(methods_used(request, user)))


@receiver(user_login_failed)
def note_wrong_password(credentials: dict[str, Any], request: Request | None = None, **_sent: Any) -> None:
    security.note_failure(str(credentials.get("email") or credentials.get("username") or ""), request=request)


@receiver([account.login_code_rejected, mfa.authentication_failed])
def note_wrong_code(request: Request, user: User, **_sent: Any) -> None:
    security.note_failure(user.email, request=request)


@receiver([account.password_set, account.password_changed, account.password_reset])
def note_new_password(request: Request, user: User, **_sent: Any) -> None:
    security.note("password", user, request=request)


@receiver(mfa.authenticator_added)
def note_new_factor(request: Request, user: User, authenticator: Authenticator, **_sent: Any) -> None:
    security.note("factor_added", user, request=request, factor=authenticator.type)


@receiver(mfa.authenticator_reset)
def note_reset_factor(request: Request, user: User, authenticator: Authenticator, **_sent: Any) -> None:
    security.note("factor_reset", user, request=request, factor=authenticator.type)


@receiver(mfa.authenticator_removed)
def note_removed_factor(request: Request, user: User, authenticator: Authenticator, **_sent: Any) -> None:
    if authenticator.type in OWN:  # recovery codes go with the last of these
        security.note_removed_factor(user, authenticator.type, request=request)
