import pytest

from tests.ksf.factories import make_user

pytestmark = pytest.mark.django_db


def language_of(client, **headers):
    return client.get("/om/", headers=headers)["Content-Language"]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("", "nb"),
        ("en-US,en;q=0.9", "nb"),
        ("nn-NO,nn;q=0.9,nb;q=0.5", "nn"),
        ("en,nn;q=0.5", "nn"),
        ("se,fi", "nb"),
        ("æøå;;", "nb"),
    ],
)
def test_visitors_read_norwegian_unless_they_choose(client, wanted, given):
    assert language_of(client, **{"Accept-Language": wanted}) == given


def test_a_persons_own_language_comes_first(client):
    client.force_login(make_user(language="nn"))
    assert language_of(client, **{"Accept-Language": "nb"}) == "nn"


@pytest.mark.parametrize(("cookie", "given"), [("en", "en"), ("../../x", "nn")])
def test_the_chosen_one_wins_and_nonsense_is_ignored(client, cookie, given):
    client.force_login(make_user(language="nn"))
    client.cookies["django_language"] = cookie
    assert language_of(client) == given
