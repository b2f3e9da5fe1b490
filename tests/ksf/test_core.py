"""The ground: appointments, the log, jobs, texts with versions, periods, sort order."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from ksf import audit, jobs, waiting
from ksf.accounts.models import Appointment, Visitor
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from ksf.jobs import tasks
from ksf.jobs.models import Job, JobState
from ksf.notifications import notify
from ksf.notifications.tasks import deliver
from ksf.periods import period, today
from ksf.sorting import sort_key
from regions.models import Region
from tests.ksf.factories import appoint, make_user
from tests.ksf.helpers import delete_rows
from tests.regions.factories import make_municipality, make_region

pytestmark = pytest.mark.django_db
DONE = []
WAITS = waiting.WaitingItem("Årsrapporten", "/min-side/", "Skriv ferdig")


@jobs.handler("tests.count")
def count(job, progress):
    progress(50, "Counting")

    def effect():
        DONE.append(job.pk)
        return {"counted": job.params["until"]}

    return effect


@jobs.handler("tests.break")
def break_down(job, progress):
    raise ValueError("no such year")


class TestAppointments:
    def test_only_those_in_force_today_count(self):
        region, other = make_region(), make_region()
        user = appoint(Role.REGIONAL_COORDINATOR, region)
        user = appoint(Role.REGIONAL_COORDINATOR, other, user=user, end=today())
        assert user.region_ids() == {region.pk}
        assert user.has_role(Role.REGIONAL_COORDINATOR)
        assert not user.has_role(Role.HOST_LEAD)

    def test_the_last_day_still_counts(self):
        user = appoint(Role.NATIONAL_STAFF, end=today() + timedelta(days=1))
        assert user.is_national

    def test_cost_one_query(self, django_assert_num_queries):
        user = appoint(Role.RD_CONTACT, make_municipality())
        with django_assert_num_queries(1):
            assert user.municipality_ids() and not user.cluster_ids() and str(user.active_role)

    def test_the_database_refuses_a_scope_that_does_not_fit(self):
        with pytest.raises(IntegrityError):
            Appointment.objects.create(
                user=make_user(), role=Role.NATIONAL_LEAD, region=make_region(), period=period(date(2026, 1, 1))
            )

    def test_somebody_not_signed_in_holds_nothing(self):
        assert not Visitor().has_role(*Role)
        assert Visitor().region_ids() == frozenset()

    def test_an_inactive_person_holds_nothing(self):
        user = appoint(Role.NATIONAL_LEAD)
        user.is_active = False
        assert not user.is_national


class TestAudit:
    def test_entry_says_who_and_as_what(self):
        region = make_region()
        user = appoint(Role.REGIONAL_COORDINATOR, region)
        audit.record("region.renamed", region, by=user, name=["A", "B"])
        entry = audit.history(region).get()
        assert (entry.actor, entry.verb, entry.data) == (user, "region.renamed", {"name": ["A", "B"]})
        assert str(region) in entry.acting_as

    @pytest.mark.parametrize("write", ["update", "delete"])
    def test_the_database_refuses_to_change_it(self, write):
        audit.record("x", make_region(), by=make_user())
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.update(verb="y") if write == "update" else delete_rows(AuditEntry)
        assert AuditEntry.objects.get().verb == "x"

    def test_what_is_among_the_newest_is_what_the_history_has(self, monkeypatch):
        user, (seen, more, other) = make_user(), (make_region() for _number in range(3))
        ids = Region.objects.filter(pk__in=[seen.pk, more.pk]).values("pk")
        for place in (seen, other, more, seen):
            audit.record("region.rename", place, by=user)
            audit.record("user.change", user, by=user)
        history = list(audit.history_of(Region, ids))
        assert [entry.subject_id for entry in history] == [str(place.pk) for place in (seen, more, seen)]
        assert list(audit.newest_of(Region, ids)) == history
        monkeypatch.setattr("ksf.audit.recording.NEWEST", 3)
        assert list(audit.newest_of(Region, ids)) == history[:2]


class TestJobs:
    def test_takes_effect_once_however_often_it_is_run(self):
        DONE.clear()
        job = jobs.request("tests.count", by=make_user(), until=3)
        tasks.run(job.pk)
        tasks.run(job.pk)
        job.refresh_from_db()
        assert (job.state, job.progress, job.result, DONE) == (JobState.DONE, 100, {"counted": 3}, [job.pk])

    def test_a_failure_is_reported(self, caplog):
        job = jobs.request("tests.break", by=make_user())
        tasks.run(job.pk)
        job.refresh_from_db()
        assert job.state == JobState.FAILED
        assert "no such year" in job.message

    def test_same_key_gives_the_same_job_until_it_failed(self):
        first = jobs.request("tests.count", by=make_user(), key="2026", until=1)
        assert jobs.request("tests.count", by=make_user(), key="2026", until=1) == first
        Job.objects.update(state=JobState.FAILED, finished_at=timezone.now())
        assert jobs.request("tests.count", by=make_user(), key="2026", until=1) != first

    def test_gives_up_after_some_attempts(self):
        job = jobs.request("tests.count", by=make_user(), until=1)
        Job.objects.update(attempts=tasks.MOST_ATTEMPTS)
        tasks.run(job.pk)
        job.refresh_from_db()
        assert job.state == JobState.FAILED

    def test_the_page_is_for_the_one_who_asked(self, client):
        user = make_user()
        job = jobs.request("tests.count", by=user, title="Telle", until=1)
        client.force_login(user)
        assert "Telle" in client.get(job.get_absolute_url()).text
        client.force_login(make_user())
        assert client.get(job.get_absolute_url()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_job_held_by_a_live_worker_is_left_alone():
    DONE.clear()
    job = jobs.request("tests.count", by=make_user(), until=1)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [tasks.LOCK_SPACE, job.pk])
            tasks.run(job.pk)
            assert DONE == []
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [tasks.LOCK_SPACE, job.pk])
        tasks.run(job.pk)
        assert [job.pk] == DONE
    finally:
        other.close()


class TestNotices:
    def test_urgent_leaves_once_as_mail(self, mailoutbox):
        notice = notify(make_user("k@ksf.example"), "ksf/digest", {"items": [WAITS], "site": "http://testserver"})
        deliver(notice.pk)
        deliver(notice.pk)
        assert [mail.to for mail in mailoutbox] == [["k@ksf.example"]]
        assert "http://testserver/min-side/" in mailoutbox[0].body
        assert mailoutbox[0].subject

    def test_who_wants_no_mail_gets_it_in_the_summary(self, mailoutbox):
        notice = notify(make_user(wants_urgent_mail=False), "ksf/digest", {"items": [WAITS]})
        deliver(notice.pk)
        assert mailoutbox == []

    def test_without_a_user_it_needs_an_address(self):
        with pytest.raises(ValueError, match="address"):
            notify(None, "ksf/digest", {"items": [WAITS]})
        assert notify(None, "ksf/digest", {"items": [WAITS]}, to="k@ksf.example").to == "k@ksf.example"


def test_norwegian_order():
    assert sorted(["Ås", "Øye", "Ærø", "Vik", "Kárášjohka", "Kautokeino"], key=sort_key) == [
        "Kárášjohka",
        "Kautokeino",
        "Vik",
        "Ærø",
        "Øye",
        "Ås",
    ]


def test_periods_are_half_open():
    municipality = make_municipality(period=period(date(2020, 1, 1), date(2024, 1, 1)))
    assert municipality.is_in_force_on(date(2023, 12, 31))
    assert not municipality.is_in_force_on(date(2024, 1, 1))
    assert type(municipality).objects.on(date(2024, 1, 1)).count() == 0
