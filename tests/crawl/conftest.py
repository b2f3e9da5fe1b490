import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings

from tests.crawl import objects, people


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker):
    """The demo as loaded, and the objects the crawl walks to; rolled back afterwards."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        call_command("load_demo", verbosity=0)
        people.appoint_office()
        yield objects.find()
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


class Visitor:
    """A client that comes to every address as if for the first time: its session lies in its cookies."""

    def __init__(self) -> None:
        self.client = Client()
        self.cookies = ""

    def sign_in(self, user):
        self.client.force_login(user)
        self.cookies = self.client.cookies.output(header="", sep=";")

    def get(self, url):
        return self._fresh().get(url)

    def post(self, url, data):
        return self._fresh().post(url, data)

    def _fresh(self):
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        return self.client


@pytest.fixture(scope="package")
def visitors(demo, django_db_blocker):
    """Somebody signed in for each role, and one who is not."""
    visitors = {people.ANONYMOUS: Visitor()}
    with (
        django_db_blocker.unblock(),
        override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"),
    ):
        for role in people.ACCOUNTS:
            visitors[role] = Visitor()
            visitors[role].sign_in(people.user_of(role))
        yield visitors
