"""Answers to what cannot be received, and to what cannot be answered."""

import errno
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
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


def not_trusted(request: Request, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django gives it
    """403 for a form whose token is an older one's, with what was written: it is shown, and never sent on from here."""
    return HttpResponse(render_to_string("403_csrf.html", {"typed": typed_texts(request)}), status=403)


def typed_texts(request: HttpRequest) -> list[str]:
    """The texts that were sent, so that no word is lost; choices, ids and tokens are none."""
    sent = (text for values in request.POST.lists() for text in values[1])
    return [text for text in sent if len(text.split()) > 1]


def not_answered(request: Request) -> HttpResponse:
    """503 with a plain page when the database is silent or the disk full (X11); else 500.

    Called while the error is handled.
    """
    error = sys.exception()
    is_full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if is_full or isinstance(error, OperationalError | InterfaceError):
        headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
        return HttpResponse(UNAVAILABLE, status=503, headers=headers)
    return server_error(request)
