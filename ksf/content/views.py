"""Pages open to all, and the choice of language."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from ksf import panels
from ksf.web.requests import Request

PLACES = {"hero": "hero", "figures": "figures", "top": "top", "main": "main_panels", "aside": "aside"}


@login_not_required
@require_safe
def front(request: Request) -> HttpResponse:
    shown = panels.of("front", request)
    context = {name: [panel for panel in shown if panel.place == place] for place, name in PLACES.items()}
    return render(request, "content/front.html", context)


@login_not_required
@require_safe
def about(request: Request) -> HttpResponse:
    return _text(request, "about", _("About KSF and the portal"))


@login_not_required
@require_safe
def accessibility(request: Request) -> HttpResponse:
    return _text(request, "accessibility", _("Accessibility"))


@login_not_required
@require_safe
def privacy(request: Request) -> HttpResponse:
    return _text(request, "privacy", _("Privacy"), panels=panels.of("privacy", request))


@login_not_required
@require_safe
def contact(request: Request) -> HttpResponse:
    return _text(request, "contact", _("Contact"), panels=panels.of("contact", request))


@login_not_required
@csrf_exempt  # a language is no secret, and without a token the open pages can be cached
@require_POST
def language(request: Request) -> HttpResponseBase:
    """Remember the chosen language in the browser and go back to where one was."""
    return set_language(request)


def _text(request: Request, page: str, heading: str | Promise, **more: Any) -> HttpResponse:
    return render(
        request,
        "content/page.html",
        {
            "heading": heading,
            "text": f"content/{page}/{get_language()}.html",
            "contact_email": settings.CONTACT_EMAIL,
            "statement_url": settings.ACCESSIBILITY_STATEMENT_URL,
            **more,
        },
    )
