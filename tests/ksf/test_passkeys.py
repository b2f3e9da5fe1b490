import pytest
from allauth.core import context
from django.contrib.auth import get_user
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from ksf.accounts.passkeys import AddPasskeyForm
from tests.ksf.factories import make_user

pytestmark = pytest.mark.django_db

ANSWERS = ["9" * 5_000, '{"id": ' + "9" * 5_000 + "}", "[]", "{}", "null", "no JSON", '{"id": "x", "response": {}}']


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_is_no_credential_signs_nobody_in(client, answer):
    response = client.post(reverse("mfa_login_webauthn"), {"credential": answer})
    assert response.status_code in {200, 302}
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize("answer", ANSWERS)
def test_nor_is_it_added_as_a_key(answer):
    with context.request_context(RequestFactory().get("/")):
        form = AddPasskeyForm({"name": "Nøkkel", "credential": answer}, user=make_user())
        assert not form.is_valid()
        assert "credential" in str(form)


def test_the_name_is_asked_for_in_the_reader_s_language():
    with context.request_context(RequestFactory().get("/")):
        form = AddPasskeyForm(user=make_user())
    with translation.override("nn"):
        assert str(form["name"].label) == "Namn på passnøkkelen"
