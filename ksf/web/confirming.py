"""Who one is, confirmed lately: asked again before what is serious (X2)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.http import HttpResponseBase

from ksf.actor import Actor
from ksf.web.lists import wants_export
from ksf.web.requests import Request

View = Callable[..., HttpResponseBase]


def is_confirmed_lately(request: Request) -> bool:
    """Whether the person has shown who they are in this session within the last 15 minutes.

    With the second factor, where the person has one; else with password or code.
    """
    user: Any = request.user
    records = get_authentication_records(request, user)
    if get_adapter().is_mfa_enabled(user):
        records = [one for one in records if one["method"] == "mfa" or one.get("passwordless")]
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(one["at"] > since for one in records)


def methods_used(request: Request, user: Actor) -> list[str]:
    """How the person has shown who they are in this session: password, code, mfa."""
    return list(dict.fromkeys(one["method"] for one in get_authentication_records(request, user)))


def confirm_first(view: View, *, always: bool = False) -> View:
    """Let only who has confirmed who they are lately post to the view, or take its list out as a file.

    For decisions, appointments, payments and files with personal data; what was typed is kept meanwhile. Asked where
    the second factor is required, or ``always``.
    """

    @wraps(view)
    def confirmed(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_asked = always or settings.SECOND_FACTOR_REQUIRED
        is_serious = request.method == "POST" or wants_export(request)
        if is_asked and is_serious and request.user.is_authenticated and not is_confirmed_lately(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return confirmed
