from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from ksf.accounts.models import Visitor

ACTIVE_ROLE_KEY = "active_role"
SIGNING_IN = ("account_", "mfa_", "openid_connect_")
"""How the names begin of the addresses where one signs in and out and sets the second factor up."""
OPEN_WITHOUT = {"healthz", "invitation", "set_language", "sign_in_again"}


class ActiveRoleMiddleware:
    """Set the role chosen in the header, and make everybody answer the same questions, signed in or not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        request.user = SimpleLazyObject(lambda: _with_active_role(request, person))  # type: ignore[assignment]
        return self.get_response(request)


def _with_active_role(request: HttpRequest, person: object) -> object:
    if not person.is_authenticated:  # type: ignore[attr-defined]
        return Visitor()
    person.active_role_id = request.session.get(ACTIVE_ROLE_KEY)  # type: ignore[attr-defined]
    return person


class SecondFactorMiddleware:
    """Those who decide for the whole network have used a second factor in this session, or set one up first (X2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Send those who lack one to where it is set up or asked for, from any page but those that lead there."""
        name = getattr(request.resolver_match, "url_name", None) or ""
        if not settings.SECOND_FACTOR_REQUIRED or name in OPEN_WITHOUT or name.startswith(SIGNING_IN):
            return None
        user = request.user
        if not user.is_authenticated or not user.is_national:
            return None
        held = set(Authenticator.objects.filter(user=user.pk).values_list("pk", flat=True))
        if not held:
            return redirect("mfa_index")
        used = {one.get("id") for one in get_authentication_records(request, user) if one["method"] == "mfa"}
        if used & held:
            return None
        (first, *_others) = get_adapter().get_reauthentication_methods(user)
        return redirect(f"{first['url']}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")
