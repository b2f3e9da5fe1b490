import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit are cleaned up by TRUNCATE, which the portal's write-once tables refuse."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%_no_truncate'", [])
        for trigger, table in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{trigger}" ON {table}')


@pytest.fixture(autouse=True)
def own_language():
    """A test that asked for a page in another language leaves none of it to the next."""
    yield
    translation.deactivate()


def pytest_configure() -> None:
    """Hash passwords fast: hashing slowly on purpose is Django's, and tested there."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
