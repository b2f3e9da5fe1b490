"""The same form sent twice: by two clicks, by loading the answer again, by going back (X10)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from ksf import retention
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.once.models import SentForm
from ksf.web import form_keys
from reporting.models import Goal, PlanActivity
from tests.ksf.factories import make_user
from tests.ksf.helpers import text_of
from tests.reporting.factories import YEAR, load_definitions, make_plan, make_team

KEY = re.compile(r'name="form_key" value="([0-9a-f]{32}-\d+)"')
HTMX = {"HX-Request": "true"}


class Writer:
    """A coordinator with a plan, and the form of a new activity."""

    def __init__(self):
        load_definitions()
        region, self.user, _lead = make_team()
        self.plan = make_plan(region, self.user)
        self.client = Client()
        self.client.force_login(self.user)
        self.url = reverse("plan_activity_new", args=[YEAR, region.slug])
        self.key = self.keys(self.client.get(self.url))[-1]
        self.filled = {
            "title": "Samling for kontaktene",
            "goal": Goal.objects.filter(is_current=True).first().pk,
            "responsible": "koordinator",
            "due_on": f"1.6.{YEAR}",
            "expected_result": "En avtale",
        }

    @staticmethod
    def keys(response):
        return KEY.findall(response.content.decode())

    def send(self, *, client=None, headers=None, **changed):
        sent = {form_keys.FIELD: self.key, **self.filled, **changed}
        return (client or self.client).post(self.url, sent, headers=headers)

    def titles(self):
        return list(PlanActivity.objects.filter(plan=self.plan).values_list("title", flat=True))


@pytest.fixture
def writer(db):
    return Writer()


def test_the_second_press_shows_what_the_first_made(writer):
    first, second = writer.send(), writer.send()
    assert first.url == second.url == writer.plan.get_absolute_url()
    assert writer.titles() == [writer.filled["title"]]
    page = text_of(writer.client.get(second.url))
    assert "Du har allerede sendt dette skjemaet. Her er det som kom ut av det." in page


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one():
    writer, together = Writer(), Barrier(2)

    def click(_number):
        client = Client()
        client.cookies = writer.client.cookies
        together.wait()
        try:
            return writer.send(client=client).url
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(click, range(2)))
    assert answers == [writer.plan.get_absolute_url()] * 2
    assert writer.titles() == [writer.filled["title"]]


@pytest.mark.parametrize(
    ("language", "heading", "button"),
    [
        ("nb", "Du har allerede sendt dette skjemaet", "Send som nytt"),
        ("nn", "Du har alt sendt dette skjemaet", "Send som nytt"),
        ("en", "You have sent this form already", "Send as new"),
    ],
)
def test_other_content_is_kept_and_can_be_sent_as_new(writer, settings, language, heading, button):
    writer.send()
    writer.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = writer.send(title="Samling for verter")
    assert response.status_code == 409
    page = text_of(response)
    assert heading in page
    assert button in page
    assert 'rows="4">Samling for verter</textarea>' in page
    assert f'href="{writer.plan.get_absolute_url()}"' in page
    assert writer.titles() == [writer.filled["title"]]
    writer.key = writer.keys(response)[-1]
    assert writer.send(title="Samling for verter").status_code == 302
    assert writer.titles() == [writer.filled["title"], "Samling for verter"]


def test_what_is_wrong_is_sent_again_with_the_same_key(writer):
    wrong = writer.send(due_on="i sommer")
    assert wrong.status_code == 422
    assert writer.keys(wrong)[-1] == writer.key
    assert not SentForm.objects.exists()
    assert writer.send().status_code == 302
    assert writer.titles() == [writer.filled["title"]]


def test_every_form_of_a_page_has_its_own_key(writer):
    page = writer.client.get(writer.url)
    keys = writer.keys(page)
    assert len(keys) == len(set(keys)) == page.content.decode().count("csrfmiddlewaretoken") > 1


def test_a_key_is_no_secret(writer):
    """Somebody else with the same key has sent nothing yet, and learns of nothing."""
    writer.send()
    _region, stranger, _lead = make_team()
    other = Client()
    other.force_login(stranger)
    assert writer.send(client=other).status_code in {403, 404}
    assert writer.send(client=Client()).status_code == 401
    assert writer.titles() == [writer.filled["title"]]


@pytest.mark.parametrize("key", ["", "x", "0" * 32, f"{'0' * 32}-1\n", "0" * 32 + "-99999"])
def test_what_is_no_key_of_ours_is_passed_over(writer, key):
    writer.key = key
    assert writer.send().status_code == writer.send().status_code == 302
    assert len(writer.titles()) == 2


def test_signed_out_in_between_the_key_is_not_used_up(writer):
    assert writer.send(client=Client()).status_code == 401
    assert not SentForm.objects.exists()


def test_who_has_to_show_who_they_are_first_can_send_afterwards(writer, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    writer.url = reverse("invite", args=[Role.RD_CONTACT])
    assert writer.send().url.startswith(reverse("sign_in_again"))
    assert not SentForm.objects.exists()


def test_a_file_is_part_of_what_is_sent(writer):
    """Another file with the same name is not the same form; the same file once more is."""
    files = [SimpleUploadedFile("liste.csv", content) for content in (b"a;b", b"a;b", b"a;c")]
    answers = [writer.send(vedlegg=file) for file in files]
    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert "Bare filer må velges på nytt" in text_of(answers[2])


def breaks_half_way(_request):
    make_user("halvveis@ksf.example")
    raise RuntimeError


urlpatterns = [path("boom/", breaks_half_way)]


@pytest.mark.urls("tests.attacks.test_sent_twice")
def test_what_breaks_leaves_nothing_behind(db, client):
    client.force_login(make_user())
    client.raise_request_exception = False
    assert client.post("/boom/", {form_keys.FIELD: f"{'0' * 32}-1"}).status_code == 500
    assert not User.objects.filter(email="halvveis@ksf.example").exists()
    assert not SentForm.objects.exists()


def test_saving_as_one_types_is_not_counted(writer):
    assert writer.send(headers=HTMX).status_code == 302
    assert not SentForm.objects.exists()


def test_signing_in_is_not_counted(db, client):
    page = client.get("/konto/login/")
    client.post("/konto/login/", {form_keys.FIELD: Writer.keys(page)[-1], "login": "x@ksf.example"})
    assert not SentForm.objects.exists()


def test_what_is_kept_says_nothing_and_is_forgotten(writer, settings):
    writer.send()
    kept = SentForm.objects.values().get()
    assert writer.filled["title"] not in str(kept) and writer.key not in str(kept)
    assert retention.carry_out()["sent_forms"] == 0
    SentForm.objects.update(sent_at=timezone.now() - timedelta(days=settings.SENT_FORMS_KEPT_DAYS, seconds=1))
    assert retention.carry_out()["sent_forms"] == 1
