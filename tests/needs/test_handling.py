from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from ksf import audit
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from needs.lifecycle import NeedState
from needs.models import Endorsement, KnowledgeNeed, Likeness, Relation
from needs.services import endorsing, handling, merging
from needs.services.finding import find_likenesses
from tests.ksf.factories import appoint
from tests.ksf.helpers import at_once
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db


def notices_sent(template_word=""):
    return {(notice.user, notice.subject) for notice in Notice.objects.all() if template_word in notice.subject}


def test_a_need_all_the_way_to_use_with_a_notice_at_each_step():
    need = make_need()
    contact, coordinator = make_contact(need.municipality), make_coordinator(need)
    for step in ("take_up", "prioritise", "formulate", "start_research"):
        need = handling.move(step, need, by=coordinator, note="Merknad")
    need = handling.give_answer(need, answer="Slik er det", by=coordinator)
    need = handling.move("put_to_use", need, by=contact, note="Ny rutine")
    assert need.state == NeedState.IN_USE
    verbs = [entry.verb for entry in audit.history(need)]
    assert verbs[::-1] == [
        f"need.{v}" for v in ("take_up", "prioritise", "formulate", "start_research", "give_answer", "put_to_use")
    ]
    assert Notice.objects.filter(user=contact).count() == 5


def test_a_return_with_a_question_is_notified_with_the_question():
    need = make_need()
    contact, coordinator = make_contact(need.municipality), make_coordinator(need)
    returned = handling.return_with_question(need, question="Gjelder det natt?", by=coordinator)
    assert (returned.state, returned.open_question.question) == ("returned", "Gjelder det natt?")
    assert "Gjelder det natt?" in Notice.objects.get(user=contact).body


def test_knowledge_that_exists_answers_the_need():
    need = make_need(state=NeedState.IN_ASSESSMENT)
    by = make_coordinator(need)
    source = ("Oversikt fra FHI", "https://example.org/1")
    done = handling.assess(need, outcome="knowledge_exists", summary="Det virker", sources=[source], by=by)
    assert (done.state, done.assessment, done.outcome_note) == ("answered", "knowledge_exists", "Det virker")
    assert [str(row) for row in done.sources.all()] == ["Oversikt fra FHI"]


@pytest.mark.parametrize("outcome", ["research_gap", "research_under_way"])
def test_other_outcomes_leave_it_where_it_stands(outcome):
    need = make_need(state=NeedState.PRIORITISED)
    done = handling.assess(need, outcome=outcome, summary="Lite", by=make_coordinator(need))
    assert (done.state, done.assessment) == ("prioritised", outcome)


def test_assessing_too_late_is_refused():
    need = make_need(state=NeedState.ANSWERED)
    with pytest.raises(StepNotAllowed):
        handling.assess(need, outcome="research_gap", summary="", by=make_coordinator(need))


def test_endorse_once_with_comment_and_the_owner_is_notified():
    need = make_need(state=NeedState.PRIORITISED)
    owner, other = make_contact(need.municipality), make_contact()
    place = other.appointments_in_force[0].municipality
    endorsing.endorse(need, municipality=place, by=other, comment="Særlig på natt")
    assert "Særlig på natt" in Notice.objects.get(user=owner).body
    with pytest.raises(ValidationError):
        endorsing.endorse(need, municipality=place, by=other)
    assert Endorsement.objects.count() == 1


def test_nobody_endorses_their_own_or_for_others():
    need = make_need(state=NeedState.PRIORITISED)
    owner = make_contact(need.municipality)
    with pytest.raises(ValidationError):
        endorsing.endorse(need, municipality=need.municipality, by=owner)
    with pytest.raises(PermissionDenied):
        endorsing.endorse(need, municipality=make_municipality(), by=make_contact())
    assert not Endorsement.objects.exists()


def test_an_endorsement_taken_back_stays_in_the_story(client):
    need = make_need(state=NeedState.PRIORITISED)
    other = make_contact()
    client.force_login(other)
    client.post(f"/behov/{need.pk}/samme-behov/", {"municipality": other.appointments_in_force[0].municipality_id})
    endorsement = Endorsement.objects.get()
    page = client.get(need.get_absolute_url())
    assert [action.fields for action in page.context["withdrawals"]] == [{"endorsement": endorsement.pk}]
    address = f"/behov/{need.pk}/samme-behov/ta-tilbake/"
    for nonsense in ("", "x", "a\0b", "9" * 30):
        assert client.post(address, {"endorsement": nonsense}).status_code == 404
    client.post(address, {"endorsement": endorsement.pk})
    assert not Endorsement.objects.exists()
    assert {"need.endorse", "need.withdraw_endorsement"} <= {entry.verb for entry in audit.history(need)}


@pytest.fixture
def pair():
    region = make_region()
    needs = [
        make_need(f"Fall på sykehjem {n}", municipality=make_municipality(region=region), state=NeedState.IN_ASSESSMENT)
        for n in (1, 2)
    ]
    return (*needs, make_coordinator(region))


def test_merging_unites_and_undoing_brings_back(pair):
    one, two, by = pair
    shared, only_one = make_municipality(), make_municipality()
    for need, place in ((one, shared), (one, only_one), (two, shared)):
        Endorsement.objects.create(need=need, municipality=place, created_by=by)
    owner_one, owner_two = make_contact(one.municipality), make_contact(two.municipality)
    merged = merging.merge(one, into=two, by=by)
    assert (merged.state, merged.merged_into, merged.description) == ("merged", two, one.description)
    behind = {shared.pk, only_one.pk, one.municipality_id}
    assert set(two.endorsements.values_list("municipality", flat=True)) == behind
    assert one.endorsements.count() == 2
    assert {notice.user for notice in Notice.objects.all()} == {owner_one, owner_two}
    back = merging.unmerge(merged, by=by)
    assert (back.state, back.merged_into) == ("in_assessment", None)
    assert set(two.endorsements.values_list("municipality", flat=True)) == {shared.pk}


def test_merging_into_what_is_merged_closed_or_itself_is_refused(pair):
    one, two, by = pair
    merging.merge(one, into=two, by=by)
    third = make_need(municipality=two.municipality, state=NeedState.SUBMITTED)
    for into in (
        KnowledgeNeed.objects.get(pk=one.pk),
        third,
        make_need(state=NeedState.CLOSED),
        make_need(state=NeedState.DRAFT),
    ):
        with pytest.raises(ValidationError):
            merging.merge(third, into=into, by=by)
    with pytest.raises(StepNotAllowed):
        merging.merge(one, into=third, by=by)


def test_a_chain_is_undone_from_its_end(pair):
    one, two, by = pair
    third = make_need(municipality=two.municipality, state=NeedState.IN_ASSESSMENT)
    merging.merge(one, into=two, by=by)
    merging.merge(two, into=third, by=by)
    with pytest.raises(ValidationError):
        merging.unmerge(KnowledgeNeed.objects.get(pk=one.pk), by=by)
    merging.unmerge(KnowledgeNeed.objects.get(pk=two.pk), by=by)
    assert merging.unmerge(KnowledgeNeed.objects.get(pk=one.pk), by=by).state == "in_assessment"


def test_others_may_not_merge(pair):
    one, two, _by = pair
    with pytest.raises(PermissionDenied):
        merging.merge(one, into=two, by=make_contact(one.municipality))


@pytest.mark.django_db(transaction=True)
def test_two_people_merge_the_same_two_at_once():
    region = make_region()
    needs = [make_need(municipality=make_municipality(region=region), state=NeedState.IN_ASSESSMENT) for _ in range(2)]
    people = [make_coordinator(region), appoint(Role.NATIONAL_STAFF)]

    def merge(place):
        merging.merge(needs[place], into=needs[1 - place], by=people[place])

    assert at_once(partial(merge, 0), partial(merge, 1)) == ["ValidationError", "done"]
    assert KnowledgeNeed.objects.filter(state=NeedState.MERGED).count() == 1
    assert connection.is_usable()


def test_the_page_says_what_stands_in_the_way_of_a_merge(client, pair):
    one, two, by = pair
    merging.merge(two, into=one, by=by)
    client.force_login(by)
    response = client.post(f"/behov/{one.pk}/sla-sammen/", {"other": two.pk}, follow=True)
    assert "nettopp slått sammen" in response.content.decode()


def test_relating_replaces_and_settles(pair):
    one, two, by = pair
    Likeness.objects.create(need=one, other=two, score=0.8)
    for kind in ("related", "overlaps"):
        handling.relate(one, other=two, kind=kind, by=by)
    assert [row.kind for row in Relation.objects.all()] == ["overlaps"]
    assert Likeness.objects.get().settled_at


def test_possible_duplicates_side_by_side_until_settled(client, pair):
    one, two, by = pair
    find_likenesses(two)
    client.force_login(by)
    page = client.get("/behov/arbeidsko/")
    assert [(row.need, row.other) for row, _actions in page.context["pairs"]] == [(two, one)]
    client.post(f"/behov/{two.pk}/ikke-det-samme/", {"other": one.pk})
    assert list(client.get("/behov/arbeidsko/").context["pairs"]) == []


def test_the_queue_has_the_oldest_of_the_own_region_first(client):
    region = make_region()
    later, older, elsewhere = (
        make_need(str(n), municipality=make_municipality(region=r)) for n, r in ((1, region), (2, region), (3, None))
    )
    KnowledgeNeed.objects.filter(pk=older.pk).update(submitted_at=older.submitted_at.replace(year=2024))
    client.force_login(make_coordinator(region))
    assert [need.pk for need, _actions in client.get("/behov/arbeidsko/").context["new"]] == [older.pk, later.pk]
    client.post(f"/behov/{older.pk}/steg/take_up/?fra=queue")
    assert KnowledgeNeed.objects.get(pk=older.pk).state == NeedState.IN_ASSESSMENT
    client.force_login(make_contact())
    assert client.get("/behov/arbeidsko/").status_code == 403
    assert elsewhere.state == NeedState.SUBMITTED


def test_hidden_and_shown_again(client):
    need = make_need(state=NeedState.PRIORITISED)
    by = make_coordinator(need)
    client.force_login(by)
    client.post(f"/behov/{need.pk}/skjul/", {"hidden": "1"})
    client.logout()
    assert client.get(need.get_absolute_url()).status_code == 404
    client.force_login(by)
    client.post(f"/behov/{need.pk}/skjul/", {"hidden": "0"})
    client.logout()
    assert client.get(need.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("path", ["steg/take_up/", "steg/finnes-ikke/", "vurder/", "henger-sammen/", "samme-behov/"])
def test_the_pages_are_closed_to_those_who_may_not(client, path):
    need = make_need(state=NeedState.SUBMITTED)
    url = f"/behov/{need.pk}/{path}"
    assert client.get(url).status_code == 302
    client.force_login(make_contact(need.municipality))
    assert client.get(url).status_code == (404 if "finnes-ikke" in path else 403)


def test_a_step_too_late_is_a_page_that_says_so(client):
    need = make_need(state=NeedState.IN_ASSESSMENT)
    client.force_login(make_coordinator(need))
    assert client.post(f"/behov/{need.pk}/steg/take_up/").status_code == 409
