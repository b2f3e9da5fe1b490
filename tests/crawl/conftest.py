import pytest
from django.http import HttpResponse
from django.test import override_settings

from ksf import urls
from tests.crawl import objects, people
from tests.crawl.visitor import BACKEND, Visitor
from tests.ksf.helpers import pdfs_without_layout


@pytest.fixture(scope="module")
def demo(database_of_kind):
    """The objects the crawl walks to, in a database that has the demo and them."""
    with database_of_kind("crawl"):
        yield objects.kept()


@pytest.fixture(scope="module")
def quick_refusals():
    """Refusals without a page."""

    def refused(status):
        return lambda _request, **_reason: HttpResponse(status=status)

    with pytest.MonkeyPatch.context() as patch:
        for status in (403, 404):
            patch.setattr(urls, f"handler{status}", refused(status), raising=False)
        yield


@pytest.fixture(scope="module")
def visitors(demo, quick_refusals, django_db_blocker):
    """Somebody signed in for each role, and one who is not."""
    with (
        django_db_blocker.unblock(),
        pdfs_without_layout(),
        override_settings(
            AUTHENTICATION_BACKENDS=["rules.permissions.ObjectPermissionBackend", BACKEND],
            DEBUG_PROPAGATE_EXCEPTIONS=True,
            SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        ),
    ):
        yield {people.ANONYMOUS: Visitor()} | {role: Visitor(people.user_of(role)) for role in people.ACCOUNTS}
