from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from ksf.accounts.models import Visitor

HAT_KEY = "hat"
SECOND_FACTOR_KEY = "has_second_factor"
OPEN_WITHOUT = ("/konto/", "/i18n/", "/static/", "/healthz")


class HatMiddleware:
    """Put on the hat chosen in the header, and make everybody answer the same questions, signed in or not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        request.user = SimpleLazyObject(lambda: _with_hat(request, person))  # type: ignore[assignment]
        return self.get_response(request)


def _with_hat(request: HttpRequest, person: object) -> object:
    if not person.is_authenticated:  # type: ignore[attr-defined]
        return Visitor()
    person.hat_id = request.session.get(HAT_KEY)  # type: ignore[attr-defined]
    return person


class SecondFactorMiddleware:
    """Those who decide for the whole network sign in with a second factor, or set one up first (X2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and not request.path.startswith(OPEN_WITHOUT) and self._lacks_one(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def _lacks_one(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or not user.is_national or request.session.get(SECOND_FACTOR_KEY):
            return False
        has_one = is_mfa_enabled(user)
        if has_one:
            request.session[SECOND_FACTOR_KEY] = True
        return not has_one
