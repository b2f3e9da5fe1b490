"""A visitor's page is kept for some seconds and given again to the next who asks for it.

Nothing of a person is kept: who has a session, a message waiting or a form in the page gets a page of their own. What
is written shows for visitors when the seconds are over; those signed in see it at once.
"""

from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from ksf.web.requests import Request

OF_A_PERSON = (settings.SESSION_COOKIE_NAME, "messages")
ABOUT_NOW = ("/healthz", "/metrics")

#: Content and headers.
Page = tuple[bytes, dict[str, str]]


class KeptPagesMiddleware:
    """Stands inside the language and outside the view, which a page that was kept never reaches.

    Whether the reader has the page already is answered further out, by Django's ConditionalGetMiddleware.
    """

    def __init__(self, get_response: Callable[[Request], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if not (settings.VISITORS_PAGE_SECONDS and _is_for_any_visitor(request)):
            return self.get_response(request)
        key = _key(request)
        page: Page | None = cache.get(key)
        if page:
            content, headers = page
            return HttpResponse(content, headers=headers)
        made = self.get_response(request)
        if isinstance(made, HttpResponse) and _may_be_kept(request, made):
            patch_vary_headers(made, ("Cookie", "Accept-Language"))
            cache.set(key, (made.content, dict(made.items())), settings.VISITORS_PAGE_SECONDS)
        return made


def _is_for_any_visitor(request: Request) -> bool:
    """Whether any visitor would get the same."""
    return (
        request.method == "GET"
        and request.path not in ABOUT_NOW
        and not any(name in request.COOKIES for name in OF_A_PERSON)
        and not request.headers.get("Authorization")
        and not request.headers.get("HX-Request")
    )


def _key(request: Request) -> str:
    asked = f"{request.LANGUAGE_CODE} {request.build_absolute_uri()}"
    return f"page-{sha256(asked.encode()).hexdigest()}"


def _may_be_kept(request: Request, response: HttpResponse) -> bool:
    return (
        response.status_code == 200  # noqa: PLR2004 - what everybody calls it
        and not response.cookies
        and not response.has_header("Cache-Control")
        and not response.has_header("Content-Disposition")
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and not request.session.modified
    )
