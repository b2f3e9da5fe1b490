"""The endpoint of ``components/writing.html``, tried on the answers of an application."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from grants.models import Answer
from ksf.web.writing import save_text
from tests.grants.factories import make_application
from tests.ksf.factories import make_user
from tests.ksf.helpers import text_of

pytestmark = pytest.mark.django_db
BACK = "/tilskudd/soknader/1/"


@pytest.fixture
def answer():
    application = make_application()
    return Answer.objects.create(application=application, question=application.call.questions.get())


def post(answer, *, by, htmx=True, **data):
    request = RequestFactory().post("/", data, headers={"HX-Request": "true"} if htmx else {})
    request.htmx, request.user = HtmxDetails(request), by
    return save_text(request, answer, by=by, back=BACK)


def test_saving_answers_with_the_next_version(answer):
    response = post(answer, by=make_user(), content="Seks kommuner", version="0")
    assert response.status_code == 200
    assert 'name="version" value="1"' in response.content.decode()
    answer.refresh_from_db()
    assert answer.content == "Seks kommuner"


def test_without_script_one_is_sent_back(answer):
    response = post(answer, by=make_user(), htmx=False, content="Seks kommuner", version="0")
    assert (response.status_code, response.url) == (302, BACK)


@pytest.mark.parametrize("htmx", [True, False])
def test_two_writers_see_the_saved_text_and_keep_their_own(answer, htmx):
    first = make_user(name="Saltenklyngen")
    post(answer, by=first, content="Åtte kommuner", version="0")
    response = post(answer, by=make_user(), htmx=htmx, content="Seks kommuner", version="0")
    html = text_of(response)
    assert response.status_code == 409
    assert "Åtte kommuner" in html and "Saltenklyngen" in html
    assert 'type="hidden" name="version" value="0"' in html, "typing on must not overwrite the other's text"
    assert 'name="version" value="1">Bruk min tekst' in html
    assert ("Seks kommuner" in html) is not htmx, "in the page the text still stands in the field"
    answer.refresh_from_db()
    assert answer.content == "Åtte kommuner"


def test_choosing_ones_own_text_saves_it(answer):
    writer = make_user()
    post(answer, by=writer, content="Åtte kommuner", version="0")
    assert post(answer, by=writer, content="Seks kommuner", version=["0", "1"]).status_code == 200
    answer.refresh_from_db()
    assert (answer.content, answer.version) == ("Seks kommuner", 2)


@pytest.mark.parametrize("version", ["", "en", "-1"])
def test_a_text_without_version_is_refused(answer, version):
    assert post(answer, by=make_user(), content="Seks kommuner", version=version).status_code == 400
    answer.refresh_from_db()
    assert answer.content == ""


def test_the_component_posts_its_version(answer):
    shown = {"id": "plan", "label": "Plan", "text": answer, "url": "/x/"}
    html = render_to_string("components/writing.html", shown, request=RequestFactory().get("/x/"))
    assert '<label class="ds-label" for="plan-content">Plan</label>' in html
    assert 'hx-post="/x/"' in html and 'name="version" value="0"' in html


def test_signs_the_database_has_none_of_are_left_out(answer):
    assert post(answer, by=make_user(), content="Seks\0 kommuner", version="0").status_code == 200
    answer.refresh_from_db()
    assert answer.content == "Seks kommuner"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5_000, "²"])
def test_a_version_that_is_no_number_is_not_understood(answer, version):
    assert post(answer, by=make_user(), content="Seks", version=version).status_code == 400
