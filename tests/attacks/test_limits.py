"""Asking again and again for what costs much (X11)."""

import ast
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse

from ksf.web import limits
from needs.lifecycle import NeedState
from tests.ksf.factories import make_lead, make_user
from tests.ksf.helpers import text_of
from tests.needs.factories import make_contact, make_need

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SEARCH, HTMX = "/behov/?q=barnevern", {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def two_an_hour(settings):
    """Two of each, in a window so long that no test meets its end."""
    cache.clear()
    settings.RATE_LIMITS = dict.fromkeys(("search", "pdf", "export", "file", "mail", "compute"), (2, 10**9))
    yield
    cache.clear()


def third(ask):
    """The answer to the third time; the first two are not too often."""
    for _time in range(2):
        assert ask().status_code != 429
    return ask()


@pytest.mark.parametrize(
    "path",
    [
        SEARCH,
        "/behov/?format=csv",
        "/behov/?format=xlsx",
        "/partnere/?format=csv",
        "/api/v1/needs/?q=barnevern",
        "/api/v1/needs/similar/?title=barnevern",
    ],
)
def test_a_visitor_learns_when_to_ask_again(client, path):
    response = third(lambda: client.get(path))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("language", "said"), [("nb", "Det var for ofte"), ("nn", "Det var for ofte"), ("en", "That was too often")]
)
def test_in_words_of_three_languages(client, settings, language, said):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = text_of(third(lambda: client.get(SEARCH)))
    assert said in page
    assert f'<html lang="{language}"' in page


def test_htmx_gets_the_words_on_top_of_the_page_as_it_is(client):
    response = third(lambda: client.get(SEARCH, headers=HTMX))
    assert "<html" not in text_of(response)
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#main", "afterbegin")


def test_signing_in_too_often_has_the_same_page(client):
    for _time in range(40):
        response = client.post("/konto/login/", {"login": "ingen@ksf.example", "password": "feil"})
    assert response.status_code == 429
    assert "Det var for ofte" in text_of(response)


def test_what_costs_little_is_still_answered(client):
    assert third(lambda: client.get(SEARCH)).status_code == 429
    assert client.get("/behov/").status_code == 200
    assert client.get("/").status_code == 200


def test_each_person_and_each_address_has_a_share(client):
    def ask(address):
        return client.get(SEARCH, REMOTE_ADDR=address).status_code

    assert [ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.2")] == [200, 200, 429, 200]
    assert [ask("2001:db8::1"), ask("2001:db8::2"), ask("2001:db8::3")] == [200, 200, 429]
    for _person in range(2):
        client.force_login(make_user())
        assert [ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.1")] == [200, 200, 429]


def test_many_accounts_at_one_address_do_not_help(client):
    for _person in range(limits.AT_ONE_ADDRESS):
        client.force_login(make_user())
        assert [client.get(SEARCH).status_code for _time in range(2)] == [200, 200]
    client.force_login(make_user())
    assert client.get(SEARCH).status_code == 429


def test_an_address_behind_the_proxy_is_the_visitor_s_own(client, monkeypatch):
    monkeypatch.setattr("allauth.app_settings.AppSettings.TRUSTED_PROXY_COUNT", 1)

    def ask(address):
        return client.get(SEARCH, headers={"X-Forwarded-For": f"203.0.113.9, {address}"}).status_code

    assert [ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.1"), ask("192.0.2.2")] == [200, 200, 429, 200]


def test_pdfs_that_must_be_made(client):
    urls = [f"/behov/{make_need(state=NeedState.PRIORITISED).pk}/dokumentasjon/" for _one in range(3)]
    assert [client.get(url).status_code for url in urls] == [202, 202, 429]
    assert [client.get(url).status_code for url in urls[:2]] * 5 == [202] * 10


def test_invitations(client):
    client.force_login(make_lead())
    url = reverse("invite", args=["national_staff"])
    response = third(lambda: client.post(url, {"email": "ikke en adresse"}))
    assert response.status_code == 429
    assert client.get(url).status_code == 200


def test_files_and_what_was_written_is_shown(client):
    client.force_login(make_contact())
    response = third(lambda: client.post("/behov/importer/", {"note": "noen ord"}))
    assert response.status_code == 429
    assert "noen ord" in text_of(response)


def test_a_cache_that_is_gone_closes_nothing(client, settings):
    settings.CACHES = {"default": {"BACKEND": "ksf.cache.SteadyCache", "LOCATION": "redis://127.0.0.1:1"}}
    assert client.get(SEARCH).status_code == 200


COSTLY = {"search_needs", "similar_needs", "store"}
"""What the search is asked with; who imports it for a request must count."""


def _views():
    for path in sorted(ROOT.glob("*/**/*.py")):
        parts = path.relative_to(ROOT).parts
        if parts[0] in {"ksf", "regions", "clusters", "needs", "grants", "reporting"} and (
            "views" in parts or path.name in {"views.py", "api.py"}
        ):
            yield path


def _imported(tree):
    return {name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names}


def test_every_module_that_searches_or_reads_a_file_counts():
    forgets = []
    for path in _views():
        text = path.read_text(encoding="utf-8")
        imported = _imported(ast.parse(text))
        if (imported & COSTLY or "request.FILES" in text) and not imported & {"limits", "limited"}:
            forgets.append(str(path.relative_to(ROOT)))
    assert forgets == []
