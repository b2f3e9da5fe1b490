"""A copy of the database lets nobody in with a code that is still good (X2)."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core import signing

from ksf.accounts.factors import ENCRYPTED
from ksf.people import services
from tests.ksf.factories import make_user

pytestmark = pytest.mark.django_db


def kept():
    """What a thief who has the signing key as well reads from the only row."""
    row = Session.objects.get()
    return signing.loads(row.session_data, salt="django.contrib.sessions.SessionStore", serializer=Raw)


class Raw:
    def loads(self, data):
        return data.decode()


def test_a_code_that_is_good_cannot_be_read(client, mailoutbox):
    user = make_user("kontakt@kommune.example")
    services.prove_address(user)
    client.post("/konto/login/code/", {"email": user.email})
    code = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"]
    assert re.sub(r"\s", "", code) in re.sub(r"\s", "", mailoutbox[0].body)
    assert kept().startswith(ENCRYPTED)
    assert code not in kept()
    client.post("/konto/login/code/confirm/", {"code": code})
    assert client.get("/min-side/").status_code == 200


def test_an_older_key_reads_and_with_a_lost_one_the_person_signs_in_again(client, settings):
    client.force_login(make_user("kontakt@kommune.example"))
    settings.SECOND_FACTOR_KEYS = ["new", *settings.SECOND_FACTOR_KEYS]
    assert client.get("/min-side/").status_code == 200
    settings.SECOND_FACTOR_KEYS = ["another"]
    assert client.get("/min-side/").status_code == 302
