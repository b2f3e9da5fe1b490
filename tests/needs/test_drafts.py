import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ksf import audit
from ksf.accounts.roles import Role
from ksf.notifications.models import Notice
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.search.models import NeedIndex
from needs.services import drafts, handling
from tests.clusters.factories import add_member, make_cluster
from tests.ksf.factories import appoint, make_user
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_municipality(region=make_region())


@pytest.fixture
def contact(place):
    return make_contact(place)


def form(place, **typed):
    return {
        "draft_key": str(uuid.uuid4()),
        "draft_tab": str(uuid.uuid4()),
        "draft_version": "0",
        "municipality": place.pk,
        "title": "Hva virker mot fall?",
        "description": "Vi har mange fall på natt.",
        **typed,
    }


def test_typing_makes_one_draft_and_saves_it_again_and_again(client, place, contact):
    client.force_login(contact)
    typed = form(place, description="")
    first = client.post("/behov/utkast/", typed)
    need = KnowledgeNeed.objects.get()
    assert first.status_code == 200
    assert first["HX-Replace-Url"] == f"/behov/{need.pk}/skriv/"
    assert 'value="1"' in first.content.decode()
    client.post("/behov/utkast/", {**typed, "draft_version": "1", "description": "Mer"})
    need.refresh_from_db()
    assert (need.state, need.description, need.draft_version) == ("draft", "Mer", 2)
    assert "Mer" in client.get(f"/behov/{need.pk}/skriv/").content.decode()


def test_a_second_tab_gets_both_texts_and_nothing_is_overwritten(client, place, contact):
    client.force_login(contact)
    typed = form(place)
    client.post("/behov/utkast/", typed)
    other_tab = {**typed, "draft_tab": str(uuid.uuid4()), "description": "Fra den andre fanen"}
    response = client.post("/behov/utkast/", other_tab)
    assert response.status_code == 409
    assert "Vi har mange fall på natt." in response.content.decode()
    assert KnowledgeNeed.objects.get().description == "Vi har mange fall på natt."
    page = client.post("/behov/nytt/", other_tab)
    assert page.status_code == 409
    assert "Fra den andre fanen" in page.content.decode()
    assert client.post("/behov/nytt/", {**other_tab, "overwrite": "1"}).status_code == 302
    assert KnowledgeNeed.objects.get().description == "Fra den andre fanen"
    page = client.post("/behov/nytt/", {**typed, "overwrite": "1"})
    assert page.status_code == 409
    assert "Fra den andre fanen" in page.content.decode()


def test_the_same_tab_is_never_in_its_own_way(client, place, contact):
    client.force_login(contact)
    typed = form(place)
    client.post("/behov/utkast/", typed)
    assert client.post("/behov/utkast/", {**typed, "description": "Svaret kom bort"}).status_code == 200


@pytest.mark.parametrize("button", [{}, {"send": "1"}])
def test_an_empty_form_stores_nothing(client, place, contact, button):
    client.force_login(contact)
    empty = form(place, title=" ", description="\n", **button)
    response = client.post("/behov/nytt/", empty)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["title", "description"])
    by_itself = client.post("/behov/utkast/", empty)
    assert (by_itself.status_code, by_itself["X-Saved"]) == (200, "no")
    assert not KnowledgeNeed.objects.exists()
    assert not Notice.objects.exists()


def test_a_draft_may_be_emptied_again(client, place, contact):
    client.force_login(contact)
    typed = form(place)
    client.post("/behov/utkast/", typed)
    version = KnowledgeNeed.objects.get().draft_version
    emptied = {**typed, "title": "", "description": "", "draft_version": version}
    response = client.post("/behov/utkast/", emptied)
    assert response["X-Saved"] == "yes"
    assert KnowledgeNeed.objects.get().title == ""


def test_signed_out_while_writing(client, place, contact):
    typed = form(place, description="Dette må ikke bli borte")
    assert client.post("/behov/utkast/", typed).status_code == 401
    page = client.post("/behov/nytt/", typed)
    assert page.status_code == 401
    assert "Dette må ikke bli borte" in page.content.decode()
    assert not KnowledgeNeed.objects.exists()
    client.force_login(contact)
    client.post("/behov/nytt/", typed)
    assert KnowledgeNeed.objects.get().description == "Dette må ikke bli borte"


@pytest.mark.parametrize(("field", "typed"), [("title", ""), ("description", ""), ("description", "x" * 50_000)])
def test_what_cannot_be_sent_is_saved_as_a_draft_with_the_error_at_the_field(client, place, contact, field, typed):
    client.force_login(contact)
    response = client.post("/behov/nytt/", form(place, send="1", **{field: typed}))
    need = KnowledgeNeed.objects.get()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert (need.state, getattr(need, field)) == ("draft", typed)


def test_markup_from_a_word_processor_becomes_plain_text(client, place, contact):
    client.force_login(contact)
    pasted = '<p class="MsoNormal">Vi har <b>mange</b> fall<o:p></o:p></p>\r\n\r\n\r\n<p>\u200bPå natt</p>'
    client.post("/behov/utkast/", form(place, description=pasted))
    assert KnowledgeNeed.objects.get().description == "Vi har mange fall\n\nPå natt"


def test_sending_gives_number_version_story_and_mail_to_the_coordinator(client, place, contact):
    coordinator = make_coordinator(place.region)
    client.force_login(contact)
    response = client.post("/behov/nytt/", form(place, send="1"))
    need = KnowledgeNeed.objects.get()
    assert response.status_code == 302
    assert (need.state, need.awaits_confirmation, need.versions.count()) == ("submitted", False, 1)
    assert need.number.endswith("-0001")
    assert [entry.verb for entry in audit.history(need)] == ["need.submit", "need.begin"]
    assert [notice.user for notice in Notice.objects.all()] == [coordinator]
    assert "Sendt inn" in client.get(need.get_absolute_url()).content.decode()


def test_numbers_follow_each_other():
    assert [drafts.next_number(2031), drafts.next_number(2031, 3), drafts.next_number(2031)] == [
        "2031-0001",
        "2031-0002",
        "2031-0005",
    ]


def test_for_a_municipality_its_contact_confirms(client, place, contact):
    coordinator = make_coordinator(place.region)
    client.force_login(coordinator)
    client.post("/behov/nytt/", form(place, send="1"))
    need = KnowledgeNeed.objects.get()
    assert need.awaits_confirmation
    assert contact in [notice.user for notice in Notice.objects.all()]
    assert client.post(f"/behov/{need.pk}/bekreft/").status_code == 403
    client.force_login(contact)
    client.post(f"/behov/{need.pk}/bekreft/")
    need.refresh_from_db()
    assert not need.awaits_confirmation


def test_a_declined_need_is_closed_and_out_of_sight(client, place, contact):
    coordinator = make_coordinator(place.region)
    need = make_need(municipality=place, by=coordinator, awaits_confirmation=True)
    client.force_login(contact)
    client.post(f"/behov/{need.pk}/steg/decline/", {"note": "Dette har vi løst"})
    need.refresh_from_db()
    assert (need.state, need.is_hidden, need.close_reason) == ("closed", True, "Dette har vi løst")
    client.logout()
    assert client.get(need.get_absolute_url()).status_code == 404


def test_for_whom_one_may_write(place):
    cluster = make_cluster()
    add_member(cluster, place)
    left = make_municipality()
    add_member(cluster, left, end=drafts.timezone.localdate())
    assert list(drafts.municipalities_for(make_contact(place))) == [place]
    assert list(drafts.municipalities_for(make_coordinator(place.region))) == [place]
    assert list(drafts.municipalities_for(appoint(Role.CLUSTER_COORDINATOR, cluster))) == [place]
    assert not drafts.municipalities_for(appoint(Role.OBSERVER)).exists()
    with pytest.raises(PermissionDenied):
        drafts.save_draft({"municipality": left}, by=make_contact(place), key=uuid.uuid4(), version=0)


def test_question_answer_and_the_new_version(client, place, contact):
    coordinator = make_coordinator(place.region)
    need = make_need(municipality=place, by=contact)
    drafts.keep_version(need, by=contact)
    handling.return_with_question(need, question="Hvilke vakter gjelder det?", by=coordinator)
    client.force_login(contact)
    page = client.get(f"/behov/{need.pk}/skriv/")
    assert "Hvilke vakter gjelder det?" in page.content.decode()
    need.refresh_from_db()
    typed = form(place, draft_key=str(need.draft_key), description="Nattevaktene", send="1")
    missing = client.post(f"/behov/{need.pk}/skriv/", typed)
    assert missing.status_code == 422
    typed = {**typed, "answer": "Natt", "draft_version": "1"}
    assert client.post(f"/behov/{need.pk}/skriv/", typed).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.description, need.text_version) == ("submitted", "Nattevaktene", 2)
    assert need.clarifications.get().answer == "Natt"
    assert need.open_question is None
    versions = client.get(f"/behov/{need.pk}/utgaver/").content.decode()
    assert "Nattevaktene" in versions
    assert "vet ikke hva som virker" in versions


def test_withdraw_to_draft_takes_it_out_of_the_search(client, place, contact):
    need = make_need("Sjeldent ord kvernsten", municipality=place)
    client.force_login(contact)
    client.post(f"/behov/{need.pk}/steg/withdraw/")
    need.refresh_from_db()
    assert need.state == NeedState.DRAFT
    assert not NeedIndex.objects.exists()


def test_similar_needs_beside_the_form(client, place, contact):
    client.force_login(contact)
    make_need("Fall på sykehjem om natta", state=NeedState.DRAFT)
    make_need("Fall på sykehjem skjult", state=NeedState.PRIORITISED, is_hidden=True)
    make_need("Korleis førebyggje fall på sjukeheim?", state=NeedState.PRIORITISED)
    response = client.post("/behov/lignende/", form(place, title="Forebygge fall på sykehjem", description=""))
    assert [row.need.title for row in response.context["similar"]] == ["Korleis førebyggje fall på sjukeheim?"]


def test_who_reaches_the_page(client, place, contact):
    need = make_need(municipality=place, state=NeedState.DRAFT, by=contact)
    url = f"/behov/{need.pk}/skriv/"
    assert client.get("/behov/nytt/").status_code == 302
    client.force_login(make_user())
    assert client.get(url).status_code == 404
    client.force_login(make_contact())
    assert client.get(url).status_code == 404
    client.force_login(contact)
    assert client.get(url).status_code == 200
    assert client.get("/behov/utkast/").status_code == 405
    assert client.delete(url).status_code == 405


def test_few_queries_on_the_page(client, place, contact):
    client.force_login(contact)
    with CaptureQueriesContext(connection) as counted:
        assert client.get("/behov/nytt/").status_code == 200
    assert len(counted) <= 12
