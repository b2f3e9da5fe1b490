"""Redis or PostgreSQL killed or hung under a portal that is served as in production (X8, X11)."""

import os
import signal
from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from ksf.accounts.models import User
from ksf.jobs.models import Job
from needs.models import KnowledgeNeed
from tests import databases
from tests.attacks.site import BROKER, DATABASE, Browser, served, service
from tests.needs.factories import make_contact

pytestmark = pytest.mark.services
PASSWORD = "silent-parts-2026"
EMAIL = "kontakt@kommune.example"
SOON = 10  # seconds for a page on a busy machine, where a password alone takes some: before, they took 20


@dataclass
class Site:
    address: str
    redis: object
    job: int


@pytest.fixture(scope="module", params=["killed", "hung"])
def without_redis(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """A person signed in while Redis was there; then Redis goes."""
    folder = tmp_path_factory.mktemp("site")
    name = databases.clone("migrated")
    with django_db_blocker.unblock(), databases.connected_to(name):
        contact = make_contact()
        hashed = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
        User.objects.filter(pk=contact.pk).update(password=hashed, email=EMAIL)
        EmailAddress.objects.create(user=contact, email=EMAIL, verified=True, primary=True)
        job = Job.objects.create(kind="grants.letters", title="Brev", requested_by=contact)
    database = os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")
    try:
        with service(folder / "own", BROKER) as (redis, process):
            environment = os.environ | {"DATABASE_URL": database, "REDIS_URL": redis}
            with served(environment, folder / "web.log") as address:
                before = Browser(address)
                assert _sign_in(before).status == 200
                if request.param == "killed":
                    process.kill()
                    process.wait()
                else:
                    process.send_signal(signal.SIGSTOP)
                yield name, before, job.pk
    finally:
        with django_db_blocker.unblock():
            databases.drop(name)


def _sign_in(browser):
    return browser.post("/konto/login/", login=EMAIL, password=PASSWORD)


def test_reading_saving_and_signing_in_do_without_redis(without_redis, django_db_blocker):
    name, signed_in, job = without_redis

    front = Browser(signed_in.address).get("/")
    assert (front.status, front.seconds < SOON) == (200, True)

    mine = signed_in.get("/min-side/")
    assert (mine.status, mine.seconds < SOON) == (200, True)
    assert "Dette venter på deg" in mine.text, "still signed in"

    saved = signed_in.post("/behov/nytt/", title="Hva virker uten kø?", description="Vi må vite det.", save="draft")
    assert (saved.status, saved.seconds < SOON) == (200, True)
    with django_db_blocker.unblock(), databases.connected_to(name):
        assert KnowledgeNeed.objects.filter(title="Hva virker uten kø?").exists()

    newcomer = Browser(signed_in.address)
    entered = _sign_in(newcomer)
    assert (entered.status, entered.seconds < SOON) == (200, True)
    assert newcomer.get("/min-side/").status == 200

    waiting = signed_in.get(f"/jobber/{job}/")
    assert waiting.status == 200
    assert "køen svarer ikke" in waiting.text


def test_attempts_to_sign_in_are_counted_without_redis(without_redis):
    _name, signed_in, _job = without_redis
    stranger = Browser(signed_in.address)
    answers = [stranger.post("/konto/login/", login="x@kommune.example", password="wrong") for _attempt in range(12)]
    assert any("For mange" in answer.text or answer.status == 429 for answer in answers)


@pytest.mark.parametrize("pool", ["0", "4"])
def test_a_plain_page_within_three_seconds_without_postgresql(tmp_path, pool):
    with service(tmp_path / "own", DATABASE) as (database, process):
        environment = os.environ | {"DATABASE_URL": database, "DATABASE_POOL": pool}
        with served(environment, tmp_path / "web.log") as address:
            Browser(address).get("/")  # no table is there, but connections are open now
            process.kill()
            process.wait()
            for path in ("/", "/konto/login/", "/min-side/", "/behov/"):
                answer = Browser(address).get(path)
                assert (answer.status, path) == (503, path)
                assert "Portalen svarer ikke akkurat nå" in answer.text
                assert answer.seconds < 3 + 1, path  # a second for the busy machine
