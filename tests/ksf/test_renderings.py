"""PDFs that are made when somebody asks for one: by a job, once for each version, and kept (X11)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ksf import renderings, retention
from ksf.documents import pdf
from ksf.documents.models import Rendering
from ksf.jobs.models import Job, JobState
from ksf.jobs.tasks import run
from needs.documents import Documentation
from needs.lifecycle import NeedState
from tests.ksf.helpers import rendered, text_of
from tests.needs.factories import make_contact, make_need

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdfs")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def need():
    return make_need(state=NeedState.PRIORITISED)


@pytest.fixture
def url(need):
    return f"/behov/{need.pk}/dokumentasjon/"


def test_a_visitor_waits_on_a_page_and_gets_the_pdf(client, url):
    page = client.get(url)
    assert page.status_code == 202
    assert "no-store" in page["Cache-Control"]
    assert "PDF-en blir laget" in text_of(page)
    assert f'hx-get="{url}"' in text_of(page)
    assert f'<noscript><p><a class="ds-link" href="{url}">' in text_of(page)
    run(Job.objects.get().pk)
    ready = client.get(url, headers=HTMX)
    assert "<html" not in text_of(ready)
    assert "Åpne PDF-en" in text_of(ready)
    assert "hx-get" not in text_of(ready)
    document = client.get(url)
    assert document.status_code == 200
    assert document.content.startswith(b"%PDF-")
    assert ".pdf" in document["Content-Disposition"]


@pytest.mark.parametrize(("language", "heading"), [("nb", "blir laget"), ("nn", "blir laga"), ("en", "is being made")])
def test_the_page_is_in_three_languages(client, url, settings, language, heading):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert heading in text_of(client.get(url))


def test_who_has_it_gets_304_and_nothing_is_made(client, url):
    etag = rendered(client, url)["ETag"]
    Rendering.objects.all().delete()
    response = client.get(url, headers={"If-None-Match": etag})
    assert (response.status_code, response["ETag"], response.content) == (304, etag, b"")


def test_the_same_is_asked_for_once_and_kept_for_all(client, url):
    for _again in range(16):
        assert client.get(url).status_code == 202
    assert Job.objects.count() == 1
    rendered(client, url)
    assert client.get(url).status_code == 200
    assert (Job.objects.count(), Rendering.objects.count()) == (1, 1)


def test_what_says_something_else_is_another(client, need, url):
    first = rendered(client, url)["ETag"]
    need.title = "Et annet spørsmål"
    need.save()
    assert rendered(client, url)["ETag"] != first
    assert Rendering.objects.count() == 2


def test_the_version_is_the_same_in_every_process(need):
    def new_rendering():
        return Documentation(type(need).objects.get(pk=need.pk), "nb", all_wordings=True)

    assert new_rendering().version == new_rendering().version
    assert " at 0x" not in str(new_rendering()._context)


def test_a_change_while_it_is_made_is_not_lost(client, need, url):
    client.get(url)
    need.title = "Endret imens"
    need.save()
    run(Job.objects.get().pk)
    assert client.get(url).status_code == 200


def test_earlier_wordings_do_not_reach_visitors_by_what_is_kept(client, need, url):
    need.versions.create(number=1, title="Før", description="Før", created_by=need.created_by)
    need.versions.create(number=2, title="Nå", description="Nå", created_by=need.created_by)
    client.force_login(make_contact(need.municipality))
    inner = rendered(client, url)["ETag"]
    client.logout()
    assert client.get(url).status_code == 202
    assert rendered(client, url)["ETag"] != inner


def test_only_so_many_wait(client, url, settings):
    settings.RENDERINGS_WAITING = 1
    other = make_need(state=NeedState.PRIORITISED)
    client.get(f"/behov/{other.pk}/dokumentasjon/")
    response = client.get(url)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "Mange venter på en PDF" in text_of(response)
    assert client.get(f"/behov/{other.pk}/dokumentasjon/").status_code == 202
    assert client.get(url, headers=HTMX).status_code == 200


def test_what_cannot_be_made_is_not_tried_again_at_once(client, url, monkeypatch):
    def fails(*_args, **_options):
        raise ValueError("hostile content")

    monkeypatch.setattr(pdf, "render", fails)
    client.get(url)
    run(Job.objects.get().pk)
    response = client.get(url)
    assert response.status_code == 503
    assert "kunne ikke lages" in text_of(response)
    assert "hostile" not in text_of(response)
    Job.objects.update(finished_at=timezone.now() - timedelta(minutes=11))
    assert client.get(url).status_code == 202
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1


def test_it_is_deleted_after_a_while_and_made_again(client, url):
    rendered(client, url)
    Rendering.objects.update(made_at=timezone.now() - timedelta(days=31))
    assert retention.carry_out()["renderings"] == 1
    assert rendered(client, url).status_code == 200


def test_a_request_that_makes_a_pdf_fails_its_test(client, url, monkeypatch):
    monkeypatch.setattr(
        renderings, "respond", lambda _request, _wanted: pdf.render("documents/need.html", {}, language="nb")
    )
    with pytest.raises(AssertionError, match="A request makes a PDF"):
        client.get(url)
