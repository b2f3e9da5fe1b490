"""A visitor's page is kept for some seconds and given again to the next who asks for it.

Nothing of a person is kept: who has a session, a message waiting or a form in the page gets a page of their own. What
is written shows for visitors when the seconds are over; those signed in see it at once.

One makes a page at a time: in the last third of its seconds the first who asks makes it again and the others get it as
it was; where there is none they wait for the one who makes it.
"""

import time
from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from ksf.web.requests import Request

OF_A_PERSON = (settings.SESSION_COOKIE_NAME, "messages")
ABOUT_NOW = ("/healthz", "/metrics")

MAKING_SECONDS = 2  # what others wait at most, and how long one who died on the way is waited for
LOOKS_EVERY = 0.02

#: Content, headers, and until when it is not to be made again.
Page = tuple[bytes, dict[str, str], float]


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
        if page and page[2] > time.time():
            return _given(page)
        if cache.add(_maker(key), True, MAKING_SECONDS):
            try:
                return self._made(request, key)
            finally:
                cache.delete(_maker(key))
        page = page or _made_by_another(key)
        return _given(page) if page else self._made(request, key)

    def _made(self, request: Request, key: str) -> HttpResponseBase:
        """The page, kept where it may be."""
        made = self.get_response(request)
        if isinstance(made, HttpResponse) and _may_be_kept(request, made):
            patch_vary_headers(made, ("Cookie", "Accept-Language"))
            seconds = settings.VISITORS_PAGE_SECONDS
            cache.set(key, (made.content, dict(made.items()), time.time() + seconds * 2 / 3), seconds)
        return made


def _given(page: Page) -> HttpResponse:
    content, headers, _until = page
    return HttpResponse(content, headers=headers)


def _maker(key: str) -> str:
    """What is in the cache while somebody makes the page."""
    return f"{key}-is-made"


def _made_by_another(key: str) -> Page | None:
    """The page when it is there; None when it is of those that are not kept, or takes too long."""
    for _look in range(int(MAKING_SECONDS / LOOKS_EVERY)):
        time.sleep(LOOKS_EVERY)
        is_made = not cache.has_key(_maker(key))
        page: Page | None = cache.get(key)
        if page or is_made:
            return page
    return None


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
