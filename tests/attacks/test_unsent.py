"""Forms that act when they are sent are kept while one writes them, for their writer alone (X10)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from ksf import retention
from ksf.content.models import NewsItem
from ksf.limits import MOST_TYPED
from ksf.web.writing import SAVED
from ksf.writing.models import UnsentForm
from ksf.writing.services import DAYS_UNSENT
from needs.services import drafts, handling
from tests.grants.factories import make_call
from tests.ksf.factories import make_staff
from tests.ksf.helpers import text_of
from tests.needs.factories import make_contact, make_coordinator, make_need

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
HTMX = {"HX-Request": "true"}
NEW = "/nyheter/ny/"
TEXT = "Dette har jeg brukt en time på"
KEPT = "Vi tok vare på det du skrev her"
NOT_KEPT = {
    "reporting/section_accounts.html": "a file",
    "grants/application_attachments.html": "a file",
    "components/writing_conflict_page.html": "two texts, to choose from; without script",
    "components/writing_refused_page.html": "a text to shorten; without script",
    "components/given_back.html": "given back whole, to be sent again",
}


def token_of(page):
    return re.search(r'name="unsent" value="([^"]+)"', text_of(page))[1]


def type_in(client, url, token=None, **data):
    """What the script sends a second after one has typed."""
    data["unsent"] = token or token_of(client.get(url))
    return client.post(reverse("unsent_keep"), data, headers=HTMX)


@pytest.fixture
def writer(client):
    staff = make_staff()
    client.force_login(staff)
    return staff


def test_what_was_typed_comes_back_and_is_gone_when_it_is_sent(client, writer):
    typed = {"title_nb": "En tittel", "text_nb": TEXT}
    assert type_in(client, NEW, **typed)[SAVED] == "yes"
    page = client.get(NEW)
    assert KEPT in text_of(page) and TEXT in text_of(page) and 'value="En tittel"' in text_of(page)
    assert not NewsItem.objects.exists()
    sent = client.post(NEW, {**typed, "unsent": token_of(page)})
    assert sent.status_code == 302
    assert not UnsentForm.objects.exists()
    assert TEXT not in text_of(client.get(NEW))


def test_the_last_that_is_typed_is_kept_once(client, writer):
    for text in ("Dette", "Dette har", TEXT):
        type_in(client, NEW, text_nb=text)
    assert UnsentForm.objects.get().fields["text_nb"] == [TEXT]


def test_a_form_with_something_wrong_is_kept_on(client, writer):
    type_in(client, NEW, text_nb=TEXT)
    again = client.post(NEW, {"text_nb": TEXT, "unsent": token_of(client.get(NEW))})
    assert again.status_code == 422
    assert type_in(client, NEW, token_of(again), text_nb=TEXT + " til")[SAVED] == "yes"
    assert UnsentForm.objects.get().fields["text_nb"] == [TEXT + " til"]


def test_nobody_else_sees_it(client, writer):
    type_in(client, NEW, text_nb=TEXT)
    kept = UnsentForm.objects.get()
    client.force_login(make_staff())
    assert TEXT not in text_of(client.get(NEW))
    for answer in (client.get, client.post):
        assert answer(reverse("unsent_discard", args=[kept.pk])).status_code == 404
    assert UnsentForm.objects.filter(pk=kept.pk).exists()


def test_another_who_signs_in_at_the_same_browser_does_not_get_it(client, writer):
    token = token_of(client.get(NEW))
    client.force_login(make_staff())
    refused = type_in(client, NEW, token, text_nb=TEXT)
    assert (refused.status_code, refused[SAVED]) == (422, "no")
    assert "En annen åpnet denne siden" in text_of(refused)
    assert type_in(client, NEW, "made up", text_nb=TEXT).status_code == 422
    assert not UnsentForm.objects.exists()


def test_signed_out_it_is_not_called_saved(client, writer):
    token = token_of(client.get(NEW))
    client.logout()
    answer = type_in(client, NEW, token, text_nb=TEXT)
    assert (answer.status_code, answer.get(SAVED)) == (401, None)
    client.force_login(writer)
    assert type_in(client, NEW, token, text_nb=TEXT)[SAVED] == "yes"


def test_too_much_is_refused_in_words_and_what_was_kept_stands(client, writer):
    type_in(client, NEW, text_nb=TEXT)
    for texts in ({"text_nb": "a" * (MOST_TYPED + 1)}, {str(n): "a" * MOST_TYPED for n in range(6)}):
        refused = type_in(client, NEW, **texts)
        assert (refused.status_code, refused[SAVED]) == (422, "no")
        assert "Kort ned" in text_of(refused) or "Kort den ned" in text_of(refused)
    assert UnsentForm.objects.get().fields["text_nb"] == [TEXT]


def test_hostile_text_is_shown_as_text(client, writer):
    hostile = '</textarea><script>alert("x y")</script>'
    type_in(client, NEW, text_nb=hostile, password="hemmelig ord", csrfmiddlewaretoken="t")
    kept = UnsentForm.objects.get()
    assert kept.fields == {"text_nb": [hostile]}
    for url in (NEW, reverse("unsent_discard", args=[kept.pk])):
        page = text_of(client.get(url))
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_it_is_discarded_when_one_says_so(client, writer):
    type_in(client, NEW, text_nb=TEXT)
    url = reverse("unsent_discard", args=[UnsentForm.objects.get().pk])
    assert TEXT in text_of(client.get(url))
    assert client.post(url).url == NEW
    assert TEXT not in text_of(client.get(NEW))


def test_it_says_when_the_saved_text_has_changed_beneath(client, writer):
    news = NewsItem.objects.create(title_nb="Nytt", text_nb="Slik det var", created_by=writer)
    url = reverse("news_edit", args=[news.pk])
    type_in(client, url, title_nb="Nytt", text_nb=TEXT)
    assert "Det som er lagret, er endret etterpå" not in text_of(client.get(url))
    NewsItem.objects.update(text_nb="Slik en annen skrev det")
    page = text_of(client.get(url))
    assert "Det som er lagret, er endret etterpå" in page and TEXT in page


def test_the_answer_to_a_question_outlives_going_on_later(client):
    contact = make_contact()
    need = make_need(municipality=contact.appointments_in_force[0].municipality, by=contact)
    drafts.keep_version(need, by=contact)
    handling.return_with_question(need, question="Hvilke vakter gjelder det?", by=make_coordinator(need))
    client.force_login(contact)
    url = f"/behov/{need.pk}/skriv/"
    need.refresh_from_db()
    typed = {
        "title": need.title, "description": need.description, "municipality": need.municipality_id,
        "draft_key": need.draft_key, "draft_version": need.draft_version, "answer": TEXT,
    }  # fmt: skip
    much = client.post(url, {**typed, "answer": "a" * (MOST_TYPED + 1), "unsent": token_of(client.get(url))})
    assert much.status_code == 422 and "Kort den ned" in text_of(much)
    later = client.post(url, {**typed, "draft_version": 1, "unsent": token_of(client.get(url))})
    assert later.status_code == 302
    page = client.get(url)
    assert TEXT in text_of(page)
    sent = client.post(url, {**typed, "draft_version": 2, "send": "1", "unsent": token_of(page)})
    assert sent.status_code == 302
    assert need.clarifications.get().answer == TEXT
    assert not UnsentForm.objects.exists()


def test_rows_get_their_own_text_back(client, writer):
    call = make_call("draft")
    url = reverse("call_edit", args=[call.slug, "questions"])
    row = call.questions.get()
    type_in(client, url, **{"questions-0-id": row.pk, "questions-0-help_nb": TEXT, "questions-1-help_nb": "En ny rad"})
    page = text_of(client.get(url))
    assert TEXT in page and "En ny rad" in page
    UnsentForm.objects.update(fields={"questions-0-id": [str(row.pk + 1)], "questions-0-help_nb": [TEXT]})
    assert TEXT not in text_of(client.get(url)), "the row that was written in is gone: its text is not another's"


def test_what_nobody_goes_on_with_is_deleted(client, writer):
    type_in(client, NEW, text_nb=TEXT)
    assert retention.carry_out()["unsent_forms"] == 0
    UnsentForm.objects.update(updated_at=timezone.now() - timedelta(days=DAYS_UNSENT, minutes=1))
    assert retention.carry_out()["unsent_forms"] == 1


def test_every_form_that_is_written_in_keeps_what_is_written():
    form = re.compile(r'<form\b(?:(?!</form>).)*?method="post".*?</form>', re.DOTALL)
    writes = re.compile(r"as_field_group|{{ field }}|<textarea|_fields\.html|field_rows|form_parts")
    keeps = re.compile(r"components/form_errors\.html|keep_unsent|data-autosave")
    lost = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        for found in form.findall(path.read_text(encoding="utf-8"))
        if writes.search(found) and not keeps.search(found)
    }
    assert lost == NOT_KEPT.keys()
