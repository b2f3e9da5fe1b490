import re
from io import StringIO

import pytest
from django.core.management import call_command

from needs.lifecycle import NeedState
from needs.search.models import NeedIndex
from tests.needs.factories import make_need

pytestmark = pytest.mark.django_db


def test_search_answers_published_needs_only(client):
    found = make_need("Velferdsteknologi hos eldre", state=NeedState.PRIORITISED, external_id="x1")
    make_need("Velferdsteknologi som ikke er tatt opp", state=NeedState.SUBMITTED)
    make_need("Velferdsteknologi skjult", state=NeedState.PRIORITISED, is_hidden=True)
    answer = client.get("/api/v1/needs/", {"q": "teknologi"}).json()
    [item] = answer["items"]
    assert answer["count"] == 1
    assert set(item) == {"id", "external_id", "title", "score"}
    assert (item["id"], item["external_id"]) == (found.pk, "x1")
    assert 0 < item["score"] <= 1


def test_nonsense_finds_nothing(client):
    make_need(state=NeedState.PRIORITISED)
    assert client.get("/api/v1/needs/", {"q": "qzxv brrtl"}).json() == {"items": [], "count": 0}


def test_similar_finds_the_same_question_in_nynorsk(client):
    found = make_need("Korleis få sjukepleiarar til å bli i små kommunar?", state=NeedState.PRIORITISED)
    make_need("Overvann og styrtregn i tettstedet", state=NeedState.PRIORITISED)
    answer = client.get("/api/v1/needs/similar/", {"title": "Hvordan beholde sykepleiere i små kommuner?"}).json()
    assert [item["id"] for item in answer["items"]] == [found.pk]


@pytest.mark.parametrize("limit", ["0", "101", "mange"])
@pytest.mark.parametrize("url", ["/api/v1/needs/", "/api/v1/needs/similar/"])
def test_a_wrong_limit_is_reported(client, url, limit):
    response = client.get(url, {"limit": limit})
    assert response.status_code == 422
    [error] = response.json()["detail"]
    assert error["loc"] == ["query", "limit"]
    assert re.search("greater than or equal to 1|less than or equal to 100|valid integer", error["msg"])


def test_limit_and_no_query(client):
    for _ in range(3):
        make_need(state=NeedState.PRIORITISED)
    answer = client.get("/api/v1/needs/", {"limit": 2}).json()
    assert (len(answer["items"]), answer["count"]) == (2, 3)


def test_post_is_refused(client):
    assert client.post("/api/v1/needs/").status_code == 405


@pytest.mark.parametrize("asked", ["😀", "' OR 1=1; --", "x" * 100_000, "%", "_", '"', "a", "qwertyuiop", "grønn gris"])
def test_what_means_nothing_finds_nothing_and_harms_nothing(client, asked):
    make_need("Demens hos eldre", state=NeedState.PRIORITISED)
    for address, name in (("/api/v1/needs/", "q"), ("/api/v1/needs/similar/", "title")):
        response = client.get(address, {name: asked})
        assert (response.status_code, response.json()) == (200, {"items": [], "count": 0})


@pytest.mark.parametrize("asked", ["barne\x00vern", "barnevern\x00"])
def test_a_nul_sign_is_in_no_word(client, asked):
    need = make_need(title="Barnevern i små kommuner", state=NeedState.PRIORITISED)
    answers = [client.get("/api/v1/needs/", {"q": asked}), client.get("/api/v1/needs/similar/", {"title": asked})]
    assert [[item["id"] for item in answer.json()["items"]] for answer in answers] == [[need.pk], [need.pk]]


@pytest.mark.parametrize("asked", [{}, {"q": ""}, {"q": "  "}])
def test_an_empty_query_answers_the_newest(client, asked):
    ids = [make_need(state=NeedState.PRIORITISED).pk for _ in range(2)]
    answer = client.get("/api/v1/needs/", asked).json()
    assert sorted(item["id"] for item in answer["items"]) == ids
    assert {item["score"] for item in answer["items"]} == {0.0}


def test_nothing_is_similar_to_nothing(client):
    make_need(state=NeedState.PRIORITISED)
    assert client.get("/api/v1/needs/similar/").json() == {"items": [], "count": 0}


def test_similar_reads_a_long_text_and_a_text_alone(client):
    found = make_need("Demens hos eldre", state=NeedState.PRIORITISED)
    for asked in ({"title": "Demens", "text": "omsorg og pleie " * 3200}, {"text": "demens hos eldre"}):
        assert [item["id"] for item in client.get("/api/v1/needs/similar/", asked).json()["items"]] == [found.pk]


def test_own_drafts_and_hidden_needs_are_left_out_even_for_their_owner(client):
    draft = make_need("Demens hos eldre", state=NeedState.DRAFT)
    make_need("Demens hos eldre", state=NeedState.PRIORITISED, is_hidden=True)
    client.force_login(draft.created_by)
    for address, name in (("/api/v1/needs/", "q"), ("/api/v1/needs/similar/", "title")):
        assert client.get(address, {name: "demens hos eldre"}).json()["items"] == []


def test_other_sites_may_read_and_an_unchanged_answer_is_not_sent_again(client):
    make_need("Demens hos eldre", state=NeedState.PRIORITISED)
    response = client.get("/api/v1/needs/", {"q": "demens"})
    assert response["Access-Control-Allow-Origin"] == "*"
    again = client.get("/api/v1/needs/", {"q": "demens"}, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_description_says_what_count_is(client):
    described = client.get("/api/v1/openapi.json").json()
    assert "at most 1,000" in described["components"]["schemas"]["SearchResults"]["properties"]["count"]["description"]


def test_an_imported_need_is_found_at_once(client, tmp_path):
    place = make_need().municipality
    file = tmp_path / "needs.csv"
    file.write_text(
        "external_id,municipality,title,description,service_area,status\n"
        f"a1,{place.number},Brøyting av skoleveier,Snø og is.,,published\n",
        encoding="utf-8",
    )
    call_command("import_needs", str(file), stdout=StringIO())
    assert [item["external_id"] for item in client.get("/api/v1/needs/", {"q": "skoleveg"}).json()["items"]] == ["a1"]
    [item] = client.get("/api/v1/needs/similar/", {"title": "Snøbrøyting på skulevegen"}).json()["items"]
    assert item["external_id"] == "a1"


def test_reindexing_leaves_drafts_out(client):
    sent = make_need("Demens hos eldre", state=NeedState.PRIORITISED)
    make_need("Demens hos eldre", state=NeedState.DRAFT)
    call_command("reindex_needs", stdout=StringIO())
    assert list(NeedIndex.objects.values_list("pk", flat=True)) == [sent.pk]
