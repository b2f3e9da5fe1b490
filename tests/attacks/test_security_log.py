"""X4: the log holds sign-ins and security events, and many failures are an alarm."""

import pytest
from django.core.cache import cache

from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.notifications.models import Notice
from ksf.people import security, services
from tests.attacks.codes import SECRET, code
from tests.ksf.factories import appoint, make_staff, make_user
from tests.regions.factories import make_municipality

pytestmark = pytest.mark.django_db
PASSWORD = "fjellet er blatt i dag"
PAGE = "/konto/sikkerhetslogg/"


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def person():
    user = make_user("kari@kommune.example", password=PASSWORD)
    services.prove_address(user)
    return user


def verbs():
    return set(AuditEntry.objects.values_list("verb", flat=True))


class TestWhatIsKept:
    def test_signing_in_and_failing_to(self, client, person):
        for password in ("feil", PASSWORD):
            client.post("/konto/login/", {"login": person.email, "password": password})
        failed, entered = AuditEntry.objects.order_by("pk")
        assert (failed.verb, failed.actor, failed.facts["ip"]) == ("security.failure", person, "127.0.0.1")
        assert (entered.verb, entered.data["method"]) == ("security.sign_in", "password")
        assert "feil" not in str(failed.facts.values())
        assert "127.0.0.1" not in str(failed.data)

    def test_attempts_on_who_is_not_there(self, client):
        client.post("/konto/login/", {"login": "ingen@kommune.example", "password": "feil"})
        assert AuditEntry.objects.get().facts["email"] == "ingen@kommune.example"

    def test_a_wrong_code_is_one(self, client, person):
        client.post("/konto/login/code/", {"email": person.email})
        client.post("/konto/login/code/confirm/", {"code": "feil"})
        assert verbs() == {"security.failure"}

    def test_a_new_password(self, client, person):
        client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
        new = {"password1": "havet er gult i dag", "password2": "havet er gult i dag"}
        client.post("/konto/password/change/", {"oldpassword": PASSWORD, **new})
        assert "security.password" in verbs()

    def test_a_factor_that_comes_and_goes(self, client, person, lead, django_capture_on_commit_callbacks):
        client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
        client.post("/konto/reauthenticate/", {"password": PASSWORD})
        session = client.session
        session["mfa.totp.secret"] = SECRET
        session.save()
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/konto/2fa/totp/activate/", {"code": code()})
        assert "security.factor_added" in verbs()
        client.post("/konto/2fa/totp/deactivate/")
        assert "security.factor_removed" in verbs()
        assert Notice.objects.get(user=lead).body.startswith("kari@kommune.example")

    def test_roles(self, staff, region, person):
        invitation = services.invite(person.email, Role.HOST_LEAD, region, by=staff)
        services.accept_invitation(services.new_link(invitation.pk).split("/")[-2], by=person)
        kept = set(security.entries(kind="role").values_list("verb", flat=True))
        assert kept == {"invitation.sent", "appointment.made"}


class TestAlarm:
    def test_is_sent_once_when_there_are_twenty_within_an_hour(self, lead):
        for number in range(25):
            security.note_failure(f"gjett{number}@kommune.example", request=None)
            assert Notice.objects.count() == (1 if number >= 19 else 0)
        assert Notice.objects.get().user == lead


class TestPage:
    def test_is_for_national_leads(self, client, region):
        for user in (make_staff(), appoint(Role.RD_CONTACT, make_municipality(region=region))):
            client.force_login(user)
            assert client.get(PAGE).status_code == 403

    def test_is_narrowed_and_says_when_it_is_empty(self, client, lead, person):
        client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
        client.force_login(lead)
        assert "kari@kommune.example" in client.get(PAGE).text
        assert "kari@kommune.example" in client.get(PAGE, {"kind": "sign_in", "q": "KARI", "since": "2020-01-01"}).text
        for wanted in ({"kind": "failure"}, {"q": "ola"}, {"until": "2020-01-01"}):
            assert "Ingenting i loggen" in client.get(PAGE, wanted).text
        assert client.get(PAGE, {"kind": "tull", "since": "i fjor"}).status_code == 200

    def test_as_a_file_it_is_in_the_log_itself(self, client, lead, person):
        client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
        client.force_login(lead)
        text = b"".join(client.get(PAGE, {"format": "csv"}).streaming_content).decode()
        assert "kari@kommune.example" in text
        assert AuditEntry.objects.filter(verb="security.export", actor=lead).exists()

    def test_as_a_file_it_asks_who_one_is(self, client, lead, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(lead)
        assert client.get(PAGE, {"format": "csv"}).status_code == 302
