import pytest
from django.urls import reverse

from needs.lifecycle import NeedState
from tests.needs.factories import make_contact, make_need
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db
URL = "/behov/"


def titles(response):
    return [need.title for need in response.context["page"]]


def test_visitors_see_what_is_published_and_nothing_else(client):
    make_need("Publisert", state=NeedState.IN_ASSESSMENT)
    make_need("Bare sendt", state=NeedState.SUBMITTED)
    make_need("Skjult", state=NeedState.PRIORITISED, is_hidden=True)
    make_need("Utkast", state=NeedState.DRAFT)
    response = client.get(URL)
    assert response.status_code == 200
    assert titles(response) == ["Publisert"]


def test_contact_sees_own_drafts_beside_the_list_and_what_is_sent_in_it(client):
    contact = make_contact()
    own = contact.appointments_in_force[0].municipality
    draft = make_need("Vårt utkast", municipality=own, state=NeedState.DRAFT)
    client.force_login(contact)
    make_need("Andres utkast", state=NeedState.DRAFT)
    make_need("Andres sendte", state=NeedState.SUBMITTED)
    response = client.get(URL)
    assert titles(response) == ["Andres sendte"]
    assert list(response.context["drafts"]) == [draft]


def test_search_finds_nynorsk_by_bokmal_and_nothing_for_nonsense(client):
    make_need("Kva skal heimetenesta gjere med nattilsyn?", state=NeedState.IN_ASSESSMENT)
    make_need("Overvann i sentrum", state=NeedState.IN_ASSESSMENT)
    assert titles(client.get(URL, {"q": "hjemmetjeneste"})) == ["Kva skal heimetenesta gjere med nattilsyn?"]
    assert titles(client.get(URL, {"q": "xqzvk wprtj"})) == []


def test_filters_narrow_by_region_state_and_size(client):
    region = make_region()
    make_need("Her", municipality=make_municipality(region=region, population=900), state=NeedState.PRIORITISED)
    make_need("Stor", municipality=make_municipality(region=region, population=90_000), state=NeedState.PRIORITISED)
    make_need("Annet sted", state=NeedState.PRIORITISED)
    assert titles(client.get(URL, {"region": region.slug, "size": "small"})) == ["Her"]
    assert set(titles(client.get(URL, {"region": region.slug}))) == {"Her", "Stor"}
    assert titles(client.get(URL, {"state": "in_research"})) == []


def test_an_unknown_filter_narrows_nothing(client):
    make_need("Her", state=NeedState.PRIORITISED)
    assert titles(client.get(URL, {"region": "finnes-ikke", "size": "enorm", "side": "99"})) == ["Her"]


@pytest.mark.parametrize("file", ["csv", "xlsx"])
def test_the_list_as_a_file(client, file):
    make_need("=HYPERLINK(1)", state=NeedState.PRIORITISED)
    response = client.get(URL, {"format": file})
    content = b"".join(response.streaming_content)
    assert response["Content-Disposition"] == f'attachment; filename="kunnskapsbehov.{file}"'
    assert b"'=HYPERLINK(1)" in content if file == "csv" else content.startswith(b"PK")


def test_post_is_refused(client):
    assert client.post(reverse("need_list")).status_code == 405
