"""What is not open to all stays so: in the story, the documentation, the data and the lists (N12, N13, X1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from ksf.periods import today
from needs.documents import versions_for
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed, Relation
from needs.reading.story import story_of
from needs.services import drafts, endorsing, handling, merging
from tests.clusters.factories import add_member, make_cluster
from tests.ksf import pdf_file
from tests.ksf.factories import appoint
from tests.ksf.helpers import rendered
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.needs.rounds.factories import make_round
from tests.regions.factories import make_municipality, make_partner

pytestmark = pytest.mark.django_db
OPENED = ["", "utgaver/", "data/"]


def everything(client, need):
    """All a visitor is told of a need, on its pages, as data and in the PDF."""
    pages = [client.get(f"/behov/{need.pk}/{path}").content.decode() for path in OPENED]
    return "\n".join([*pages, pdf_file.text(rendered(client, f"/behov/{need.pk}/dokumentasjon/").content)])


@pytest.mark.parametrize("how", ["hidden", "not taken up"])
def test_a_story_does_not_name_a_need_the_reader_may_not_see(client, how):
    need, other = make_need(state=NeedState.IN_ASSESSMENT), make_need("Hemmelig tittel", state=NeedState.IN_ASSESSMENT)
    by = appoint(Role.NATIONAL_STAFF)
    handling.relate(need, other=other, kind=Relation.Kind.RELATED, by=by)
    merging.merge(other, into=need, by=by)
    merging.unmerge(other, by=by)
    gone = merging.merge(make_need("Innlemmet", state=NeedState.IN_ASSESSMENT), into=other, by=by)
    assert "Hemmelig tittel" in everything(client, need)
    assert "Hemmelig tittel" in everything(client, gone)
    hides = {"hidden": {"is_hidden": True}, "not taken up": {"state": NeedState.RETURNED}}[how]
    KnowledgeNeed.objects.filter(pk=other.pk).update(**hides)
    text = everything(client, need) + everything(client, gone)
    assert "Hemmelig tittel" not in text
    assert f"/behov/{other.pk}/" not in text
    assert "ikke er åpent for alle" in text
    assert "Hemmelig tittel" in str(story_of(need, by).events)


def test_earlier_wordings_are_for_the_network(client):
    need = make_need("Gjelder Ola i Storgata", state=NeedState.DRAFT)
    contact, coordinator = make_contact(need.municipality), make_coordinator(need)
    sent = drafts.submit(need, by=contact)
    handling.return_with_question(sent, question="Kan navnet ut?", by=coordinator)
    KnowledgeNeed.objects.filter(pk=need.pk).update(title="Gjelder én person", description="Uten navn")
    need = drafts.answer(KnowledgeNeed.objects.get(pk=need.pk), text="Ja", by=contact)
    handling.move("take_up", need, by=coordinator)
    text = everything(client, need)
    assert "Uten navn" in text
    assert "Storgata" not in text
    assert "Kan navnet ut?" not in text
    client.force_login(contact)
    assert "Storgata" in everything(client, need)
    assert [row.number for row in versions_for(Visitor(), need)] == [2]


def test_the_comment_of_an_endorsement_taken_back_is_not_quoted():
    need = make_need(state=NeedState.IN_ASSESSMENT)
    contact = make_contact()
    place = contact.appointments_in_force[0].municipality
    withdrawn = endorsing.endorse(need, municipality=place, comment="Det angret vi", by=contact)
    endorsing.withdraw_endorsement(withdrawn, by=contact)
    endorsing.endorse(need, municipality=place, comment="Dette står vi for", by=contact)
    text = str(story_of(need, Visitor()).events)
    assert "Det angret vi" not in text
    assert "Dette står vi for" in text


class TestWhoeverHasLeft:
    """An ended appointment loses its access the same day, also to what one has written."""

    def ended(self, role, held_in, **fields):
        return appoint(role, held_in, end=today(), **fields)

    def test_the_writer_of_a_draft(self):
        need = make_need(state=NeedState.DRAFT)
        need.created_by = self.ended(Role.RD_CONTACT, need.municipality)
        need.save()
        appoint(Role.PARTNER, make_partner(), user=need.created_by)
        writer = type(need.created_by).objects.get(pk=need.created_by_id)
        assert not KnowledgeNeed.objects.visible_to(writer).filter(pk=need.pk).exists()
        assert not writer.has_perm("needs.write_need", need)

    def test_a_coordinator_still_there_goes_on_with_the_draft(self):
        need = make_need(state=NeedState.DRAFT)
        need.created_by = make_coordinator(need)
        need.save()
        assert KnowledgeNeed.objects.visible_to(need.created_by).get() == need
        assert need.created_by.has_perm("needs.write_need", need)

    @pytest.mark.parametrize("is_member", [True, False])
    def test_the_coordinator_of_a_cluster_the_municipality_has_left(self, is_member):
        need = make_need(state=NeedState.IN_ASSESSMENT, is_hidden=True)
        cluster = make_cluster()
        left_on = None if is_member else today()
        add_member(cluster, need.municipality, today() - timedelta(days=30), left_on)
        coordinator = appoint(Role.CLUSTER_COORDINATOR, cluster)
        assert KnowledgeNeed.objects.visible_to(coordinator).filter(pk=need.pk).exists() is is_member


def test_rounds_and_ranks_are_in_the_data_and_the_pdf(client):
    need = make_round("published").candidates.first().need
    [row] = client.get(f"/behov/{need.pk}/data/").json()["rounds"]
    assert (row["title"], row["rank"], row["is_prioritised"]) == ("Runde", 1, True)
    assert row["published_on"] == timezone.localdate().isoformat()
    assert "Rundene det har stått i" in pdf_file.text(rendered(client, f"/behov/{need.pk}/dokumentasjon/").content)


def test_what_has_been_taken_up_is_not_withdrawn_out_of_sight(client):
    need = make_need(state=NeedState.SUBMITTED)
    contact, coordinator = make_contact(need.municipality), make_coordinator(need)
    need = handling.move("take_up", need, by=coordinator)
    handling.return_with_question(need, question="Hva?", by=coordinator)
    client.force_login(contact)
    response = client.post(f"/behov/{need.pk}/steg/withdraw/", {"note": ""})
    assert response.status_code == 422
    assert "koordinatoren" in response.content.decode()
    assert KnowledgeNeed.objects.get(pk=need.pk).state == NeedState.RETURNED


def test_a_need_that_has_been_sent_keeps_its_municipality(client):
    place, other = make_municipality(), make_municipality()
    contact = make_contact(place)
    appoint(Role.RD_CONTACT, other, user=contact)
    need = make_need(municipality=place, state=NeedState.SUBMITTED)
    draft = drafts.withdraw(need, by=contact)
    client.force_login(contact)
    typed = {"title": "T", "description": "D", "municipality": other.pk, "draft_key": str(draft.draft_key),
             "draft_version": draft.draft_version}  # fmt: skip
    assert client.post("/behov/utkast/", typed).status_code == 422
    assert KnowledgeNeed.objects.get(pk=need.pk).municipality == place
