"""Two people at once, and the same person twice: one takes effect, the other is told, no word is lost."""

import pytest

from ksf.accounts.roles import Role
from ksf.notifications.models import Notice
from needs.lifecycle import NeedState
from needs.models import Endorsement, KnowledgeNeed, Relation
from needs.research.lifecycle import ProjectState
from needs.services import endorsing, handling, merging
from tests.ksf.factories import appoint
from tests.ksf.helpers import at_once
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.needs.research.factories import make_partner, make_project
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_municipality_endorses_once():
    need, place = make_need(state=NeedState.IN_ASSESSMENT), make_municipality()
    people = [make_contact(place), make_contact(place)]
    actions = [lambda by=by: endorsing.endorse(need, municipality=place, by=by) for by in people]
    assert at_once(*actions) == ["ValidationError", "done"]
    assert Endorsement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_merging_is_undone_once():
    region = make_region()
    one, two = (
        make_need(municipality=make_municipality(region=region), state=NeedState.IN_ASSESSMENT) for _ in range(2)
    )
    by = make_coordinator(region)
    merging.merge(one, into=two, by=by)
    assert at_once(*[lambda: merging.unmerge(one, by=by)] * 2) == ["ValidationError", "done"]


def test_endorsing_twice_by_a_double_click_says_that_one_stands_behind_it(client):
    need, contact = make_need(state=NeedState.IN_ASSESSMENT), make_contact()
    client.force_login(contact)
    typed = {"municipality": contact.appointments_in_force[0].municipality_id, "comment": "Hos oss også"}
    url = f"/behov/{need.pk}/samme-behov/"
    assert client.post(url, typed).status_code == 302
    again = client.post(url, typed)
    assert again.status_code == 200
    assert "Dere står bak det" in again.content.decode()
    assert Endorsement.objects.count() == 1


def test_two_coordinators_assess_and_neither_loses_a_word(client):
    need = make_need(state=NeedState.IN_ASSESSMENT)
    client.force_login(make_coordinator(need))
    url = f"/behov/{need.pk}/vurder/"
    seen = client.get(url).context["form"]["seen"].value()
    handling.assess(need, outcome="research_gap", summary="Den andres ord", by=appoint(Role.NATIONAL_STAFF))
    typed = {"summary": "Mine ord", "outcome": "research_under_way", "sources": "Kilde", "seen": seen}
    refused = client.post(url, typed)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Den andres ord" in page
    assert "Mine ord" in page
    assert KnowledgeNeed.objects.get(pk=need.pk).known_summary == "Den andres ord"
    typed["seen"] = refused.context["form"]["seen"].value()
    assert client.post(url, typed).status_code == 302
    assert KnowledgeNeed.objects.get(pk=need.pk).known_summary == "Mine ord"


def test_a_step_that_came_too_late_gives_the_words_back(client):
    need = make_need(state=NeedState.ANSWERED)
    client.force_login(make_coordinator(need))
    late = client.post(f"/behov/{need.pk}/vurder/", {"summary": "Lange ord jeg skrev", "outcome": "research_gap"})
    assert late.status_code == 409
    assert "Lange ord jeg skrev" in late.content.decode()


def test_two_change_a_project_and_the_later_may_save_after_having_seen(client):
    project = make_project(region=make_region(), partners=[make_partner()], state=ProjectState.UNDER_WAY)
    need = make_need(state=NeedState.CLOSED)
    project.needs.add(need)
    client.force_login(appoint(Role.NATIONAL_STAFF))
    url = f"/behov/prosjekter/{project.pk}/rediger/"
    typed = {"title": "Mine ord", "partners": [project.partners.get().pk], "starts_on": "2026-01-01", "version": 0,
             "needs": [need.pk], "combined_positions": 0, "public_sector_phds": 0, "master_theses": 1}  # fmt: skip
    type(project).objects.filter(pk=project.pk).update(version=4)
    refused = client.post(url, typed)
    assert refused.status_code == 422
    typed["version"] = refused.context["form"]["version"].value()
    assert client.post(url, typed).status_code == 302
    project.refresh_from_db()
    assert (project.title, project.version, list(project.needs.all())) == ("Mine ord", 5, [need])


def test_undoing_one_merging_leaves_what_another_gave():
    region, shared = make_region(), make_municipality()
    into, one, two = (
        make_need(f"Behov {n}", municipality=make_municipality(region=region), state=NeedState.IN_ASSESSMENT)
        for n in range(3)
    )
    by = make_coordinator(region)
    for need in (one, two):
        Endorsement.objects.create(need=need, municipality=shared, created_by=by)
        merging.merge(need, into=into, by=by)
    merging.unmerge(one, by=by)
    assert set(into.endorsements.values_list("municipality", flat=True)) == {shared.pk, two.municipality_id}
    merging.unmerge(two, by=by)
    assert not into.endorsements.exists()


def test_whoever_owns_both_is_notified_once_of_a_merge():
    place = make_municipality()
    one, two = (make_need(municipality=place, state=NeedState.IN_ASSESSMENT) for _ in range(2))
    owner = make_contact(place)
    merging.merge(one, into=two, by=make_coordinator(one))
    assert [notice.user for notice in Notice.objects.all()] == [owner]


def test_both_are_notified_once_of_a_relation_and_it_can_be_undone(client):
    one, two = make_need("Del", state=NeedState.IN_ASSESSMENT), make_need("Helhet", state=NeedState.IN_ASSESSMENT)
    owners = {make_contact(need.municipality) for need in (one, two)}
    by = appoint(Role.NATIONAL_STAFF)
    handling.relate(two, other=one, kind=Relation.Kind.RELATED, by=by)
    assert {notice.user for notice in Notice.objects.all()} == owners
    handling.relate(one, other=two, kind=Relation.Kind.PART_OF, by=by)
    assert Relation.objects.get().need == one
    assert [how for _need, how in KnowledgeNeed.objects.related_to(one, by)] == ["Del av"]
    assert [how for _need, how in KnowledgeNeed.objects.related_to(two, by)] == ["Har som del"]
    client.force_login(by)
    client.post(f"/behov/{two.pk}/henger-sammen/ta-tilbake/", {"other": one.pk})
    assert not Relation.objects.exists()
    assert "Ikke lenger sett" in client.get(one.get_absolute_url()).content.decode()


@pytest.mark.parametrize("typed", ["abc", "9" * 5000, "\0", ""])
def test_an_endorsement_that_is_none(client, typed):
    need = make_need(state=NeedState.IN_ASSESSMENT)
    client.force_login(make_contact())
    assert client.post(f"/behov/{need.pk}/samme-behov/ta-tilbake/", {"endorsement": typed}).status_code == 404
