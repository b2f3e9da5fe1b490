import pytest
from django.http import HttpResponse
from django.template import Template
from django.test import Client, override_settings
from django.test.utils import _TestState

from ksf import urls
from tests.crawl import objects, people


@pytest.fixture(scope="module")
def demo(database_of_kind):
    """The objects the crawl walks to, in a database that has the demo and them."""
    with database_of_kind("crawl"):
        yield objects.kept()


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


@pytest.fixture(scope="module")
def quick_pages():
    """Pages without the copies of their contexts that the test client keeps, and refusals without a page at all."""

    def refused(status):
        return lambda _request, **_reason: HttpResponse(status=status)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _TestState.saved_data.template_render)
        for status in (403, 404):
            patch.setattr(urls, f"handler{status}", refused(status), raising=False)
        yield


@pytest.fixture(scope="module")
def visitors(demo, quick_pages, django_db_blocker):
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
