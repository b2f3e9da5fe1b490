"""X2: an address counts when it is proven, and nobody is appointed without confirming."""

import re
from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from ksf.accounts.models import Appointment, Invitation, User
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.notifications.models import Notice
from ksf.notifications.tasks import deliver
from ksf.people import services
from ksf.people.allauth_urls import OFFERED, not_offered
from tests.ksf.factories import appoint, make_lead, make_user
from tests.regions.factories import make_municipality

pytestmark = pytest.mark.django_db
PASSWORD = "fjellet er blatt i dag"
CODE = re.compile(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$|^[A-Z0-9]{6}$", re.MULTILINE)


@pytest.fixture
def contact(region):
    """An R&D contact with a proven address."""
    user = make_user("kontakt@kommune.example", password=PASSWORD)
    services.prove_address(user)
    return appoint(Role.RD_CONTACT, make_municipality(region=region), user=user)


def sign_in(client, user, password=PASSWORD):
    return client.post("/konto/login/", {"login": user.email, "password": password})


def code_sent_to(address):
    (sent,) = [one for one in mail.outbox if one.to == [address]]
    return CODE.search(sent.body)[0]


class TestAddress:
    """An R&D contact made the address of somebody who was to be national staff the own one, unproven."""

    WANTED = "direktor@ks.example"

    def test_another_is_not_ones_own_before_the_code_sent_to_it_is_entered(self, client, contact):
        sign_in(client, contact)
        client.post("/konto/email/", {"action_add": "1", "email": self.WANTED})
        client.post("/konto/email/", {"action_primary": "1", "email": self.WANTED})
        contact.refresh_from_db()
        assert contact.email == "kontakt@kommune.example"
        client.post("/konto/confirm-email/", {"code": "AAAA-AAAA"})
        contact.refresh_from_db()
        assert contact.email == "kontakt@kommune.example"

    def test_it_is_when_it_is_proven_and_both_addresses_are_notified(self, client, contact):
        sign_in(client, contact)
        client.post("/konto/email/", {"action_add": "1", "email": self.WANTED})
        client.post("/konto/reauthenticate/", {"password": PASSWORD})
        if not any(one.to == [self.WANTED] for one in mail.outbox):
            client.post("/konto/email/", {"action_add": "1", "email": self.WANTED})
        client.post("/konto/confirm-email/", {"code": code_sent_to(self.WANTED)})
        contact.refresh_from_db()
        assert contact.email == self.WANTED
        assert list(EmailAddress.objects.values_list("email", "verified")) == [(self.WANTED, True)]
        assert {one.to[0] for one in mail.outbox} == {self.WANTED, "kontakt@kommune.example"}
        entry = AuditEntry.objects.get(verb="account.address")
        assert entry.facts["email"] == ["kontakt@kommune.example", self.WANTED]

    def test_a_session_left_open_changes_none(self, client, contact):
        client.force_login(contact)
        answer = client.post("/konto/email/", {"action_add": "1", "email": self.WANTED})
        assert answer["Location"].startswith("/konto/reauthenticate/")
        assert not mail.outbox

    def test_an_unproven_one_does_not_sign_in(self, client, region):
        user = make_user("uprovd@kommune.example", password=PASSWORD)
        sign_in(client, user)
        assert client.get("/min-side/").status_code == 302
        client.post("/konto/confirm-email/", {"code": code_sent_to(user.email)})
        assert client.get("/min-side/").status_code == 200

    def test_an_accepted_invitation_proves_it(self, client, staff, region):
        invitation = services.invite("ny@ksf.example", Role.RD_CONTACT, make_municipality(region=region), by=staff)
        client.post(services.new_link(invitation.pk), {"name": "Ny", "password": PASSWORD})
        assert EmailAddress.objects.get(verified=True, primary=True).email == "ny@ksf.example"
        assert client.get("/min-side/").status_code == 200


def test_addresses_of_old_accounts_are_proven_by_accepted_invitations_alone(staff, region):
    old, taken, never = make_user("inne@x.example"), make_user("tatt@x.example"), make_user("aldri@x.example")
    for user in (old, taken):
        invitation = services.invite("ledig@x.example", Role.HOST_LEAD, region, by=staff)
        Invitation.objects.filter(pk=invitation.pk).update(email=user.email, used_at=timezone.now())
    EmailAddress.objects.create(user=taken, email="egen@x.example", primary=False)
    EmailAddress.objects.create(user=taken, email="tatt@x.example", primary=True)
    import_module("ksf.accounts.migrations.0006_proven_addresses").note_addresses(apps, None)
    found = {one.email: one.verified for one in EmailAddress.objects.all()}
    of_the_demo = {staff.email: True}
    assert found == {old.email: True, taken.email: False, never.email: False, **of_the_demo}


def test_links_in_old_notices_are_forgotten(staff, region):
    invitation = services.invite("ny@x.example", Role.HOST_LEAD, region, by=staff)
    Invitation.objects.update(token_hash=services.hash_of("abc-123"))
    text = "Åpne https://portal.ksf.example/konto/invitasjon/abc-123/ i dag"
    Notice.objects.update(body=text, url="/konto/invitasjon/abc-123/", link_kind="", link_to=None)
    import_module("ksf.notifications.migrations.0003_no_links_kept").forget_links(apps, None)
    notice = Notice.objects.get()
    assert (notice.body, notice.url, notice.link_to) == ("Åpne [[link]] i dag", "", invitation.pk)


class TestAppointing:
    def test_the_invitation_goes_to_the_address_also_where_it_has_an_account(self, client, staff, region, contact):
        client.force_login(staff)
        form = {"email": contact.email, "language": "nb", "start": "2026-01-01", "held_in": region.pk}
        client.post("/konto/inviter/host_lead/", form)
        assert Invitation.objects.get().email == contact.email
        assert not User.objects.get(pk=contact.pk).has_role(Role.HOST_LEAD)

    def test_a_link_that_was_passed_on_gives_another_account_nothing(self, client, staff, region, contact):
        make_user("leder@kommune.example")
        link = services.new_link(services.invite("leder@kommune.example", Role.HOST_LEAD, region, by=staff).pk)
        client.force_login(contact)
        assert client.post(link, {"accept": "1"}).status_code == 403
        assert not Appointment.objects.filter(role=Role.HOST_LEAD).exists()

    def test_nobody_appoints_oneself(self, staff, region):
        with pytest.raises(ValidationError):
            services.invite(staff.email.upper(), Role.HOST_LEAD, region, by=staff)
        invitation = services.invite("annen@ksf.example", Role.HOST_LEAD, region, by=staff)
        User.objects.filter(pk=staff.pk).update(email="annen@ksf.example")  # the address became one's own meanwhile
        with pytest.raises(PermissionDenied):
            services.accept_invitation(services.new_link(invitation.pk).split("/")[-2], by=staff)


class TestNationalRoles:
    @pytest.fixture
    def lead(self):
        return make_lead()

    @pytest.fixture
    def second(self, lead):
        return make_lead()

    def test_the_second_lead_confirms_and_all_are_notified(self, client, lead, second):
        invitation = services.invite("ny@ksf.example", Role.NATIONAL_LEAD, by=lead)
        assert services.new_link(invitation.pk) is None
        assert Notice.objects.get().user == second
        for who in (lead, make_user(), appoint(Role.NATIONAL_STAFF)):
            with pytest.raises(PermissionDenied):
                services.confirm_invitation(invitation, by=who)
        client.force_login(second)
        assert "ny@ksf.example" in client.get("/min-side/").text
        assert client.post(f"/konto/invitasjoner/{invitation.pk}/bekreft/").status_code == 302
        client.logout()
        client.post(services.new_link(invitation.pk), {"name": "Ny", "password": PASSWORD})
        assert User.objects.get(email="ny@ksf.example").has_role(Role.NATIONAL_LEAD)
        notified = (
            Notice.objects.filter(body__contains="ny@ksf.example")
            .exclude(link_kind="invitation")
            .values_list("to", flat=True)
        )
        assert {lead.email, second.email} <= set(notified)

    def test_who_is_invited_does_not_confirm_it(self, lead, second):
        invitation = services.invite(second.email, Role.NATIONAL_STAFF, by=lead)
        with pytest.raises(PermissionDenied):
            services.confirm_invitation(invitation, by=second)

    def test_where_there_is_one_lead_the_server_confirms(self, lead):
        services.invite("ny@ksf.example", Role.NATIONAL_STAFF, by=lead)
        call_command("confirm_invitation", "NY@ksf.example")
        assert services.new_link(Invitation.objects.get().pk)
        with pytest.raises(CommandError):
            call_command("confirm_invitation", "ny@ksf.example")

    def test_not_where_there_are_two(self, lead, second):
        services.invite("ny@ksf.example", Role.NATIONAL_STAFF, by=lead)
        with pytest.raises(CommandError):
            call_command("confirm_invitation", "ny@ksf.example")


class TestSecretsAtRest:
    def test_a_notice_holds_no_link_before_or_after_it_is_sent(self, client, staff, region, settings):
        services.invite("ny@ksf.example", Role.RD_CONTACT, make_municipality(region=region), by=staff)
        notice = Notice.objects.get()
        assert Invitation.objects.get().token_hash is None
        deliver(notice.pk)
        (sent,) = mail.outbox
        link = re.search(rf"{settings.SITE_URL}(/konto/invitasjon/\S+)", sent.body)[1]
        assert client.get(link).status_code == 200
        token = link.split("/")[-2]
        held = [
            str(value) for row in (*Notice.objects.values(), *Invitation.objects.values()) for value in row.values()
        ]
        assert not [value for value in held if token in value or "/konto/invitasjon/" in value]

    def test_what_the_mail_server_refused_has_a_link_that_works_the_next_time(self, client, staff, region, monkeypatch):
        services.invite("ny@ksf.example", Role.RD_CONTACT, make_municipality(region=region), by=staff)

        def refuse(_message):
            raise OSError("no connection")

        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.EmailMessage.send", refuse)
            with pytest.raises(OSError, match="no connection"):
                deliver(Notice.objects.get().pk)
        deliver(Notice.objects.get().pk)
        assert client.get(re.search(r"/konto/invitasjon/\S+", mail.outbox[0].body)[0]).status_code == 200

    def test_a_withdrawn_one_is_not_sent(self, staff, region):
        invitation = services.invite("ny@ksf.example", Role.HOST_LEAD, region, by=staff)
        services.withdraw_invitation(invitation, by=staff)
        deliver(Notice.objects.get().pk)
        assert not mail.outbox


def all_patterns(resolver):
    for entry in resolver.url_patterns:
        yield from all_patterns(entry) if isinstance(entry, URLResolver) else [entry]


class TestPagesOfAllauth:
    def test_only_those_offered_are_there(self):
        (konto,) = [
            one for one in get_resolver().url_patterns if "allauth_urls" in repr(getattr(one, "urlconf_name", ""))
        ]
        there = {entry.name for entry in all_patterns(konto) if entry.callback is not not_offered}
        assert there == OFFERED

    @pytest.mark.parametrize("path", ["signup/", "3rdparty/", "3rdparty/signup/", "social/signup/", "oidc/x/login/"])
    def test_the_others_answer_404(self, client, contact, path):
        assert client.get(f"/konto/{path}").status_code == 404
        client.force_login(contact)
        assert client.post(f"/konto/{path}").status_code == 404


def test_too_many_attempts_are_answered_with_words(client):
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"}):
        answers = [client.post("/konto/login/", {"login": "a@b.example", "password": "x"}) for _ in range(3)]
    assert answers[-1].status_code == 429
    assert "noen minutter" in answers[-1].text
