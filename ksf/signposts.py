"""Small files that programs look for at fixed addresses."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ksf.web.requests import Request

PLAIN = "text/plain; charset=utf-8"
#: What a search engine has no use for. It protects nothing: each page asks who reads it.
NOT_FOR_SEARCH = ("/konto/", "/min-side/", "/jobber/", "/api/")
VALID = timedelta(days=180)  # RFC 9116 wants less than a year


@login_not_required
@require_safe
def robots(_request: Request) -> HttpResponse:
    """Which pages a search engine should leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_SEARCH)]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@login_not_required
@require_safe
def security(_request: Request) -> HttpResponse:
    """To whom one reports a hole in the portal (RFC 9116)."""
    expires = (timezone.now() + VALID).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.CONTACT_EMAIL}",
        f"Expires: {expires}",
        "Preferred-Languages: nb, nn, en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)
