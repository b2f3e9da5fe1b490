import gc
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation

from tests import databases
from tests.ksf.factories import make_lead, make_staff
from tests.ksf.files import bucket, files_in_bucket, files_in_folder, s3_address  # noqa: F401 - fixtures
from tests.ksf.helpers import pdfs_without_layout, requests_make_no_pdf
from tests.regions.factories import make_region
from tests.services import FAST


def pytest_collection_modifyitems(config, items):
    """Tests in the demo come last: it is made meanwhile. ``make test-fast`` runs those that need nothing started."""
    items.sort(key=_is_in_demo)
    if FAST:
        left_out = [item for item in items if _needs_services(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _needs_services(item)]


def pytest_collection_finish():
    """What is there now stays to the end: the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


def _needs_services(item):
    """pytest-django lets no test but these at the database; who starts processes, or asks Redis alone, is marked."""
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("services")
    return bool(marked) or not {"db", "transactional_db", "django_db_setup"}.isdisjoint(item.fixturenames)


def _is_in_demo(item):
    return "database_of_kind" in item.fixturenames


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """A database as the migrations make it, cloned from the one kept for this code."""
    with django_db_blocker.unblock():
        name = databases.clone("migrated")
    is_wanted = databases.WORKER in {"alone", "gw0"} and any(map(_is_in_demo, request.session.items))
    making = databases.make_beside("crawl") if is_wanted else None
    with databases.connected_to(name), pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            filled = set(databases.filled_tables())
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: databases.empty(spare=filled))
        yield
    databases.drop(name)
    if making:
        making.wait()


@pytest.fixture(scope="session")
def database_of_kind(django_db_setup, django_db_blocker):
    """``database_of_kind("demo")``: the tests within have a database like that instead, cloned for them alone."""

    @contextmanager
    def connected(kind):
        with django_db_blocker.unblock():
            name = databases.clone(kind)
        with django_db_blocker.unblock(), databases.connected_to(name):
            yield
        databases.drop(name)

    return connected


@pytest.fixture(autouse=True)
def own_language():
    """A test that asked for a page in another language leaves none of it to the next."""
    yield
    translation.deactivate()


@pytest.fixture
def quick_pdfs():
    """For tests that do not look into the PDFs that are made."""
    with pdfs_without_layout():
        yield


@pytest.fixture(scope="session", autouse=True)
def no_pdf_in_a_request():
    """A request that makes a PDF fails the test: jobs make them (X11)."""
    with requests_make_no_pdf():
        yield


@pytest.fixture
def region(db):
    return make_region()


@pytest.fixture
def staff(db):
    return make_staff()


@pytest.fixture
def lead(db):
    return make_lead()


@pytest.fixture
def sign_in(client):
    """``sign_in(user)``: the test client as that user."""

    def as_user(user):
        client.force_login(user)
        return client

    return as_user


def pytest_configure() -> None:
    """Hash passwords fast: hashing slowly on purpose is Django's, and tested there. Nothing is asked for too often."""
    settings.RATE_LIMITS = {}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
