"""The shell, the pages open to all, the error pages and sign-in."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.urls import path
from django.utils.translation import gettext_lazy

from ksf import audit, panels
from ksf.accounts.roles import Role
from ksf.web import npm
from ksf.web.history import describe_verbs, events
from tests.ksf.factories import appoint, make_user
from tests.ksf.helpers import text_of

pytestmark = pytest.mark.django_db
OPEN_PAGES = ["/", "/om/", "/tilgjengelighet/", "/personvern/", "/kontakt/"]
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)(?![^>]*application/json)")


@pytest.fixture
def member(client):
    user = appoint(Role.OBSERVER)
    client.force_login(user)
    return client


@pytest.mark.parametrize("address", [*OPEN_PAGES, "/konto/login/", "/konto/login/code/", "/konto/password/reset/"])
def test_open_pages_have_one_main_one_heading_and_nothing_inline(client, address):
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == html.count('<main id="main"') == 1
    assert '<a class="ds-skip-link" href="#main">Hopp til hovedinnhold</a>' in html
    assert not INLINE.search(html)


@pytest.mark.parametrize("address", OPEN_PAGES)
@pytest.mark.parametrize(("language", "word"), [("nb", "kommunene"), ("nn", "kommunane"), ("en", "municipalities")])
def test_open_pages_speak_three_languages(client, address, language, word):
    client.cookies["django_language"] = language
    html = client.get(address).content.decode()
    assert f'<html lang="{language}"' in html
    assert word in html.lower()


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_open_pages_only_read(client, address):
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_open_pages_can_be_kept_by_the_browser(client, address):
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_language_is_chosen_by_a_form_and_remembered(client):
    response = client.post("/spraak/", {"language": "nn", "next": "/om/"})
    assert (response.status_code, response.url) == (302, "/om/")
    assert "Slik heng det saman" in client.get("/om/").content.decode()
    assert client.get("/spraak/").status_code == 405


def test_language_never_leads_away_from_the_portal(client):
    assert client.post("/spraak/", {"language": "nn", "next": "https://elsewhere.example/"}).url == "/"


def test_visitors_are_offered_what_they_may_open_and_sign_in(client):
    html = client.get("/").content.decode()
    assert ">Logg inn</a>" in html
    assert "/min-side/" not in html


def test_members_see_their_active_role_and_can_change_it(client):
    user = appoint(Role.OBSERVER)
    appoint(Role.NATIONAL_STAFF, user=user)
    client.force_login(user)
    html = text_of(client.get("/om/"))
    assert "KSF nasjonalt, hele nettverket" in html
    assert html.count('name="appointment"') == 2
    assert '<a href="/min-side/">Min side</a>' in html


def test_where_one_is_stands_out(member):
    assert '<a href="/min-side/" aria-current="page">' in member.get("/min-side/").content.decode()


@pytest.mark.parametrize(("is_demo", "times"), [(True, 1), (False, 0)])
def test_the_demo_says_that_its_content_is_made_up(client, settings, is_demo, times):
    settings.DEMO = is_demo
    assert client.get("/").content.decode().count("Eksempelinnhold") == times


def test_panels_stand_in_their_places(client, monkeypatch):
    shown = [
        panels.Panel("components/empty.html", {"heading": "Latest needs"}),
        panels.Panel("components/empty.html", {"heading": "Map"}, place="hero"),
    ]
    monkeypatch.setitem(panels._makers, "front", [(1, str(n), lambda _r, _s, p=p: p) for n, p in enumerate(shown)])
    html = client.get("/").content.decode()
    assert html.index("Map") < html.index('<div class="page page--front">') < html.index("Latest needs")


def test_unknown_addresses_say_so_to_all(client, member):
    for visitor in (client, member):
        response = visitor.get("/finnes-ikke/")
        assert response.status_code == 404
        assert "Vi finner ikke siden" in response.content.decode()


@pytest.mark.parametrize("address", ["/konto/oidc/a%00b/login/", "/behov/%00/", "/behov/?q=%00", "/?a=b%00"])
def test_an_address_with_a_nul_sign_is_not_understood(client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "Vi forsto ikke" in answer.text


def boom(_request):
    raise RuntimeError("broken on purpose")


urlpatterns = [path("boom/", boom)]


@pytest.mark.urls("tests.ksf.test_web_pages")
def test_the_error_page_needs_neither_request_nor_database(client):
    client.raise_request_exception = False
    client.force_login(make_user())
    response = client.get("/boom/")
    assert response.status_code == 500
    assert "Noe gikk galt hos oss" in response.content.decode()


def test_a_form_from_a_forgotten_page_is_explained(client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/konto/login/", {})
    assert response.status_code == 403
    assert "Siden hadde stått åpen for lenge" in response.content.decode()


def test_sign_in_explains_what_is_wrong(client):
    html = client.post("/konto/login/", {"login": "ingen@ksf.example", "password": "feil-passord"}).content.decode()
    assert "Én ting må rettes" in html
    assert "E-postadressen eller passordet er feil." in html


def test_sign_in_speaks_nynorsk(client):
    client.cookies["django_language"] = "nn"
    assert "Gløymt passordet?" in client.get("/konto/login/").content.decode()


class TestNpmFinder:
    def test_finds_its_own_names_and_no_other(self):
        finder = npm.NpmFinder()
        assert finder.find("vendor/designsystemet.css").endswith("dist/src/index.css")
        assert finder.find("vendor/../package.json") == []
        assert finders.find("vendor/ksf-theme.css").endswith("build/theme/ksf.css")
        assert finders.find("css/ksf.css").endswith("build/ksf.css")

    def test_collects_every_name_readably(self):
        for name, storage in npm.NpmFinder().list():
            with storage.open(name) as file:
                assert file.read(1), name

    def test_missing_files_say_how_to_install_them(self, settings, tmp_path):
        settings.BASE_DIR = tmp_path
        with pytest.raises(ImproperlyConfigured, match="make setup"):
            npm.source("vendor/ksf-theme.css")
        (error,) = npm.NpmFinder().check()
        assert error.id == "ksf.E001"
        assert "vendor/designsystemet.css" in error.msg

    def test_installed_files_raise_no_error(self):
        assert npm.NpmFinder().check() == []


def test_history_shows_known_verbs_newest_first_as_text():
    describe_verbs({"tests.opened": gettext_lazy("Save")})
    subject, actor = make_user(), appoint(Role.OBSERVER)
    audit.record("tests.opened", subject, by=actor)
    audit.record("tests.unspoken", subject, by=actor)
    (event,) = events(subject)
    assert (str(event.text), event.acting_as) == ("Lagre", "Innsyn, hele nettverket")


def test_more_than_is_received_is_too_much(member, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = member.post("/konto/", "name=" + "x" * 200, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "står teksten din fortsatt i skjemaet" in response.content.decode()
