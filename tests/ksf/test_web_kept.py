"""A visitor's page is given again for some seconds, never to somebody it was not made for."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from demo.accounts import make_account
from ksf.cache import silence
from ksf.web.kept import MAKING_SECONDS, KeptPagesMiddleware
from regions.models import Partner

pytestmark = pytest.mark.django_db
PAGE = "/nettverket/"


SECONDS = 60


class NotedCache:
    """The cache, and for how many seconds each page was kept."""

    def __init__(self) -> None:
        self.seconds: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(cache, name)

    def set(self, key: str, page: object, seconds: int) -> None:
        self.seconds.append(seconds)
        cache.set(key, page, seconds)


@pytest.fixture(autouse=True)
def kept(settings, monkeypatch):
    """For how many seconds each page was kept."""
    settings.VISITORS_PAGE_SECONDS = SECONDS
    noted = NotedCache()
    monkeypatch.setattr("ksf.web.kept.cache", noted)
    cache.clear()
    return noted.seconds


def asked(client: Client, path: str = PAGE, **headers: str) -> tuple[int, int, str]:
    """Status, number of queries and content."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, headers=headers or None)
        count = len(queries)
    return response.status_code, count, response.content.decode()


def test_a_page_is_made_once_and_given_again_without_a_query():
    _status, first, made = asked(Client())
    assert first > 0
    assert asked(Client()) == (200, 0, made)


def test_a_page_is_made_again_when_its_seconds_are_over(kept):
    asked(Client())
    assert kept == [SECONDS]
    cache.clear()  # as when they are over
    Partner.objects.create(slug="ny", name="Ny", kind=Partner.Kind.OTHER)
    assert asked(Client())[1] > 0


def visits(middleware: KeptPagesMiddleware, path: str, number: int) -> list[bytes]:
    """What so many visitors who ask at once are given."""

    def visit(_number: int) -> bytes:
        request = RequestFactory().get(path)
        request.LANGUAGE_CODE, request.session = "nb", SessionStore()
        return middleware(request).content

    with ThreadPoolExecutor(number) as visitors:
        return list(visitors.map(visit, range(number)))


class Maker:
    """A view that takes a while, and says which time it was."""

    def __init__(self, **headers: str) -> None:
        self.times, self.headers = itertools.count(1), headers

    def __call__(self, _request: object) -> HttpResponse:
        number = next(self.times)
        time.sleep(0.2)
        return HttpResponse(f"page {number}", headers=self.headers)


def test_one_makes_a_page_and_the_others_wait_for_it():
    middleware = KeptPagesMiddleware(Maker())
    assert visits(middleware, PAGE, 6) == [b"page 1"] * 6


def test_a_page_is_made_again_by_one_before_its_seconds_are_over(monkeypatch):
    middleware, clock = KeptPagesMiddleware(Maker()), time.time
    visits(middleware, PAGE, 1)
    monkeypatch.setattr(time, "time", lambda: clock() + SECONDS * 0.6)
    assert visits(middleware, PAGE, 4) == [b"page 1"] * 4
    monkeypatch.setattr(time, "time", lambda: clock() + SECONDS * 0.7)
    assert sorted(visits(middleware, PAGE, 4)) == [*[b"page 1"] * 3, b"page 2"]
    assert visits(middleware, PAGE, 4) == [b"page 2"] * 4


def test_nobody_waits_longer_than_once_for_a_page_that_is_not_kept():
    middleware = KeptPagesMiddleware(Maker(**{"Cache-Control": "no-store"}))
    start = time.perf_counter()
    assert len(set(visits(middleware, PAGE, 4))) == 4
    assert time.perf_counter() - start < MAKING_SECONDS


def test_a_maker_that_fails_leaves_the_page_to_the_next():
    def fails(_request: object) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        visits(KeptPagesMiddleware(fails), PAGE, 1)
    start = time.perf_counter()
    assert visits(KeptPagesMiddleware(Maker()), PAGE, 1) == [b"page 1"]
    assert time.perf_counter() - start < MAKING_SECONDS


def test_no_page_is_kept_where_that_is_turned_off(settings, kept):
    settings.VISITORS_PAGE_SECONDS = 0
    asked(Client())
    assert asked(Client())[1] > 0
    assert kept == []


def test_somebody_signed_in_gets_a_page_of_their_own_and_leaves_none(kept):
    _status, _queries, of_visitor = asked(Client())
    client = Client()
    client.force_login(make_account("koordinator.vest", label="Regional koordinator"))
    _status, queries, content = asked(client)
    assert queries > 0
    assert "Regional koordinator" in content
    assert asked(Client()) == (200, 0, of_visitor)
    assert kept == [SECONDS]


def test_whoever_has_a_message_waiting_gets_and_leaves_no_kept_page(kept):
    asked(Client())
    client = Client()
    client.cookies["messages"] = "waiting"
    assert asked(client)[1] > 0
    assert kept == [SECONDS]


def test_parts_of_a_page_are_not_given_for_the_whole(kept):
    _status, _queries, part = asked(Client(), "/behov/", **{"hx-request": "true"})
    assert kept == []
    assert asked(Client(), "/behov/")[2] != part


@pytest.mark.parametrize("path", ["/konto/login/", f"{PAGE}?format=csv", "/finnes-ikke/", "/healthz"])
def test_forms_exports_errors_and_the_watch_are_never_kept(path, kept):
    for client in (first := Client(), first, Client()):  # the second time with the cookie that a form set
        client.get(path)
    assert kept == []


def test_each_language_has_its_own():
    _status, _queries, bokmal = asked(Client())
    _status, queries, nynorsk = asked(Client(), **{"accept-language": "nn"})
    assert queries > 0
    assert 'lang="nn"' in nynorsk
    assert 'lang="nb"' in bokmal
    assert asked(Client(), **{"accept-language": "nn"}) == (200, 0, nynorsk)


def test_each_address_has_its_own(settings, kept):
    settings.ALLOWED_HOSTS = ["*"]
    addresses = [(PAGE, "one.example"), (f"{PAGE}?q=a", "one.example"), (PAGE, "two.example")]
    for path, host in addresses:
        assert Client(SERVER_NAME=host).get(path).status_code == 200
    assert len(kept) == len(addresses)


def test_an_answer_that_is_the_same_is_304_without_a_body():
    first = Client().get(PAGE)
    again = Client().get(PAGE, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    cache.clear()
    assert Client().get(PAGE, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_it_says_what_it_varies_by_and_keeps_the_headers_of_safety():
    Client().get(PAGE)
    again = Client().get(PAGE)
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in again["Vary"].split(",")}
    assert "default-src 'none'" in again["Content-Security-Policy"]
    assert again["X-Frame-Options"] == "DENY"


def test_without_redis_pages_are_kept_in_memory(settings, caplog):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    try:
        assert asked(Client())[0] == 200
        status, queries, _content = asked(Client())
    finally:
        silence.end()
    assert (status, queries) == (200, 0)
    assert "Redis does not answer" in caplog.text


def test_a_kept_page_does_without_the_database(monkeypatch):
    _status, _queries, made = asked(Client())
    monkeypatch.setattr(connection, "cursor", None)
    assert asked(Client()) == (200, 0, made)
