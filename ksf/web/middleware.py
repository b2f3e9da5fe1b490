from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from ksf.lifecycle import StepNotAllowed
from ksf.web import render_page
from ksf.web.limits import AskedTooOften
from ksf.web.requests import Request


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


class StepNotAllowedMiddleware:
    """Answer a step that came too late with a page that says so: somebody was faster (409)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, StepNotAllowed):
            context = {"step": exception.step, "object": exception.obj, "typed": _typed_texts(request)}
            return render(request, "409.html", context, status=409)
        return None


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
            context = {"seconds": exception.seconds, "typed": _typed_texts(request)}
            response = render_page(request, "429.html", context, partial="words", status=429)
        response["Retry-After"] = str(exception.seconds)
        if request.htmx:  # the page stays as it is, with the words on top
            response["HX-Retarget"], response["HX-Reswap"] = "#main", "afterbegin"
        return response


def _typed_texts(request: HttpRequest) -> list[str]:
    """The texts that were sent, so that no word is lost with the step; choices, ids and tokens are none."""
    sent = (text for values in request.POST.lists() for text in values[1])
    return [text for text in sent if len(text.split()) > 1]
