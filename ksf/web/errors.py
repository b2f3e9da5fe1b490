"""Answers to what cannot be received, and to what cannot be answered."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request, server_error

from ksf.web.requests import Request

#: Read when the portal starts, and the proxy's page too: it needs neither database, language nor style.
UNAVAILABLE = Path(settings.BASE_DIR, "static", "unavailable.html").read_bytes()
RETRY_SECONDS = 30


def not_received(request: Request, exception: Exception) -> HttpResponse:
    """413 when more was sent than is received, with what to do about it; else 400."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html"), status=413)
    return bad_request(request, exception)


def not_answered(request: Request) -> HttpResponse:
    """503 with a plain page when the database is silent (X11); else 500. Called while the error is handled."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
        return HttpResponse(UNAVAILABLE, status=503, headers=headers)
    return server_error(request)
