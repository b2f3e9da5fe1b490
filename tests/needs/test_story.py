import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ksf import audit, waiting
from ksf.accounts.roles import Role
from ksf.notifications.models import Notice
from needs.lifecycle import NEXT, NeedState
from needs.models import Endorsement, KnowledgeNeed
from needs.reading.story import LOOKED_AT, lately, story_of
from needs.services import endorsing, handling
from tests.ksf import pdf_file
from tests.ksf.factories import appoint
from tests.ksf.helpers import rendered
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db


def test_the_story_has_roles_and_words_and_no_persons(client):
    need = make_need()
    coordinator = make_coordinator(need)
    coordinator.name = "Hemmelig Navn"
    coordinator.save()
    handling.return_with_question(need, question="Bare for nettverket", by=coordinator)
    need.refresh_from_db()
    need.state = NeedState.SUBMITTED
    need.save()
    handling.move("take_up", need, by=coordinator)
    page = client.get(need.get_absolute_url()).content.decode()
    assert "Tatt opp til vurdering" in page
    assert "Regional koordinator" in page
    assert "Hemmelig Navn" not in page
    assert "Bare for nettverket" not in page
    client.force_login(make_contact())
    assert "Bare for nettverket" in client.get(need.get_absolute_url()).content.decode()


def test_as_many_queries_with_one_endorsement_as_with_sixty(client):
    need = make_need(state=NeedState.PRIORITISED)
    counts = []
    for more in (1, 2, 57):
        for _ in range(more):
            Endorsement.objects.create(need=need, municipality=make_municipality(), created_by=need.created_by)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(need.get_absolute_url()).status_code == 200
        counts.append(len(counted))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 10


def test_the_documentation_says_who_stands_behind_and_what_is_known(client):
    region = make_region("KSF Test")
    need = make_need(state=NeedState.IN_ASSESSMENT, municipality=make_municipality("Liteby", region=region))
    large = make_municipality("Storby", region=region, population=50_000)
    Endorsement.objects.create(need=need, municipality=large, created_by=need.created_by, comment="Hos oss også")
    handling.assess(need, outcome="research_gap", summary="Ingen studier funnet", by=make_coordinator(need))
    text = pdf_file.text(rendered(client, f"/behov/{need.pk}/dokumentasjon/").content)
    assert "Laget i KSF-portalen" in text
    for expected in (need.number, "Liteby", "Storby", "KSF Test", "Hos oss også", "Ingen studier funnet", "2 kommuner"):
        assert expected in text


def test_the_same_as_data(client):
    need = make_need(state=NeedState.IN_ASSESSMENT, external_id="x7")
    Endorsement.objects.create(need=need, municipality=make_municipality("=Storby"), created_by=need.created_by)
    data = client.get(f"/behov/{need.pk}/data/").json()
    assert (data["external_id"], data["state"]) == ("x7", "in_assessment")
    assert [row["role"] for row in data["municipalities"]] == ["owner", "endorses"]
    content = b"".join(client.get(f"/behov/{need.pk}/data/", {"format": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert [row[1] for row in rows[1:]] == [need.municipality.name, "'=Storby"]


@pytest.mark.parametrize("path", ["dokumentasjon/", "data/", "utgaver/", ""])
def test_closed_to_strangers_while_it_is_not_public(client, path):
    need = make_need(state=NeedState.SUBMITTED)
    url = f"/behov/{need.pk}/{path}"
    assert client.get(url).status_code == 404
    client.force_login(make_contact(need.municipality))
    assert client.get(url).status_code == (202 if path == "dokumentasjon/" else 200)
    assert client.post(url).status_code == 405


def test_what_waits_for_whom():
    need = make_need("Nytt behov")
    contact, coordinator = make_contact(need.municipality), make_coordinator(need)
    make_need("Bekreft meg", municipality=need.municipality, awaits_confirmation=True)
    make_need("Mitt utkast", municipality=need.municipality, state=NeedState.DRAFT)
    handling.return_with_question(
        make_need("Svar meg", municipality=need.municipality), question="Hva?", by=coordinator
    )

    def waits(user):
        return {item.title for item in waiting.for_user(user)}

    assert waits(contact) == {"Svar meg", "Bekreft meg", "Mitt utkast"}
    [item] = [item for item in waiting.for_user(coordinator) if item.url == "/behov/arbeidsko/"]
    assert "2" in item.what
    assert waits(appoint(Role.OBSERVER)) == set()


def test_the_front_page_shows_the_latest_published(client):
    make_need("Publisert behov", state=NeedState.PRIORITISED)
    make_need("Ikke ennå", state=NeedState.SUBMITTED)
    page = client.get("/").content.decode()
    assert "Publisert behov" in page
    assert "Ikke ennå" not in page


def test_endorsements_in_a_row_are_shown_together_and_what_comes_next_on_top(client):
    need = make_need(state=NeedState.IN_ASSESSMENT)
    for name in ("Aby", "Bby", "Cby", "Dby", "Eby", "Fby"):
        place = make_municipality(name)
        endorsing.endorse(need, municipality=place, comment="", by=make_contact(place))
    wordy = make_municipality("Gby")
    endorsing.endorse(need, municipality=wordy, comment="Særlig om natta", by=make_contact(wordy))
    shown = story_of(need, make_contact())
    assert [event.text for event in shown.events] == [
        "Gby har samme behov: «Særlig om natta»",
        "Aby, Bby, Cby, Dby og 2 kommuner til har samme behov",
    ]
    assert str(shown.comes_next) in client.get(need.get_absolute_url()).text


def test_nothing_comes_after_the_end():
    assert story_of(make_need(state=NeedState.IN_USE), make_contact()).comes_next == ""
    assert not {NeedState.IN_USE, NeedState.MERGED, NeedState.CLOSED, NeedState.DRAFT} & set(NEXT)


def test_the_mail_of_a_turn_says_what_comes_next(django_capture_on_commit_callbacks):
    need = make_need()
    owner = make_contact(need.municipality)
    with django_capture_on_commit_callbacks(execute=True):
        handling.move("take_up", need, by=make_coordinator(need))
    body = Notice.objects.get(user=owner).body
    assert "Dette skjer videre: Koordinatoren finner ut hva som er kjent fra før." in body


class TestMyPage:
    def test_a_contact_begins_a_need_from_it_and_sees_the_municipalitys_own(self, client):
        contact = make_contact(make_municipality("Stedby"))
        client.force_login(contact)
        assert reverse("need_new") in (page := client.get(reverse("my_page")).text)
        assert "Dere har ikke meldt noe behov ennå" in page
        own = make_need("Vårt eget", municipality=contact.appointments_in_force[0].municipality)
        make_need("De andres")
        page = client.get(reverse("my_page")).text
        assert own.get_absolute_url() in page
        assert "De andres" not in page

    def test_turns_of_followed_needs_and_of_no_others(self):
        need, other = make_need("Fulgt"), make_need("Ikke fulgt")
        for place in (make_municipality("Aby"), make_municipality("Bby")):
            for subject in (need, other):
                endorsing.endorse(subject, municipality=place, comment="", by=make_contact(place))
        coordinator = make_coordinator(need)
        follows = KnowledgeNeed.objects.followed_by(coordinator)
        assert [(event.about, event.text) for event in lately(follows, 5, coordinator)] == [
            ("Fulgt", "Aby og Bby har samme behov")
        ]
        assert set(KnowledgeNeed.objects.followed_by(make_contact(place))) == {need, other}
        assert not KnowledgeNeed.objects.followed_by(appoint(Role.OBSERVER)).exists()

    @pytest.mark.parametrize(("newest", "queries"), [(5_000, 2), (LOOKED_AT, 3)])
    def test_turns_are_the_same_however_far_back_they_lie(
        self, newest, queries, monkeypatch, django_assert_num_queries
    ):
        monkeypatch.setattr("ksf.audit.recording.NEWEST", newest)
        need, other, later = make_need("Fulgt"), make_need("Ikke fulgt"), make_need("Senere")
        coordinator = make_coordinator(need)
        for turn, subject in (("første", need), ("andre", need), ("", other), ("tredje", need), ("fjerde", need)):
            audit.record("need.formulate", subject, by=coordinator, note=turn)
        audit.record("need.formulate", later, by=coordinator, note="ikke fulgt")
        with django_assert_num_queries(queries):
            turns = lately(KnowledgeNeed.objects.filter(pk=need.pk), 1, coordinator)
        assert [event.text for event in turns] == ["Gjort om til en forskbar problemstilling: «fjerde»"]
