"""A visitor's page that was made already is given again, as long as nothing at all has been written since.

The key of a page holds PostgreSQL's own snapshot: which transactions are committed. While it is the same, every query
would answer the same, so no page can be stale and no code has to forget one; any write, in whichever process, begins
anew. The minute is in the key too, for what follows the clock (a call that opens, a deadline). Nothing of a person is
kept: who has a session, a message waiting or a form in the page gets a page of their own.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag

from ksf.web.requests import Request

Key = tuple[str, ...]
MOST_BYTES = 16 * 1024 * 1024
OF_A_PERSON = (settings.SESSION_COOKIE_NAME, "messages")
ABOUT_THE_DATABASE = "/healthz"


@dataclass(frozen=True)
class Kept:
    """A page as it was sent, without what belongs to the request."""

    content: bytes
    headers: dict[str, str]

    def response(self) -> HttpResponse:
        return HttpResponse(self.content, headers=self.headers)


class Pages:
    """The pages a process keeps, those asked for lately; the longest unused give way when they take too much room."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Kept | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, page: Kept) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = page
                self._bytes += len(page.content)
            while self._bytes > self.most_bytes:
                _key, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.content)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0


pages = Pages()


class RepeatedPagesMiddleware:
    """Stands inside the language and outside the view, which a page that is given again never reaches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if not _is_of_nobody(request):
            return self.get_response(request)
        try:
            key = _key(request)
        except Error:  # a silent database has nothing to give again; the page says what it can without
            return self.get_response(request)
        kept = pages.get(key)
        if kept is not None:
            response = kept.response()
            return get_conditional_response(request, etag=response["ETag"], response=response) or response
        made = self.get_response(request)
        if isinstance(made, HttpResponse) and _may_be_repeated(request, made):
            patch_vary_headers(made, ("Cookie", "Accept-Language"))
            set_response_etag(made)
            pages.keep(key, Kept(made.content, dict(made.items())))
        return made


def _is_of_nobody(request: Request) -> bool:
    """Whether any visitor would get the same. Inside a transaction there is no telling what it has written."""
    return (
        request.method == "GET"
        and request.path != ABOUT_THE_DATABASE
        and not any(name in request.COOKIES for name in OF_A_PERSON)
        and not request.headers.get("Authorization")
        and not request.headers.get("HX-Request")
        and not connection.in_atomic_block
    )


def _key(request: Request) -> Key:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        (snapshot,) = cursor.fetchone()
    minute = int(time.time() // 60)
    language = request.LANGUAGE_CODE
    return (snapshot, str(minute), language, request.scheme or "", request.get_host(), request.get_full_path())


def _may_be_repeated(request: Request, response: HttpResponse) -> bool:
    return (
        response.status_code == 200  # noqa: PLR2004 - what everybody calls it
        and not response.cookies
        and not response.has_header("Cache-Control")
        and not response.has_header("Content-Disposition")
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and not request.session.modified
    )
