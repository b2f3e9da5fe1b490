"""Answers to what cannot be received."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request

from ksf.web.requests import Request


def not_received(request: Request, exception: Exception) -> HttpResponse:
    """413 when more was sent than is received, with what to do about it; else 400."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=413)
    return bad_request(request, exception)
