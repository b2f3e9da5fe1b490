import pytest

from grants.lifecycle import ApplicationState
from tests.grants.factories import make_application


@pytest.fixture
def application(db):
    return make_application(state=ApplicationState.UNDER_REVIEW)
