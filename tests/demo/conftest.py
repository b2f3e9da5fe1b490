import pytest


@pytest.fixture(scope="module")
def loaded(database_of_kind):
    """The demo as loaded, for all tests of a module."""
    with database_of_kind("demo"):
        yield
