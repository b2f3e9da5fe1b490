"""What is kept about people is taken away when its time is up, and the privacy page says what is done (X7)."""

import os
from datetime import timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation

from ksf import audit, backups, personal, retention
from ksf.accounts.models import Invitation, User
from ksf.accounts.roles import Role
from ksf.audit import chain
from ksf.audit.models import AuditEntry, AuditPersonal
from ksf.documents.models import Rendering
from ksf.jobs.models import Job, JobState
from ksf.notifications.models import Notice
from ksf.people import security
from ksf.privacy.models import PersonalDownload
from ksf.writing.models import EarlierText
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from tests.ksf.factories import appoint, make_user
from tests.needs.factories import make_need

pytestmark = pytest.mark.django_db
ELSEWHERE = {"backups", "unsent_forms", "sent_forms"}  # tried with the rest of their part


def ago(days):
    return timezone.now() - timedelta(days=days)


def older(model, field, days, *rows):
    model.objects.filter(pk__in=[row.pk for row in rows]).update(**{field: ago(days)})


def make_sessions():
    old, new = (Session(session_key=key, session_data="", expire_date=timezone.now()) for key in ("old", "new"))
    old.expire_date -= timedelta(seconds=1)
    new.expire_date += timedelta(days=1)
    Session.objects.bulk_create([old, new])
    return old, new


def make_devices():
    _old, new = make_sessions()
    user = make_user()
    gone, alive = (UserSession.objects.create(user=user, ip="192.0.2.1", session_key=key) for key in ("x", new.pk))
    return gone, alive


def make_failures():
    return _noted(security.FAILURE, 90)


def make_sign_ins():
    return _noted("security.sign_in", 365)


def _noted(verb, days):
    user, found = make_user(), []
    for age in (days + 1, days - 1):
        entry = audit.record_personal(verb, user, {"ip": "192.0.2.1"}, by=user)
        found.append(AuditPersonal(pk=_backdated(entry, age)))
    return found


def _backdated(entry, days):
    """The entry, written as it would have been then; the log lets nobody change one."""
    kept = AuditPersonal.objects.get(pk=entry.pk)
    old = AuditEntry.objects.create(
        at=ago(days), actor=entry.actor, verb=entry.verb, subject_type="x", subject_id="1", data=entry.data
    )
    AuditPersonal.objects.create(entry=old, data=kept.data, salt=kept.salt)
    kept.delete()
    return old.pk


def make_notices():
    user = make_user()
    old, new = (Notice.objects.create(user=user, to=user.email, subject="x", body="y", language="nb") for _ in "12")
    older(Notice, "created_at", 366, old)
    older(Notice, "created_at", 364, new)
    return old, new


def make_mail_to_others():
    old, new = (Notice.objects.create(to="a@b.example", subject="x", body="y", language="nb") for _ in "12")
    older(Notice, "created_at", 31, old)
    older(Notice, "created_at", 29, new)
    return old, new


def make_invitations():
    user = make_user()
    return [
        Invitation.objects.create(
            email="a@b.example", role=Role.OBSERVER, starts_on=ago(days), invited_by=user, expires_at=ago(days)
        )
        for days in (91, 89)
    ]


def make_jobs():
    user = make_user()
    made = {"kind": "x", "requested_by": user}
    old, new = (Job.objects.create(**made, state=JobState.DONE, finished_at=ago(days)) for days in (366, 364))
    Job.objects.create(**made)  # waits still
    Job.objects.create(**made, state=JobState.DONE, finished_at=ago(366), key="once")  # keeps it from being done again
    return old, new


def make_renderings():
    old, new = (Rendering.objects.create(version=digit * 64, content=b"%PDF-") for digit in "12")
    older(Rendering, "made_at", 31, old)
    return old, new


def make_copies():
    return [PersonalDownload.objects.create(user=make_user(), content=b"", made_at=ago(days)) for days in (8, 6)]


def make_earlier_texts():
    gone = {"subject_type": "needs.knowledgeneed", "subject_id": 0, "subject_table": "needs_knowledgeneed"}
    gone |= {"field": "description", "text": "Slik det var", "replaced_by": make_user()}
    return [EarlierText.objects.create(**gone, replaced_at=ago(days)) for days in (8, 6)]


def make_drafts():
    old, new, returned = (make_need(state=NeedState.DRAFT) for _ in "123")
    older(KnowledgeNeed, "changed_at", 731, old, returned)
    older(KnowledgeNeed, "changed_at", 729, new)
    KnowledgeNeed.objects.filter(pk=returned.pk).update(submitted_at=ago(731), number="2024-0001")
    return old, new


CASES = {
    "sessions": make_sessions,
    "devices": make_devices,
    "failed_sign_ins": make_failures,
    "security_log": make_sign_ins,
    "notices": make_notices,
    "mail_to_others": make_mail_to_others,
    "invitations": make_invitations,
    "jobs": make_jobs,
    "renderings": make_renderings,
    "copies": make_copies,
    "need_drafts": make_drafts,
    "earlier_of_nothing": make_earlier_texts,
}


@pytest.mark.parametrize(("code", "make"), CASES.items(), ids=CASES)
def test_what_is_old_goes_and_what_is_not_stays(code, make):
    old, new = make()
    counted = retention.carry_out(dry_run=True)
    assert counted[code] == 1
    assert type(old).objects.filter(pk=old.pk).exists()
    assert retention.carry_out()[code] == 1
    assert not type(old).objects.filter(pk=old.pk).exists()
    assert type(new).objects.filter(pk=new.pk).exists()
    assert retention.carry_out()[code] == 0
    assert AuditEntry.objects.filter(verb="retention.carried_out").get().data["counts"][code] == 1
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the chain is made when a transaction ends
    assert list(chain.faults()) == []


def test_files_that_belong_to_nothing_go(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("reporting/2025/vest/accounts.pdf", ContentFile(b"%PDF-"))
    assert retention.carry_out()["files"] == 0
    os.utime(tmp_path / name, times=(0, ago(8).timestamp()))
    assert retention.carry_out()["files"] == 1
    assert not default_storage.exists(name)


def test_an_account_goes_two_years_after_its_last_role():
    long_gone = appoint(Role.OBSERVER, end=ago(731).date())
    lately_gone = appoint(Role.OBSERVER, end=ago(729).date())
    holds = appoint(Role.OBSERVER)
    new = make_user()
    User.objects.exclude(pk=new.pk).update(created_at=ago(1000))
    assert retention.carry_out()["former_accounts"] == 1
    assert set(User.objects.filter(erased_at=None, is_active=True)) >= {lately_gone, holds, new}
    long_gone.refresh_from_db()
    assert (long_gone.name, long_gone.is_active) == (f"Innsyn nr. {long_gone.pk}", False)
    assert retention.carry_out()["former_accounts"] == 0


def test_each_rule_is_tried_here():
    tried = {*CASES, *ELSEWHERE, "files", "former_accounts"}
    assert {one.code for one in retention.rules()} == tried
    assert retention.days("backups") == backups.KEPT.days


def test_one_rule_that_fails_keeps_no_other_from_its_work(monkeypatch, caplog):
    def fail(_before):
        raise OSError("the disk")

    monkeypatch.setitem(retention._rules, "files", retention.RetentionRule("files", "", 7, retention.Ground.TASK, fail))
    make_copies()
    counts = retention.carry_out()
    assert "files" not in counts
    assert counts["copies"] == 1
    assert "the disk" in caplog.text


def test_the_command_counts_and_says_so():
    make_copies()
    for options, left in (({"dry_run": True}, 2), ({}, 1)):
        out = StringIO()
        call_command("retention", stdout=out, **options)
        assert "copies (after 7 days): 1" in out.getvalue()
        assert PersonalDownload.objects.count() == left


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_privacy_page_lists_every_rule_and_every_kind(client, language):
    client.cookies.load({"django_language": language})
    page = " ".join(client.get("/personvern/").text.split())
    with translation.override(language):
        for one in retention.rules():
            for text in (one.what, one.period, one.ground.value):
                assert str(text) in page
        for kind in personal.kinds():
            assert str(kind.title) in page
            assert str(kind.fate.value) in page


class TestPromises:
    """Each sentence of the page that says what the portal does, by what does it."""

    def test_pages_open_to_all_set_no_cookie(self, client):
        assert not client.get("/personvern/").cookies

    def test_no_national_identity_number_is_stored(self):
        columns = {field.name for model in personal.kinds() for t in model.tables for field in t.model._meta.fields}
        assert not {name for name in columns if "fodsel" in name or "identity" in name or "ssn" in name}

    def test_access_ends_the_day_the_last_role_does(self):
        user = appoint(Role.OBSERVER, end=timezone.localdate())
        assert user.appointments_in_force == []
