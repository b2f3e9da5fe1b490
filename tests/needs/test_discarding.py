"""A draft that was never sent can be discarded by those who may write it; what was sent once, never (N1)."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.lifecycle import Gone, StepNotAllowed
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.services import drafts
from tests.ksf.factories import appoint
from tests.ksf.helpers import at_once
from tests.needs.factories import make_contact, make_coordinator, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_need("Hva virker mot ensomhet?", state=NeedState.DRAFT)


@pytest.fixture
def contact(draft):
    return make_contact(draft.municipality)


def address(need):
    return reverse("need_discard", args=[need.pk])


def test_it_is_asked_once_and_then_gone_everywhere(client, draft, contact):
    client.force_login(contact)
    assert address(draft) in client.get(draft.get_absolute_url()).text
    assert address(draft) in client.get(reverse("need_write", args=[draft.pk])).text
    asked = client.get(address(draft))
    assert asked.status_code == 200
    assert draft.title in asked.text
    assert KnowledgeNeed.objects.filter(pk=draft.pk).exists()
    assert draft.title in client.get(reverse("my_page")).text
    assert client.post(address(draft)).url == reverse("my_page")
    for page in ("my_page", "need_list", "need_new"):
        assert draft.title not in client.get(reverse(page)).text
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.post(address(draft)).status_code == 404


def test_the_log_keeps_that_it_was_there(draft, contact):
    drafts.discard(draft, by=contact)
    entry = AuditEntry.objects.get(verb="need.discard")
    assert (entry.actor, entry.subject_id, entry.data["title"]) == (contact, str(draft.pk), draft.title)


def test_whoever_began_it_may_and_others_may_not(draft):
    coordinator = make_coordinator(draft)
    for other in (coordinator, make_contact(), appoint(Role.NATIONAL_STAFF)):
        with pytest.raises(PermissionDenied):
            drafts.discard(draft, by=other)
    begun = make_need(municipality=draft.municipality, state=NeedState.DRAFT, by=coordinator)
    drafts.discard(begun, by=coordinator)
    assert list(KnowledgeNeed.objects.all()) == [draft]


@pytest.mark.parametrize("state", sorted(set(NeedState) - {NeedState.DRAFT, NeedState.MERGED}))
def test_what_is_sent_is_never_discarded(client, state):
    need = make_need(state=state)
    client.force_login(make_contact(need.municipality))
    assert client.get(address(need)).status_code == 409
    assert client.post(address(need)).status_code == 409
    assert KnowledgeNeed.objects.filter(pk=need.pk).exists()


def test_what_was_sent_and_taken_back_stays(client):
    need = make_need()
    contact = make_contact(need.municipality)
    need = drafts.withdraw(need, by=contact)
    with pytest.raises(StepNotAllowed):
        drafts.discard(need, by=contact)
    client.force_login(contact)
    assert address(need) not in client.get(need.get_absolute_url()).text
    assert address(need) not in client.get(reverse("need_write", args=[need.pk])).text
    assert client.get(address(need)).status_code == 409
    assert client.post(address(need)).status_code == 409
    assert KnowledgeNeed.objects.get().state == NeedState.DRAFT


def test_somebody_sent_it_meanwhile(client, draft, contact):
    seen = KnowledgeNeed.objects.get(pk=draft.pk)
    drafts.submit(draft, by=make_contact(draft.municipality))
    with pytest.raises(StepNotAllowed):
        drafts.discard(seen, by=contact)
    client.force_login(contact)
    assert client.post(address(draft)).status_code == 409
    assert KnowledgeNeed.objects.get().state == NeedState.SUBMITTED


def test_somebody_discarded_it_meanwhile(client, draft, contact, monkeypatch):
    drafts.discard(KnowledgeNeed.objects.get(pk=draft.pk), by=contact)
    with pytest.raises(Gone):
        drafts.submit(draft, by=contact)
    monkeypatch.setattr("needs.views.writing.get_object_or_404", lambda *_args, **_kwargs: draft)
    client.force_login(contact)
    late = client.post(address(draft))
    assert late.status_code == 409
    assert reverse("my_page") in late.text


@pytest.mark.django_db(transaction=True)
def test_one_sends_while_another_discards():
    draft = make_need(state=NeedState.DRAFT)
    one, other = make_contact(draft.municipality), make_contact(draft.municipality)
    outcomes = at_once(lambda: drafts.submit(draft, by=one), lambda: drafts.discard(draft, by=other))
    assert outcomes in (["StepNotAllowed", "done"], ["Gone", "done"])
    assert [need.state for need in KnowledgeNeed.objects.all()] in ([], [NeedState.SUBMITTED])


@pytest.mark.parametrize("save", ["need_autosave", "need_write"])
def test_who_writes_on_in_another_tab_loses_no_word(client, draft, contact, save):
    typed = {
        "draft_key": str(draft.draft_key),
        "draft_tab": str(uuid.uuid4()),
        "draft_version": "7",
        "municipality": draft.municipality_id,
        "title": draft.title,
        "description": "Dette skrev jeg etterpå",
    }
    drafts.discard(draft, by=contact)
    client.force_login(contact)
    url = reverse(save) if save == "need_autosave" else reverse(save, args=[draft.pk])
    assert client.post(url, typed).status_code in {200, 302}
    again = KnowledgeNeed.objects.get()
    assert (again.description, again.draft_version, again.was_sent) == ("Dette skrev jeg etterpå", 8, False)
