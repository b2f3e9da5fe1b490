"""Signed out while writing, on every page that takes something in (X10)."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from ksf.accounts.middleware import SIGNING_IN
from ksf.web.writing import SAVED
from tests.grants.helpers import make_draft
from tests.ksf.helpers import text_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
TEXT = "Dette har jeg brukt en time på"
PLACES = {"int": "1", "year": "2027", "slug": "x", "str": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def _places(resolver, before=""):
    """Every address that asks for somebody signed in, with something in each place of it."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _places(entry, route)
        elif getattr(entry.callback, "login_required", True) and not (entry.name or "").startswith(SIGNING_IN):
            yield entry.name, "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda place: PLACES.get(place[1] or "str", "x"), route)


ADDRESSES = dict(_places(get_resolver())) | {"call_edit": "/tilskudd/x/rediger/main/"}  # its pattern is a regex


def test_there_are_many():
    assert len(ADDRESSES) > 100


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES)
def test_what_was_typed_comes_back(client, url):
    response = client.post(url, {"what_i_wrote": TEXT, "version": "7", "password": "hemmelig ord"})
    page = text_of(response)
    assert response.status_code == 401
    assert f'name="what_i_wrote" rows="4">{TEXT}</textarea>' in page
    assert '<input type="hidden" name="version" value="7">' in page
    assert "hemmelig" not in page
    by_script = client.post(url, {"what_i_wrote": TEXT}, headers={"HX-Request": "true"})
    assert (by_script.status_code, by_script.content, by_script.get(SAVED)) == (401, b"", None)


def test_the_words_are_in_three_languages(client, settings):
    for language, heading in [("nb", "Du er logget ut"), ("nn", "Du er logga ut"), ("en", "You have been signed out")]:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert heading in text_of(client.post("/behov/nytt/", {"title": TEXT}))


def test_files_are_to_be_chosen_again(client):
    response = client.post("/behov/importer/", {"file": SimpleUploadedFile("behov.csv", b"a;b")})
    assert "Bare filer må velges på nytt" in text_of(response)


def test_reading_leads_to_signing_in(client):
    response = client.get("/behov/nytt/")
    assert response.url == "/konto/login/?next=/behov/nytt/"
    assert client.get("/behov/nytt/", headers={"HX-Request": "true"}).status_code == 401


def test_a_form_of_before_signing_in_gives_its_text_back():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/behov/nytt/", {"title": TEXT, "description": "<b>fet skrift</b>"})
    assert response.status_code == 403
    assert TEXT in text_of(response)
    assert "&lt;b&gt;fet skrift" in text_of(response)


def test_only_what_is_stored_is_called_saved(client):
    application, coordinator = make_draft()
    client.force_login(coordinator)
    url, htmx = reverse("application_details", args=[application.pk]), {"HX-Request": "true"}
    good = client.post(url, {"title": "Ny", "language": "nb", "least_amount": "300000"}, headers=htmx)
    bad = client.post(url, {"title": "Ny", "language": "nb", "least_amount": "tull"}, headers=htmx)
    assert (good[SAVED], bad[SAVED]) == ("yes", "no")
    client.logout()
    assert SAVED not in client.post(url, {"title": "Ny"}, headers=htmx)


def test_the_script_waits_for_the_same_word():
    script = (ROOT / "static/js/ksf.js").read_text(encoding="utf-8")
    assert f'getResponseHeader("{SAVED}")' in script
