import pytest

from needs.lifecycle import State
from tests.needs.factories import make_need

pytestmark = pytest.mark.django_db


def test_search_answers_published_needs_only(client):
    found = make_need("Velferdsteknologi hos eldre", state=State.PRIORITISED, external_id="x1")
    make_need("Velferdsteknologi som ikke er tatt opp", state=State.SUBMITTED)
    make_need("Velferdsteknologi skjult", state=State.PRIORITISED, is_hidden=True)
    answer = client.get("/api/v1/needs/", {"q": "teknologi"}).json()
    [item] = answer["items"]
    assert answer["count"] == 1
    assert set(item) == {"id", "external_id", "title", "score"}
    assert (item["id"], item["external_id"]) == (found.pk, "x1")
    assert 0 < item["score"] <= 1


def test_nonsense_finds_nothing(client):
    make_need(state=State.PRIORITISED)
    assert client.get("/api/v1/needs/", {"q": "qzxv brrtl"}).json() == {"items": [], "count": 0}


def test_similar_finds_the_same_question_in_nynorsk(client):
    found = make_need("Korleis få sjukepleiarar til å bli i små kommunar?", state=State.PRIORITISED)
    make_need("Overvann og styrtregn i tettstedet", state=State.PRIORITISED)
    answer = client.get("/api/v1/needs/similar/", {"title": "Hvordan beholde sykepleiere i små kommuner?"}).json()
    assert [item["id"] for item in answer["items"]] == [found.pk]


@pytest.mark.parametrize("limit", ["0", "101", "mange"])
@pytest.mark.parametrize("url", ["/api/v1/needs/", "/api/v1/needs/similar/"])
def test_a_wrong_limit_is_told(client, url, limit):
    response = client.get(url, {"limit": limit})
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["query", "limit"]


def test_limit_and_no_query(client):
    for _ in range(3):
        make_need(state=State.PRIORITISED)
    answer = client.get("/api/v1/needs/", {"limit": 2}).json()
    assert (len(answer["items"]), answer["count"]) == (2, 3)


def test_post_is_refused(client):
    assert client.post("/api/v1/needs/").status_code == 405
