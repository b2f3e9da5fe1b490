"""X2: a session that is left ends, can be ended from elsewhere, and leaves nothing in the browser."""

import time
from types import SimpleNamespace

import pytest
from django.test import Client

from ksf.accounts import middleware
from ksf.accounts.roles import Role
from ksf.people import services
from tests.ksf.factories import appoint, make_staff, make_user
from tests.regions.factories import make_municipality

pytestmark = pytest.mark.django_db
PASSWORD = "fjellet er blatt i dag"
HOUR = 3600


@pytest.fixture
def contact(region):
    user = make_user("kontakt@kommune.example", password=PASSWORD)
    services.prove_address(user)
    return appoint(Role.RD_CONTACT, make_municipality(region=region), user=user)


@pytest.fixture
def clock(monkeypatch):
    """``clock(hours)`` lets time pass for the sessions."""
    now = [time.time()]

    def pass_by(hours):
        now[0] += hours * HOUR

    monkeypatch.setattr(middleware, "time", SimpleNamespace(time=lambda: now[0]))
    return pass_by


def is_in(client):
    return client.get("/min-side/").status_code == 200


@pytest.mark.parametrize(
    ("form", "hours", "goes_on"),
    [({}, 11.9, True), ({}, 12.1, False), ({"remember": "on"}, 335, True), ({"remember": "on"}, 337, False)],
)
def test_ends_after_rest(client, contact, clock, form, hours, goes_on):  # noqa: PLR0917  each says what it is
    client.post("/konto/login/", {"login": contact.email, "password": PASSWORD, **form})
    assert is_in(client)
    clock(hours)
    assert is_in(client) == goes_on


def test_a_visit_keeps_it(client, contact, clock):
    client.force_login(contact)
    for _ in range(3):
        clock(11)
        assert is_in(client)


@pytest.mark.parametrize(
    ("rests", "goes_on"), [([3.9], 1), ([4.1], 0), ([3.9, 3.9, 3.9], 1), ([3.9, 3.9, 3.9, 0.5], 0)]
)
def test_sooner_for_national_roles_and_12_hours_in_all(client, clock, rests, goes_on):
    client.force_login(make_staff())
    found = []
    for hours in rests:
        clock(hours)
        found.append(is_in(client))
    assert found == [True] * (len(rests) - 1) + [bool(goes_on)]


def test_one_from_before_the_hours_ends(client, contact):
    client.force_login(contact)
    session = client.session
    del session[middleware.BEGAN_KEY], session[middleware.SEEN_KEY]
    session.save()
    assert not is_in(client)


def test_others_are_signed_out_from_here(client, contact):
    other = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0; rv:144.0) Gecko/20100101 Firefox/144.0"})
    for one in (client, other):
        one.post("/konto/login/", {"login": contact.email, "password": PASSWORD})
    assert "Firefox, Windows" in client.get("/konto/sessions/").text
    client.post("/konto/sessions/")
    assert is_in(client)
    assert not is_in(other)


@pytest.mark.parametrize(
    "path", ["/", "/min-side/", "/konto/", "/kunnskapsbehov/", "/finnes-ikke/", "/konto/personer/"]
)
def test_no_browser_keeps_what_one_saw(client, contact, path):
    client.force_login(contact)
    assert client.get(path)["Cache-Control"] == "private, no-store"


def test_pages_of_visitors_may_be_kept(client):
    assert "no-store" not in client.get("/").get("Cache-Control", "")
