"""Texts without end: refused at their field, saved nowhere, and still in the page (X9, X10)."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from ksf.limits import MOST_TYPED, check_length
from needs.forms import CarriedField
from needs.models import KnowledgeNeed
from tests.grants.helpers import make_draft
from tests.needs.factories import make_contact
from tests.regions.factories import make_municipality


def every_form(kind=forms.BaseForm):
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


def test_every_text_field_of_the_portal_has_an_upper_size():
    assert get_resolver().url_patterns  # reads all views, and so all forms
    fields = [
        (f"{form.__module__}.{form.__name__}.{name}", field)
        for form in every_form()
        if not form.__module__.startswith(("django.", "allauth.", "tests."))
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and not isinstance(field, CarriedField)
    ]
    assert len(fields) > 60
    assert [name for name, field in fields if not field.max_length and check_length not in field.validators] == []


def test_a_field_made_while_the_portal_runs_has_it_too():
    with pytest.raises(ValidationError) as raised:
        forms.CharField().clean("x" * (MOST_TYPED + 1))
    assert "100\u00a0000" in raised.value.messages[0]


@pytest.mark.django_db
def test_a_draft_too_long_to_keep_is_refused_at_its_field_and_stays_in_the_page(client):
    place = make_municipality()
    client.force_login(make_contact(place))
    typed = "Vi må vite mer. " * (MOST_TYPED // 10)
    draft = {"title": "Behov", "description": typed, "municipality": place.pk, "draft_version": 0}
    draft["draft_key"] = "9d1c3f0e-51a4-5d0e-8f5c-6f3a52a1c7b4"
    saved = client.post("/behov/utkast/", draft)
    assert saved.status_code == 422
    shown = client.post("/behov/nytt/", draft)
    assert shown.status_code == 422
    assert shown.context["form"].errors["description"]
    assert typed.strip() in shown.content.decode()
    assert not KnowledgeNeed.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_an_answer_too_long_to_keep_is_refused_and_stays_in_the_page(client, headers):
    application, coordinator = make_draft(is_complete=False)
    answer = application.answers.first()
    client.force_login(coordinator)
    typed = "Planen vår. " * (MOST_TYPED // 10)
    response = client.post(
        f"/tilskudd/soknader/{application.pk}/svar/{answer.pk}/", {"content": typed, "version": 0}, headers=headers
    )
    assert response.status_code == 422
    assert "plass til 100\u00a0000" in response.content.decode()
    assert bool(headers) or typed in response.content.decode()
    answer.refresh_from_db()
    assert answer.content == ""
