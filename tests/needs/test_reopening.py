"""A need that was closed, or answered with knowledge that turned out not to be there, is opened again (N4)."""

import pytest
from django.core.exceptions import PermissionDenied

from ksf import audit
from ksf.accounts.roles import Role
from ksf.notifications.models import Notice
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.services import endorsing, handling
from tests.ksf.factories import appoint
from tests.needs.factories import make_contact, make_coordinator, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def need():
    return make_need(state=NeedState.IN_ASSESSMENT)


@pytest.fixture
def coordinator(need):
    return make_coordinator(need)


def assess(need, outcome, by):
    return handling.assess(need, outcome=outcome, summary="Tre oversikter sier det samme", by=by)


def test_an_answer_that_was_wrong_is_withdrawn_and_those_concerned_are_notified(client, need, coordinator):
    owner, other = make_contact(need.municipality), make_contact()
    endorsing.endorse(need, municipality=other.appointments_in_force[0].municipality, by=other)
    assess(need, "knowledge_exists", coordinator)
    Notice.objects.all().delete()
    client.force_login(coordinator)
    url = f"/behov/{need.pk}/steg/reopen/"
    assert url in client.get(need.get_absolute_url()).text
    assert client.post(url, {"note": "Oversiktene gjaldt sykehus"}).status_code == 302
    opened = KnowledgeNeed.objects.get(pk=need.pk)
    assert (opened.state, opened.assessment, opened.outcome_note) == (NeedState.IN_ASSESSMENT, "", "")
    assert {notice.user for notice in Notice.objects.all()} == {owner, other}
    assert all("Oversiktene gjaldt sykehus" in notice.body for notice in Notice.objects.all())


def test_the_page_shows_what_happened_and_the_summary_can_be_continued(client, need, coordinator):
    assess(need, "knowledge_exists", coordinator)
    handling.reopen(need, note="Oversiktene gjaldt sykehus", by=coordinator)
    client.force_login(coordinator)
    page = client.get(need.get_absolute_url()).text
    assert "Hva som kom ut av det" not in page
    assert "Åpnet igjen: «Oversiktene gjaldt sykehus»" in page
    assert "Tre oversikter sier det samme" in client.get(f"/behov/{need.pk}/vurder/").text
    client.logout()
    assert "Oversiktene gjaldt sykehus" not in client.get(need.get_absolute_url()).text
    again = assess(need, "research_gap", coordinator)
    assert (again.state, again.assessment) == (NeedState.IN_ASSESSMENT, "research_gap")
    assert [entry.data.get("outcome") for entry in audit.history(need).filter(verb="need.assess")] == [
        "research_gap",
        "knowledge_exists",
    ]


def test_an_assessment_that_still_stands_is_kept(need, coordinator):
    assess(need, "research_gap", coordinator)
    handling.close(need, reason="Utenfor temaet", by=coordinator)
    opened = handling.reopen(need, by=coordinator)
    assert (opened.assessment, opened.close_reason) == ("research_gap", "")


@pytest.mark.parametrize("state", [NeedState.ANSWERED, NeedState.CLOSED])
def test_the_coordinator_and_the_staff_may_and_the_municipality_may_not(state):
    for may in (make_coordinator, lambda _need: appoint(Role.NATIONAL_STAFF)):
        need = make_need(state=state)
        assert handling.reopen(need, by=may(need)).state == NeedState.IN_ASSESSMENT
    need = make_need(state=state)
    for other in (make_contact(need.municipality), make_contact(), make_coordinator(make_need())):
        with pytest.raises(PermissionDenied):
            handling.reopen(need, by=other)


def test_an_answer_that_is_in_use_stands(client, need, coordinator):
    assess(need, "knowledge_exists", coordinator)
    handling.move("put_to_use", need, by=make_contact(need.municipality))
    client.force_login(coordinator)
    assert client.post(f"/behov/{need.pk}/steg/reopen/").status_code == 409
    assert KnowledgeNeed.objects.get(pk=need.pk).outcome_note
