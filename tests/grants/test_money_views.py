"""Setting a year's money aside on the page (G1)."""

import pytest
from django.urls import reverse

from grants.models import Appropriation, Award, Pot
from ksf import audit
from tests.grants.factories import make_application, make_award, make_call, make_pot
from tests.ksf.factories import make_user
from tests.ksf.helpers import count_queries, text_of

pytestmark = pytest.mark.django_db
YEAR = {"year": 2031, "amount": "10 000 000", "regions": "3 000 000", "seed_grants": "7 000 000", "source": "Brev"}


@pytest.fixture(autouse=True)
def signed_in(sign_in, staff):
    sign_in(staff)


def pots(year):
    return dict(Pot.objects.filter(appropriation__year=year).values_list("kind", "amount"))


def test_a_year_is_set_aside_and_changed(client, staff):
    assert client.post(reverse("money_new"), YEAR).status_code == 302
    assert pots(2031) == {"regions": 3_000_000, "seed_grants": 7_000_000}
    grown = {"amount": "12 000 000", "regions": "5 000 000", "seed_grants": "7 000 000"}
    assert client.post(reverse("money_year", args=[2031]), grown).status_code == 302
    moved = {"amount": "9 000 000", "regions": "1 000 000", "seed_grants": "8 000 000"}
    assert client.post(reverse("money_year", args=[2031]), moved).status_code == 302
    appropriation = Appropriation.objects.get(year=2031)
    assert (appropriation.amount, pots(2031)) == (9_000_000, {"regions": 1_000_000, "seed_grants": 8_000_000})
    (*_earlier, last) = audit.history(appropriation).order_by("pk")
    assert (last.verb, last.actor) == ("money.set_aside", staff)
    assert last.data["before"] == {"regions": 5_000_000, "seed_grants": 7_000_000}


def test_the_parts_are_at_most_the_appropriation(client, staff):
    response = client.post(reverse("money_new"), YEAR | {"regions": "3 000 001"})
    assert response.status_code == 422
    assert not Appropriation.objects.filter(year=2031).exists()


def test_a_pot_keeps_what_is_announced_from_it(client, staff):
    pot = make_pot(7_000_000, year=2031)
    make_call(pot=pot, amount=6_000_000)
    url = reverse("money_year", args=[pot.appropriation.year])
    smaller = {"amount": "10 000 000", "regions": "0", "seed_grants": "5 999 000"}
    response = client.post(url, smaller)
    assert response.status_code == 422
    assert "6 000 000 kr" in text_of(response)
    assert client.post(url, smaller | {"seed_grants": "6 000 000"}).status_code == 302
    pot.refresh_from_db()
    assert pot.amount == 6_000_000


def test_the_page_says_what_is_left(client, staff):
    application = make_application(make_call(pot=make_pot(7_000_000), amount=4_000_000), amount=100_000, members=5)
    make_award(application)
    page = text_of(client.get(reverse("money")))
    for amount in ("7 000 000 kr", "4 000 000 kr", "3 000 000 kr", "500 000 kr"):
        assert amount in page
    Award.objects.update(state="lapsed")
    assert "500 000 kr" not in text_of(client.get(reverse("money")))


def test_the_page_costs_the_same_for_many_years(client, staff):
    make_pot()
    one = count_queries(client, reverse("money"))
    for _number in range(5):
        make_pot()
    assert count_queries(client, reverse("money")) == one


def test_only_ksf_nationally(client):
    client.force_login(make_user())
    assert client.get(reverse("money")).status_code == 403
    assert client.post(reverse("money_new"), YEAR).status_code == 403
    assert client.get(reverse("money_year", args=[2031])).status_code == 403
