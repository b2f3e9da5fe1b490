"""A visitor's page made already: given again while nothing is written, never to somebody it was not made for."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from demo.accounts import make_account
from ksf.web.repeated import Kept, Pages, pages
from regions.models import Partner

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/nettverket/"


@pytest.fixture(autouse=True)
def nothing_kept():
    pages.forget()
    yield
    pages.forget()


def asked(client: Client, path: str = PAGE, **headers: str) -> tuple[int, int, str]:
    """Status, number of queries and content."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, headers=headers or None)
        count = len(queries)
    return response.status_code, count, response.content.decode()


def test_a_page_is_made_once():
    _status, first, made = asked(Client())
    status, second, given = asked(Client())
    assert (status, second, given) == (200, 1, made)
    assert first > 1


def test_any_write_makes_it_anew():
    asked(Client())
    Partner.objects.create(slug="ny", name="Ny", kind=Partner.Kind.OTHER)
    _status, queries, _content = asked(Client())
    assert queries > 1


def test_a_person_gets_a_page_of_their_own_and_leaves_none():
    _status, _queries, of_visitor = asked(Client())
    person = make_account("koordinator.vest", label="Regional koordinator")
    client = Client()
    client.force_login(person)
    _status, queries, content = asked(client)
    assert queries > 1
    assert "Regional koordinator" in content
    assert "Regional koordinator" not in asked(Client())[2]
    assert asked(Client())[2] == of_visitor


def test_each_language_has_its_own():
    _status, _queries, bokmal = asked(Client())
    _status, queries, nynorsk = asked(Client(), **{"accept-language": "nn"})
    assert queries > 1
    assert 'lang="nn"' in nynorsk
    assert 'lang="nb"' in bokmal
    assert asked(Client(), **{"accept-language": "nn"})[2] == nynorsk


def test_an_answer_that_is_the_same_is_304_without_a_body():
    first = Client().get(PAGE)
    again = Client().get(PAGE, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    pages.forget()
    assert Client().get(PAGE, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_it_says_what_it_varies_by_and_keeps_the_headers_of_safety():
    Client().get(PAGE)
    again = Client().get(PAGE)
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in again["Vary"].split(",")}
    assert "default-src 'none'" in again["Content-Security-Policy"]
    assert again["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/konto/login/", f"{PAGE}?format=csv", "/finnes-ikke/"])
def test_forms_exports_and_errors_are_never_kept(path):
    Client().get(path)
    assert not pages._kept


def test_a_page_that_asks_the_database_nothing_does_without_it(monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    assert Client().get("/om/").status_code == 200


def test_the_oldest_gives_way_when_there_is_no_room():
    few = Pages(most_bytes=10)
    few.keep(("a",), Kept(b"12345", {}))
    few.keep(("b",), Kept(b"12345", {}))
    few.get(("a",))
    few.keep(("c",), Kept(b"12345", {}))
    assert [key for key in "abc" if few.get((key,))] == ["a", "c"]
