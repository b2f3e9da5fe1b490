"""N7: partners, reviewers and observers read published needs only, at whichever door."""

import pytest

from ksf.accounts.roles import Role
from needs.lifecycle import NeedState
from needs.reading.story import is_inner
from tests.grants.factories import make_call
from tests.ksf.factories import appoint
from tests.needs.factories import make_contact, make_need
from tests.regions.factories import make_partner

pytestmark = pytest.mark.django_db

TITLE = "Hvordan beholder vi sykepleiere i distriktene"
OUTSIDERS = {
    Role.PARTNER: lambda: appoint(Role.PARTNER, make_partner()),
    Role.REVIEWER: lambda: appoint(Role.REVIEWER, make_call()),
    Role.OBSERVER: lambda: appoint(Role.OBSERVER),
}


@pytest.fixture
def need():
    return make_need(TITLE, state=NeedState.SUBMITTED)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_what_nobody_has_taken_up_is_nowhere(client, need, role):
    user = OUTSIDERS[role]()
    client.force_login(user)
    assert client.get(need.get_absolute_url()).status_code == 404
    for part in ("dokumentasjon", "data", "versjoner"):
        assert client.get(f"{need.get_absolute_url()}{part}/").status_code == 404
    for path in ("/kunnskapsbehov/?q=sykepleiere", "/kunnskapsbehov/?format=csv", "/min-side/", "/nettverket/"):
        answer = client.get(path)
        assert TITLE not in (answer.getvalue().decode() if answer.streaming else answer.text)
    assert TITLE not in client.post("/kunnskapsbehov/lignende/", {"title": TITLE}).text
    assert not is_inner(user)


def test_municipal_roles_read_it(client, need):
    client.force_login(make_contact())
    assert TITLE in client.get(need.get_absolute_url()).text
