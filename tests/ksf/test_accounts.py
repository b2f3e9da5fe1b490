"""Who may appoint whom, invitations that work once, the role switch, the second factor (X2)."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from ksf.accounts.models import Appointment, Invitation, User, Visitor
from ksf.accounts.permissions import Office
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.people import services
from ksf.periods import today
from tests.clusters.factories import make_cluster
from tests.ksf.factories import appoint, make_user
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(region):
    return appoint(Role.REGIONAL_COORDINATOR, region)


def invited(email, role, held_in=None, **values):
    """Invite, and return the link that is sent."""
    return services.new_link(services.invite(email, role, held_in, **values).pk)


def taken_on(user, role, held_in=None, **values):
    """The appointment of ``user``, who accepts an invitation to the role."""
    token = invited(user.email, role, held_in, **values).split("/")[-2]
    services.accept_invitation(token, by=user)
    return user.appointments.latest("pk")


class TestWhoMayAppoint:
    @pytest.mark.parametrize(
        ("by", "allowed"),
        [
            (
                Role.NATIONAL_LEAD,
                {"lead", "coordinator here", "coordinator there", "contact here", "contact there", "cluster here"},
            ),
            (
                Role.NATIONAL_STAFF,
                {"coordinator here", "coordinator there", "contact here", "contact there", "cluster here"},
            ),
            (Role.REGIONAL_COORDINATOR, {"contact here", "cluster here"}),
            (Role.HOST_LEAD, {"coordinator here"}),
            (Role.KS_REGIONAL_OFFICE, set()),
            (Role.OBSERVER, set()),
        ],
    )
    def test_table(self, region, by, allowed):
        elsewhere = make_region()
        user = appoint(by, region)
        offices = {
            "lead": Office(Role.NATIONAL_LEAD),
            "coordinator here": Office(Role.REGIONAL_COORDINATOR, region),
            "coordinator there": Office(Role.REGIONAL_COORDINATOR, elsewhere),
            "contact here": Office(Role.RD_CONTACT, make_municipality(region=region)),
            "contact there": Office(Role.RD_CONTACT, make_municipality(region=elsewhere)),
            "cluster here": Office(Role.CLUSTER_COORDINATOR, make_cluster(lead_region=region)),
        }
        assert {name for name, office in offices.items() if user.has_perm("accounts.appoint", office)} == allowed

    def test_a_stranger_is_refused_and_nothing_is_written(self, region):
        with pytest.raises(PermissionDenied):
            services.invite("ny@ksf.example", Role.REGIONAL_COORDINATOR, region, by=make_user())
        assert not Invitation.objects.exists()


class TestAppointing:
    def test_is_logged(self, staff, region):
        appointment = taken_on(make_user(), Role.REGIONAL_COORDINATOR, region, by=staff, position_percentage=60)
        assert AuditEntry.objects.get(verb="appointment.made").subject_id == str(appointment.pk)

    def test_the_same_role_twice_is_refused_in_words(self, staff, region):
        user = make_user()
        taken_on(user, Role.REGIONAL_COORDINATOR, region, by=staff)
        with pytest.raises(ValidationError, match=str(user)):
            services.invite(user.email, Role.REGIONAL_COORDINATOR, region, by=staff)

    def test_ending_takes_access_the_same_day_and_keeps_history(self, staff, region):
        user = appoint(Role.REGIONAL_COORDINATOR, region)
        services.end_appointment(user.appointments.get(), by=staff)
        user = User.objects.get(pk=user.pk)
        assert user.appointments_in_force == []
        assert user.appointments.get().ends_on == today()

    def test_an_end_before_the_start_is_refused(self, staff, region):
        user = appoint(Role.REGIONAL_COORDINATOR, region, start=today() - timedelta(days=1))
        with pytest.raises(ValidationError):
            services.end_appointment(user.appointments.get(), on=today() - timedelta(days=1), by=staff)

    @pytest.mark.parametrize("days", [0, 30])
    def test_one_given_by_mistake_is_taken_back_and_logged(self, staff, region, days):
        user = appoint(Role.REGIONAL_COORDINATOR, region, start=today() + timedelta(days=days))
        held = user.appointments.get()
        services.invite("ny@ksf.example", Role.REGIONAL_COORDINATOR, region, by=staff, replaces=held)
        services.end_appointment(held, by=staff)
        assert User.objects.get(pk=user.pk).appointments_in_force == []
        entry = AuditEntry.objects.get(verb="appointment.taken_back")
        assert (entry.data["person"], entry.data["scope"]) == (user.pk, str(region))

    def test_one_that_is_over_does_not_come_back(self, client, staff, region):
        user = appoint(Role.REGIONAL_COORDINATOR, region, end=today() - timedelta(days=9))
        held = user.appointments.get()
        client.force_login(staff)
        assert client.post(f"/konto/verv/{held.pk}/avslutt/", {"on": today() + timedelta(days=9)}).status_code == 422
        assert user.appointments.get() == held
        assert User.objects.get(pk=user.pk).appointments_in_force == []

    @pytest.mark.parametrize("role", [Role.REGIONAL_COORDINATOR, Role.NATIONAL_STAFF])
    def test_the_database_holds_that_nobody_has_a_role_twice(self, region, role):
        held_in = region if role == Role.REGIONAL_COORDINATOR else None
        user = appoint(role, held_in, end=today())
        appoint(role, held_in, user=user, start=today())
        with pytest.raises(IntegrityError, match=f"appointment_{role}_once"):
            appoint(role, held_in, user=user, start=today() + timedelta(days=9))


class TestFirstLead:
    def test_opens_a_new_portal_to_one_person(self, capsys):
        call_command("appoint_first_lead", "Leder@ksf.example")
        user = User.objects.get(email="leder@ksf.example")
        assert user.has_role(Role.NATIONAL_LEAD)
        assert not user.has_usable_password()
        with pytest.raises(CommandError):
            call_command("appoint_first_lead", "en.annen@ksf.example")

    def test_refuses_what_is_no_address(self):
        with pytest.raises(CommandError):
            call_command("appoint_first_lead", "ikke en adresse")


class TestInvitations:
    def test_makes_an_account_once(self, client, coordinator, region):
        municipality = make_municipality(region=region)
        link = invited("Ny@ksf.example", Role.RD_CONTACT, municipality, by=coordinator)
        assert str(municipality) in client.get(link).text
        response = client.post(link, {"name": "FoU-kontakt", "password": "fjellet er blatt i dag"})
        assert response.status_code == 302
        user = User.objects.get(email="ny@ksf.example")
        assert user.municipality_ids(Role.RD_CONTACT) == {municipality.pk}
        assert client.get("/min-side/").status_code == 200
        client.logout()
        assert client.get(link).status_code == 404
        assert client.post(link, {"name": "B", "password": "fjellet er gult i dag"}).status_code == 404

    def test_a_weak_password_is_an_error_at_the_field_and_the_name_is_kept(self, client, staff, region):
        link = invited("ny@ksf.example", Role.REGIONAL_COORDINATOR, region, by=staff)
        response = client.post(link, {"name": "Koordinator", "password": "kort"})
        assert response.status_code == 422
        assert 'value="Koordinator"' in response.text
        assert not User.objects.filter(email="ny@ksf.example").exists()

    def test_one_with_an_account_is_not_signed_in_by_the_link(self, client, staff, region):
        known = make_user("ny@ksf.example", password="gammelt passord 1")
        link = invited("ny@ksf.example", Role.REGIONAL_COORDINATOR, region, by=staff)
        assert "/konto/login/?next=/konto/invitasjon/" in client.get(link).text
        response = client.post(link, {"accept": "1", "password": "noe helt annet her"})
        known.refresh_from_db()
        assert response.status_code == 403
        assert not get_user(client).is_authenticated
        assert known.check_password("gammelt passord 1")
        assert not known.appointments.exists()

    def test_the_holder_of_the_address_takes_on_the_role(self, client, staff, region):
        known = make_user("ny@ksf.example")
        link = invited("ny@ksf.example", Role.REGIONAL_COORDINATOR, region, by=staff)
        client.force_login(known)
        assert client.post(link, {"accept": "1"})["Location"] == "/min-side/"
        assert User.objects.get(pk=known.pk).region_ids() == {region.pk}

    @pytest.mark.parametrize(
        "change", [{"withdrawn_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(days=1)}]
    )
    def test_withdrawn_or_old_opens_nothing(self, client, staff, region, change):
        link = invited("ny@ksf.example", Role.REGIONAL_COORDINATOR, region, by=staff)
        Invitation.objects.update(**change)
        assert client.get(link).status_code == 404

    def test_the_second_of_two_finds_the_role_filled(self, client, staff, region):
        first, second = (invited("ny@ksf.example", Role.REGIONAL_COORDINATOR, region, by=staff) for _ in range(2))
        assert client.post(first, {"name": "N", "password": "fjellet er blatt i dag"}).status_code == 302
        assert client.post(second, {"accept": "1"}).status_code == 404
        assert User.objects.get(email="ny@ksf.example").appointments.count() == 1

    def test_worth_nothing_when_the_inviter_has_lost_the_right(self, client, coordinator, region):
        link = invited("ny@ksf.example", Role.RD_CONTACT, make_municipality(region=region), by=coordinator)
        Appointment.objects.filter(user=coordinator).delete()
        response = client.post(link, {"name": "N", "password": "fjellet er blatt i dag"})
        assert response.status_code == 404
        assert not User.objects.filter(email="ny@ksf.example").exists()


class TestHandingOver:
    """A new person in a role in one step: the old period ends the day the new one begins."""

    def test_to_one_with_an_account(self, client, coordinator, region):
        place = make_municipality(region=region)
        before, after = appoint(Role.RD_CONTACT, place), make_user()
        held = before.appointments.get()
        url = f"/konto/verv/{held.pk}/overfor/"
        client.force_login(coordinator)
        assert "Ny person i rollen" in client.get(url).text
        answer = client.post(url, {"email": after.email.upper(), "language": "nb", "on": today()})
        assert answer.status_code == 302
        assert User.objects.get(pk=before.pk).municipality_ids() == {place.pk}
        client.force_login(after)
        client.post(services.new_link(Invitation.objects.get().pk), {"accept": "1"})
        held.refresh_from_db()
        assert held.ends_on == after.appointments.get().starts_on == today()
        assert User.objects.get(pk=before.pk).municipality_ids() == set()
        assert User.objects.get(pk=after.pk).municipality_ids() == {place.pk}
        done = {"invitation.sent", "appointment.ended", "appointment.made"}
        assert set(AuditEntry.objects.values_list("verb", flat=True)) == done

    def test_to_one_without_changes_hands_when_the_link_is_used(self, client, coordinator, region):
        place = make_municipality(region=region)
        before = appoint(Role.RD_CONTACT, place)
        client.force_login(coordinator)
        url = f"/konto/verv/{before.appointments.get().pk}/overfor/"
        client.post(url, {"email": "ny@ksf.example", "language": "nn", "on": today()})
        assert User.objects.get(pk=before.pk).municipality_ids() == {place.pk}
        client.logout()
        link = services.new_link(Invitation.objects.get().pk)
        client.post(link, {"name": "Ny", "password": "fjellet er blatt i dag"})
        assert before.appointments.get().ends_on == today()
        assert User.objects.get(email="ny@ksf.example").municipality_ids() == {place.pk}

    def test_one_that_has_ended_meanwhile_is_left_as_it_is(self, coordinator, region):
        place = make_municipality(region=region)
        held = appoint(Role.RD_CONTACT, place).appointments.get()
        link = invited("ny@ksf.example", Role.RD_CONTACT, place, by=coordinator, replaces=held)
        earlier = today() - timedelta(days=30)
        services.end_appointment(held, on=earlier, by=coordinator)
        token = link.split("/")[-2]
        assert services.accept_invitation(token, by=Visitor(), name="Ny").municipality_ids() == {place.pk}
        held.refresh_from_db()
        assert held.ends_on == earlier

    def test_keeps_the_position_for_coordinators_only(self, client, region):
        cluster = make_cluster(lead_region=region)
        held = appoint(Role.CLUSTER_COORDINATOR, cluster).appointments.get()
        after = make_user()
        client.force_login(appoint(Role.NATIONAL_STAFF))
        url = f"/konto/verv/{held.pk}/overfor/"
        client.post(url, {"email": after.email, "language": "nb", "on": today(), "position_percentage": "40"})
        assert Invitation.objects.get().position_percentage == 40
        client.force_login(appoint(Role.CLUSTER_COORDINATOR, make_cluster()))
        assert client.get(url).status_code == 403


class TestPages:
    def test_active_role(self, client, region):
        user = appoint(Role.HOST_LEAD, region)
        user = appoint(Role.REGIONAL_COORDINATOR, region, user=user)
        second = user.appointments_in_force[1]
        client.force_login(user)
        client.post("/konto/rolle/", {"appointment": second.pk, "next": "https://evil.example/"}, follow=True)
        assert client.get("/min-side/").wsgi_request.user.active_role == second

    def test_the_role_of_somebody_else_cannot_be_active(self, client, region, staff):
        user = appoint(Role.HOST_LEAD, region)
        client.force_login(user)
        client.post("/konto/rolle/", {"appointment": staff.appointments.get().pk})
        assert client.get("/min-side/").wsgi_request.user.active_role.role == Role.HOST_LEAD

    def test_people_are_those_of_ones_area(self, client, coordinator, region):
        mine = appoint(Role.RD_CONTACT, make_municipality(region=region))
        theirs = appoint(Role.RD_CONTACT, make_municipality(region=make_region()))
        client.force_login(coordinator)
        assert set(User.objects.visible_to(coordinator)) == {coordinator, mine}
        assert client.get(f"/konto/personer/{theirs.pk}/").status_code == 404
        assert mine.email in client.get("/konto/personer/").text

    def test_closed_to_those_who_appoint_nobody(self, client, region):
        client.force_login(appoint(Role.RD_CONTACT, make_municipality(region=region)))
        assert client.get("/konto/personer/").status_code == 403
        assert client.get("/konto/inviter/national_lead/").status_code == 404

    def test_invite_form_says_what_is_wrong(self, client, coordinator, region):
        client.force_login(coordinator)
        response = client.post("/konto/inviter/rd_contact/", {"email": "ikke en adresse", "start": "2026-13-01"})
        assert response.status_code == 422
        assert "ikke en adresse" in response.text
        elsewhere = make_municipality(region=make_region())
        response = client.post(
            "/konto/inviter/rd_contact/",
            {"email": "a@b.no", "start": "2026-01-01", "held_in": elsewhere.pk, "language": "nb"},
        )
        assert response.status_code == 422

    def test_account_is_saved(self, client, staff):
        client.force_login(staff)
        data = {"name": "Nasjonalt", "language": "nn", "phone": "", "wants_digest": "on"}
        assert client.post("/konto/", data).status_code == 302
        staff.refresh_from_db()
        assert (staff.name, staff.language, staff.wants_digest, staff.wants_urgent_mail) == (
            "Nasjonalt",
            "nn",
            True,
            False,
        )

    def test_mail_page_is_the_demos_alone(self, client, staff, settings):
        client.force_login(staff)
        assert client.get("/epost/").status_code == 200
        settings.DEMO = False
        assert client.get("/epost/").status_code == 404

    def test_no_open_sign_up(self, client):
        passwords = {"password1": "fjellet er blatt", "password2": "fjellet er blatt"}
        assert client.post("/konto/signup/", {"email": "x@y.no", **passwords}).status_code == 404
        assert not User.objects.filter(email="x@y.no").exists()


class TestSecondFactor:
    @pytest.mark.parametrize(
        "path",
        ["/min-side/", "/", "/konto/", "/konto/personer/", "/konto/inviter/national_staff/", "/konto/verv/1/avslutt/"],
    )
    def test_asked_of_national_roles(self, client, staff, settings, path):
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(staff)
        assert client.get(path)["Location"] == "/konto/2fa/"
        assert client.post(path)["Location"] == "/konto/2fa/"

    @pytest.mark.parametrize("path", ["/konto/2fa/", "/konto/logout/", "/healthz", "/konto/invitasjon/nei/"])
    def test_not_where_it_is_set_up_or_one_leaves(self, client, staff, settings, path):
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(staff)
        assert client.get(path).status_code in {200, 404, 503}

    def test_not_of_others(self, client, coordinator, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(coordinator)
        assert client.get("/min-side/").status_code == 200


class TestRateLimits:
    def test_attempts_are_counted_by_visitor_also_behind_a_proxy(self, client, settings):
        """Where the proxy's own address was counted, one who guesses would close the door for everybody."""
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

        def is_stopped(address, email):
            headers = {"X-Forwarded-For": f"198.51.100.9, {address}"}
            answer = client.post("/konto/login/", {"login": email, "password": "feil"}, headers=headers)
            return answer.context["form"].has_error(NON_FIELD_ERRORS, "too_many_login_attempts")

        attempts = [is_stopped("203.0.113.1", f"gjett{number}@ksf.example") for number in range(11)]
        assert attempts == [False] * 10 + [True]
        assert not is_stopped("203.0.113.2", "koordinator@ksf.example")


def test_the_menu_names_people_and_roles_to_those_who_may_open_it(client, coordinator, region):
    """X1: the menu showed it to those who were refused."""
    contact = appoint(Role.RD_CONTACT, make_municipality(region=region))
    for user, is_shown in ((coordinator, True), (contact, False)):
        client.force_login(user)
        assert ('/konto/personer/"' in client.get("/min-side/").text) == is_shown
        assert (client.get("/konto/personer/").status_code == 200) == is_shown
        up = "/konto/personer/" if is_shown else "/konto/"
        assert f'href="{up}"' in client.get(f"/konto/personer/{user.pk}/").text
