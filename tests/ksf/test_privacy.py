"""A person gets all that is stored about them, and is erased as far as the law allows (X7)."""

import io
import json
import zipfile
from datetime import date, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from ksf import audit, waiting
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.audit import chain
from ksf.audit.models import AuditEntry, AuditPersonal
from ksf.jobs.models import Job, JobState
from ksf.jobs.tasks import run
from ksf.lifecycle import StepNotAllowed
from ksf.notifications import notify
from ksf.notifications.models import Notice
from ksf.people import services as people
from ksf.periods import today
from ksf.privacy import services
from ksf.privacy.lifecycle import ErasureState
from ksf.privacy.models import ErasureRequest, PersonalDownload
from needs.models import Endorsement, KnowledgeNeed
from tests.ksf.factories import appoint, make_lead, make_staff, make_user
from tests.needs.factories import make_contact, make_need

pytestmark = pytest.mark.django_db
PASSWORD = "fjellet er blatt i dag"
PAGE = "/konto/data/"
ADDRESS = "kontakt@kommune.example"


@pytest.fixture
def person():
    """Somebody who was an R&D contact, with something in most of what is stored."""
    user = make_user(ADDRESS, name="Rollen <b>Kontakt</b>", phone="55 55 55 55", password=PASSWORD)
    contact = make_contact(user=user, end=today())
    people.prove_address(contact)
    need = make_need(by=contact)
    Endorsement.objects.create(need=make_need(), municipality=need.municipality, created_by=contact, comment="Hos oss")
    audit.record_personal("security.sign_in", contact, {"ip": "192.0.2.7"}, by=contact, method="password")
    notify(contact, "privacy/download_ready", {"days": 7}, url=PAGE)
    return contact


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def to_answer(lead):
    return [item for item in waiting.for_user(lead) if item.url.startswith("/konto/slettinger/")]


def signed_in(client, user):
    client.logout()
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    return client


class TestDownload:
    def test_from_the_page_to_the_file(self, client, person):
        signed_in(client, person)
        assert "Lag filen" in client.get(PAGE).text
        client.post(f"{PAGE}lag/")
        job = Job.objects.get()
        assert client.post(f"{PAGE}lag/").headers["Location"] == job.get_absolute_url()
        assert "blir laget" in client.get(PAGE).text
        run(job.pk)
        assert "Last ned filen" in client.get(PAGE).text
        answer = client.post(f"{PAGE}fil/")
        assert answer.headers["Content-Type"] == "application/zip"
        files = unzipped(answer.content)
        account = json.loads(files["account.json"])
        assert (account[0]["email"], account[0]["phone"]) == (ADDRESS, "55 55 55 55")
        assert json.loads(files["needs.json"])[1]["comment"] == "Hos oss"
        assert "192.0.2.7" in files["log.json"]
        assert "password" not in files["account.json"]
        page = files["les-meg.html"]
        assert '<html lang="nb">' in page
        assert "Rollen &lt;b&gt;Kontakt&lt;/b&gt;" in page
        assert "Hos oss" in page
        assert AuditEntry.objects.filter(verb="security.export", actor=person).count() == 1

    def test_it_is_asked_for_and_given_to_who_has_just_shown_who_they_are(self, client, person):
        PersonalDownload.objects.create(user=person, content=b"PK")
        client.force_login(person)
        asked = client.post(f"{PAGE}fil/")
        assert asked.headers["Location"].startswith("/konto/reauthenticate/")
        assert not AuditEntry.objects.filter(verb="security.export").exists()
        given = client.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
        assert given.headers["Content-Type"] == "application/zip"

    def test_nobody_gets_another_s(self, client, person):
        PersonalDownload.objects.create(user=person, content=b"PK")
        other = make_user("annen@kommune.example", password=PASSWORD)
        people.prove_address(other)
        signed_in(client, other)
        assert client.post(f"{PAGE}fil/").status_code == 404

    def test_one_that_is_too_old_is_not_given(self, client, person):
        PersonalDownload.objects.create(user=person, content=b"PK", made_at=timezone.now() - timedelta(days=8))
        signed_in(client, person)
        assert client.post(f"{PAGE}fil/").status_code == 404

    @pytest.mark.parametrize(("language", "word"), [("nn", "Kontoen din"), ("en", "Your account")])
    def test_in_the_person_s_language(self, person, language, word):
        person.language = language
        person.save()
        job = services.ask_for_download(by=person)
        run(job.pk)
        page = unzipped(bytes(PersonalDownload.objects.get().content))["les-meg.html"]
        assert word in page

    def test_nothing_of_others_is_in_it(self, person):
        stranger = make_contact(user=make_user("fremmed@kommune.example", name="Fremmed"))
        make_need("Fremmed behov", by=stranger)
        audit.record_personal("security.sign_in", stranger, {"ip": "192.0.2.99"}, by=stranger)
        run(services.ask_for_download(by=person).pk)
        everything = "".join(unzipped(bytes(PersonalDownload.objects.get().content)).values())
        assert "Fremmed" not in everything.replace("Fremmed data", "")
        assert "192.0.2.99" not in everything


class TestAsking:
    def test_once_however_often_with_a_month_to_answer(self, client, person, lead):
        signed_in(client, person)
        assert "FoU-kontakt nr." in client.get(f"{PAGE}sletting/").text
        for _time in range(2):
            client.post(f"{PAGE}sletting/", {"reason": "Jeg har sluttet"})
        asked = ErasureRequest.objects.get()
        assert (asked.reason, asked.due_on) == ("Jeg har sluttet", services.a_month_after(today()))
        assert [item.due for item in to_answer(lead)] == [asked.due_on]
        assert Notice.objects.filter(user=lead).count() == 1
        assert "Venter på svar" in client.get(PAGE).text

    def test_it_is_taken_back(self, client, person, lead):
        asked = services.ask_for_erasure(by=person)
        signed_in(client, person)
        client.post(f"{PAGE}sletting/trekk/")
        asked.refresh_from_db()
        assert asked.state == ErasureState.WITHDRAWN
        assert to_answer(lead) == []
        assert client.post(f"{PAGE}sletting/trekk/").status_code == 404

    @pytest.mark.parametrize(
        ("day", "due"),
        [
            (date(2027, 1, 31), date(2027, 2, 28)),
            (date(2027, 12, 5), date(2028, 1, 5)),
            (date(2028, 1, 30), date(2028, 2, 29)),
        ],
    )
    def test_a_month(self, day, due):
        assert services.a_month_after(day) == due


class TestErasing:
    def test_what_the_law_does_not_demand_goes_and_the_rest_has_a_role_for_a_name(self, client, person, lead):
        browser = signed_in(client, person)
        Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
        people.invite(ADDRESS, Role.RD_CONTACT, KnowledgeNeed.objects.first().municipality, by=make_staff())
        PersonalDownload.objects.create(user=person, content=b"PK")
        asked = services.ask_for_erasure(by=person, reason="Privat")
        before = AuditEntry.objects.count()
        services.carry_out(asked, by=lead)
        person.refresh_from_db()
        name = f"FoU-kontakt nr. {person.pk}"
        assert (person.name, person.email, person.phone) == (name, f"slettet-{person.pk}@ksf.invalid", "")
        assert not person.is_active
        assert not person.has_usable_password()
        for model in (EmailAddress, Authenticator, UserSession, PersonalDownload):
            assert not model.objects.filter(user=person).exists()
        assert not AuditPersonal.objects.filter(entry__actor=person).exists()
        assert AuditEntry.objects.count() == before + 1
        assert KnowledgeNeed.objects.filter(created_by=person).exists()
        assert Appointment.objects.filter(user=person).exists()
        assert browser.get("/konto/").status_code == 302
        assert "Feil" not in browser.get("/").text
        asked.refresh_from_db()
        assert (asked.state, asked.handled_by, asked.reason) == (ErasureState.DONE, lead, "")
        (last,) = Notice.objects.filter(to=ADDRESS)
        assert (last.user, last.is_urgent) == (None, True)
        assert "rolle og et nummer" in last.body

    def test_no_trace_of_name_or_address_is_left_in_any_table(self, person, lead):
        services.carry_out(services.ask_for_erasure(by=person), by=lead)
        Notice.objects.filter(to=ADDRESS, user=None).delete()  # the last mail, which goes after 30 days
        Notice.objects.filter(user=lead).delete()  # mail to others, which goes after a year
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~ %s', [f"Rollen|{ADDRESS}|55 55 55"])  # noqa: S608
                assert (table, cursor.fetchone()[0]) == (table, 0)

    def test_the_log_holds(self, person, lead):
        services.carry_out(services.ask_for_erasure(by=person), by=lead)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert list(chain.faults()) == []

    def test_a_role_in_force_or_to_come_must_end_first(self, client, person, lead):
        for start in (today(), today() + timedelta(days=30)):
            Appointment.objects.filter(user=person, role=Role.OBSERVER).delete()
            appoint(Role.OBSERVER, user=person, start=start)
            asked = services.ask_for_erasure(by=person)
            with pytest.raises(ValidationError, match="Innsyn"):
                services.carry_out(asked, by=lead)
        client.force_login(lead)
        page = client.get(asked.get_absolute_url()).text
        assert "Slett for godt" not in page
        client.post(f"{asked.get_absolute_url()}slett/")
        assert User.objects.get(pk=person.pk).is_active

    def test_nobody_answers_one_s_own_and_only_leads_do(self, person):
        own = make_lead()
        asked = services.ask_for_erasure(by=own)
        for user in (own, make_staff(), person):
            with pytest.raises(PermissionDenied):
                services.carry_out(asked, by=user)
            with pytest.raises(PermissionDenied):
                services.refuse(asked, answer="Nei", by=user)

    def test_it_is_done_once(self, person, lead):
        asked = services.ask_for_erasure(by=person)
        services.carry_out(asked, by=lead)
        with pytest.raises(StepNotAllowed):
            services.carry_out(asked, by=lead)

    def test_the_erased_is_in_no_list(self, client, person, lead):
        services.carry_out(services.ask_for_erasure(by=person), by=lead)
        client.force_login(lead)
        assert "FoU-kontakt nr." not in client.get("/konto/personer/").text
        assert client.get(f"/konto/personer/{person.pk}/").status_code == 404
        assert "FoU-kontakt nr." in client.get("/konto/slettinger/").text


class TestRefusing:
    def test_the_person_gets_the_reason_by_mail(self, client, person, lead):
        asked = services.ask_for_erasure(by=person)
        client.force_login(lead)
        address = asked.get_absolute_url()
        assert client.post(f"{address}avvis/", {"answer": ""}).status_code == 422
        client.post(f"{address}avvis/", {"answer": "En klage er <ikke> avgjort"})
        notice = Notice.objects.get(user=person, subject__startswith="Svar")
        assert "En klage er <ikke> avgjort" in notice.body
        assert "Datatilsynet" in notice.body
        assert "En klage er" in client.get(address).text
        signed_in(client, person)
        assert "En klage er &lt;ikke&gt; avgjort" in client.get(PAGE).text
        assert client.get(f"{PAGE}sletting/").status_code == 200

    def test_a_refused_wish_can_be_had_again(self, person, lead):
        services.refuse(services.ask_for_erasure(by=person), answer="Nei", by=lead)
        assert services.ask_for_erasure(by=person).state == ErasureState.ASKED


def test_a_done_job_gives_a_new_file_when_asked_again(person):
    first = services.ask_for_download(by=person)
    run(first.pk)
    assert Job.objects.get(pk=first.pk).state == JobState.DONE
    assert services.ask_for_download(by=person) != first


def test_after_a_restored_backup_they_are_erased_again(person, lead):
    out = StringIO()
    call_command("erase_again", person.pk, stdout=out)
    person.refresh_from_db()
    assert person.erased_at
    call_command("erase_again", stdout=out)
    assert out.getvalue().split()[-1] == str(person.pk)
    with pytest.raises(CommandError, match="has a role"):
        call_command("erase_again", lead.pk)
