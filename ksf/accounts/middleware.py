from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from ksf.accounts.models import Visitor

HAT_KEY = "hat"


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
