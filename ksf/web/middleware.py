from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ksf.lifecycle import StepNotAllowed


class StepNotAllowedMiddleware:
    """Answer a step that came too late with a page that says so: somebody was faster (409)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, StepNotAllowed):
            return render(request, "409.html", {"step": exception.step, "object": exception.obj}, status=409)
        return None
