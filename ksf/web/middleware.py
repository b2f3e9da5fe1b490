from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.request import UnreadablePostError

from ksf.text import normalised
from ksf.web import render_page
from ksf.web.errors import typed_texts
from ksf.web.limits import AskedTooOften
from ksf.web.requests import Request

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class NoNulMiddleware:
    """Answer an address that holds a NUL sign as not understood (400): the database keeps no such text to look for.

    The programming interface reads words, and a NUL sign is in none: it answers as always, in its own form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = "" if request.path.startswith("/api/") else request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in asked:
            raise BadRequest("The address holds a NUL sign.")
        return self.get_response(request)


class TextMiddleware:
    """The door for text from browsers and programs (X9): everything in an address or a form comes in normalised.

    Passwords are left as they are typed: what is not shown cannot be compared by eye.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = _normalised(request.GET)  # type: ignore[assignment]  # immutable too: made from a string
        if request.content_type in FORMS:
            with suppress(UnreadablePostError):  # the sender is gone: whoever reads the form next finds that out
                request.POST = _normalised(request.POST)  # type: ignore[assignment]
        return self.get_response(request)


def _normalised(sent: QueryDict) -> QueryDict:
    """The same values, normalised; ``sent`` itself where nothing differs, which is nearly always."""
    clean = {
        key: values if "password" in key else [normalised(value) for value in values] for key, values in sent.lists()
    }
    if all(clean[key] == values for key, values in sent.lists()):
        return sent
    return QueryDict(urlencode(clean, doseq=True, encoding="utf-8"), encoding="utf-8")


class LimitsMiddleware:
    """Answer who asks too often with when to ask again (429), and with what they had written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, AskedTooOften):
            return None
        response: HttpResponse
        if request.path.startswith("/api/"):
            response = JsonResponse({"detail": str(exception)}, status=429)
        else:
            context = {"seconds": exception.seconds, "typed": typed_texts(request)}
            response = render_page(request, "429.html", context, partial="notice", status=429)
        response["Retry-After"] = str(exception.seconds)
        if request.htmx:  # the page stays as it is, with the notice on top
            response["HX-Retarget"], response["HX-Reswap"] = "#main", "afterbegin"
        return response
