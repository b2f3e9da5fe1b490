"""X2: the second factor is bound to the session, asked for again before what is serious, and kept."""

import json
import re
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.cache import cache

from ksf.accounts.models import Invitation
from ksf.accounts.roles import Role
from ksf.people import services
from ksf.writing.models import UnsentForm
from tests.attacks.codes import SECRET, code
from tests.grants.factories import make_application
from tests.ksf.factories import appoint, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "fjellet er blatt i dag"
INVITING = {"email": "ny@ksf.example", "language": "nb", "start": "2026-01-01"}


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


@pytest.fixture
def staff():
    """National staff with an authenticator app and recovery codes."""
    user = make_user("nasjonalt@ks.example", password=PASSWORD)
    services.prove_address(user)
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return appoint(Role.NATIONAL_STAFF, user=user)


def sign_in(client, user):
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    return client.post("/konto/2fa/authenticate/", {"code": code()})


def later(client, minutes):
    """As if so many minutes had passed since the person showed who they are."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes * 60
    session.save()


class TestBoundToTheSession:
    def test_a_session_without_it_is_asked_for_it(self, client, staff):
        client.force_login(staff)
        assert client.get("/konto/personer/")["Location"] == "/konto/2fa/reauthenticate/?next=%2Fkonto%2Fpersoner%2F"
        client.post("/konto/2fa/reauthenticate/", {"code": code()})
        assert client.get("/konto/personer/").status_code == 200

    def test_signed_in_with_it_one_goes_on(self, client, staff):
        sign_in(client, staff)
        assert client.get("/konto/personer/").status_code == 200

    def test_a_factor_that_is_removed_does_not_let_the_session_go_on(self, client, staff):
        sign_in(client, staff)
        Authenticator.objects.all().delete()
        assert client.get("/konto/personer/")["Location"] == "/konto/2fa/"


class TestAskedAgain:
    def test_before_an_appointment_after_15_minutes(self, client, staff, region):
        sign_in(client, staff)
        later(client, 16)
        form = INVITING | {"held_in": region.pk}
        answer = client.post("/konto/inviter/host_lead/", form)
        assert answer["Location"].startswith("/konto/2fa/reauthenticate/")
        assert not Invitation.objects.exists()
        client.post(answer["Location"], {"code": code()}, follow=True)
        assert Invitation.objects.get().email == "ny@ksf.example"  # what was typed is not lost

    def test_what_is_kept_of_the_form_is_there_until_it_is_acted_on(self, client, staff):
        sign_in(client, staff)
        later(client, 16)
        application = make_application(state="submitted")
        url = f"/tilskudd/soknader/{application.pk}/avvis/"
        token = re.search(r'name="unsent" value="([^"]+)"', client.get(url).text)[1]
        typed = {"grounds": "Fristen var ute.", "unsent": token}
        client.post("/ikke-sendt/", typed)
        answer = client.post(url, typed)
        assert UnsentForm.objects.get().fields == {"grounds": ["Fristen var ute."]}
        client.post(answer["Location"], {"code": code()}, follow=True)
        application.refresh_from_db()
        assert (application.dismissal_grounds, UnsentForm.objects.count()) == ("Fristen var ute.", 0)

    def test_not_within_them(self, client, staff, region):
        sign_in(client, staff)
        later(client, 14)
        client.post("/konto/inviter/host_lead/", INVITING | {"held_in": region.pk})
        assert Invitation.objects.exists()

    def test_the_password_does_not_stand_in_for_it(self, client, staff, region):
        sign_in(client, staff)
        later(client, 16)
        client.post("/konto/reauthenticate/", {"password": PASSWORD})
        client.post("/konto/inviter/host_lead/", INVITING | {"held_in": region.pk})
        assert not Invitation.objects.exists()

    def test_of_those_without_one_the_password(self, client, region):
        user = make_user("vert@kommune.example", password=PASSWORD)
        services.prove_address(user)
        appoint(Role.HOST_LEAD, region, user=user)
        client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
        later(client, 16)
        form = INVITING | {"held_in": region.pk}
        answer = client.post("/konto/inviter/regional_coordinator/", form)
        assert answer["Location"].startswith("/konto/reauthenticate/")
        client.post(answer["Location"], {"password": PASSWORD}, follow=True)
        assert Invitation.objects.exists()

    @pytest.mark.parametrize(
        "path",
        [
            "/tilskudd/x/vedtak/vedta/",
            "/tilskudd/x/vedtak/foresla/",
            "/tilskudd/soknader/1/vedtak/godta/",
            "/tilskudd/klager/1/vedta/",
            "/tilskudd/soknader/1/avvis/",
            "/rapportering/2026/nasjonal/publiser/",
            "/regioner/x/vertskap/ny/",
            "/konto/verv/1/avslutt/",
            "/konto/verv/1/overfor/",
            "/konto/invitasjoner/1/bekreft/",
        ],
    )
    def test_before_every_decision(self, client, staff, path):
        sign_in(client, staff)
        later(client, 16)
        assert client.post(path)["Location"].startswith("/konto/2fa/reauthenticate/")


class TestKept:
    def test_the_last_one_stays_while_a_national_role_is_held(self, client, staff):
        sign_in(client, staff)
        client.post("/konto/2fa/reauthenticate/", {"code": code()})
        client.post("/konto/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(type="totp").exists()

    def test_nor_is_the_last_passkey_removed(self, client, staff):
        sign_in(client, staff)
        Authenticator.objects.filter(type="totp").update(type="webauthn")
        client.post(f"/konto/2fa/webauthn/keys/{Authenticator.objects.get(type='webauthn').pk}/remove/")
        assert Authenticator.objects.filter(type="webauthn").exists()

    def test_looking_at_the_address_does_not_stand_in_the_way_of_one(self, client):
        user = make_user("ny@ks.example", password=PASSWORD)
        services.prove_address(user)
        client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
        client.get("/konto/email/")
        client.post("/konto/reauthenticate/", {"password": PASSWORD})
        assert client.get("/konto/2fa/totp/activate/").status_code == 200

    def test_the_first_lead_comes_in_with_one_code(self, client, mailoutbox):
        services.appoint_first_lead("leder@ks.example")
        client.post("/konto/login/code/", {"email": "leder@ks.example"})
        sent = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"]
        client.post("/konto/login/code/confirm/", {"code": sent})
        assert client.get("/min-side/")["Location"] == "/konto/2fa/"
        assert len(mailoutbox) == 1


class TestAtRest:
    def test_secrets_are_encrypted(self, staff):
        kept = json.dumps([row.data for row in Authenticator.objects.all()])
        assert SECRET not in kept
        assert all(one.wrap() for one in Authenticator.objects.filter(user=staff))
        assert len(RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()) == 10

    def test_an_older_key_reads_and_a_lost_one_does_not(self, staff, settings):
        settings.SECOND_FACTOR_KEYS = ["new", *settings.SECOND_FACTOR_KEYS]
        totp = Authenticator.objects.get(type="totp").wrap()
        assert totp.validate_code(code())
        settings.SECOND_FACTOR_KEYS = ["new"]
        with pytest.raises(InvalidToken):
            totp.validate_code(code())

    def test_what_was_kept_in_clear_text_is_encrypted_by_the_migration(self, staff):
        Authenticator.objects.filter(type="totp").update(data={"secret": SECRET})
        assert Authenticator.objects.get(type="totp").wrap().validate_code(code())
        import_module("ksf.accounts.migrations.0007_factors_encrypted").encrypt_secrets(apps, None)
        assert Authenticator.objects.get(type="totp").data["secret"] != SECRET
        assert Authenticator.objects.get(type="totp").wrap().validate_code(code())
