import time
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from ksf.accounts.models import Visitor

ACTIVE_ROLE_KEY = "active_role"
BEGAN_KEY, SEEN_KEY = "began_at", "seen_at"
HOUR = 3600
REST, REMEMBERED_REST = 12 * HOUR, 14 * 24 * HOUR
"""How long a session may rest before it ends, without and with "remember me"."""
NATIONAL_REST, NATIONAL_MOST = 4 * HOUR, 12 * HOUR
"""How long that of somebody with a national role may rest, and how long it may last in all."""
NOTED_EVERY = 60  # seconds: not every request writes the session
SIGNING_IN = ("account_", "mfa_", "openid_connect_")
"""How the names begin of the addresses where one signs in and out and sets the second factor up."""
OPEN_WITHOUT = {"healthz", "metrics", "invitation", "set_language", "sign_in_again"}


@receiver(user_logged_in)
def note_beginning(request: HttpRequest, **_sent: object) -> None:
    request.session[BEGAN_KEY] = request.session[SEEN_KEY] = time.time()


class SessionMiddleware:
    """End sessions that have rested or lasted too long, and let no browser keep what a signed-in person has seen (X2).

    A session that says nothing of when it began is older than the hours, and ends too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_signed_in = SESSION_KEY in request.session and request.user.is_authenticated
        if is_signed_in and _is_over(request):
            logout(request)
        elif is_signed_in and time.time() - request.session[SEEN_KEY] > NOTED_EVERY:
            request.session[SEEN_KEY] = time.time()
        response = self.get_response(request)
        if is_signed_in:
            response["Cache-Control"] = "private, no-store"
        return response


def _is_over(request: HttpRequest) -> bool:
    began, seen = request.session.get(BEGAN_KEY, 0), request.session.get(SEEN_KEY, 0)
    if request.user.is_national:  # type: ignore[union-attr]  # signed in
        return time.time() - seen > NATIONAL_REST or time.time() - began > NATIONAL_MOST
    is_remembered = not request.session.get_expire_at_browser_close()
    return time.time() - seen > (REMEMBERED_REST if is_remembered else REST)


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
