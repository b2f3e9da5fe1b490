"""A job that waits on its queue or is held by a worker is not sent again; one that was lost is (X8)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from ksf import broker
from ksf.jobs import dispatch, tasks
from ksf.jobs.models import Job, JobState
from ksf.notifications import tasks as mail
from ksf.notifications.models import Notice
from tests.ksf.factories import make_user

KIND = "grants.letters"
QUEUE = "documents"


@pytest.fixture
def queue():
    """Redis with nothing on the queues; ``queue(name)`` says how many messages wait there."""
    names = [QUEUE, settings.CELERY_TASK_DEFAULT_QUEUE]
    with broker.client() as client:
        client.delete(*names)
        yield client.llen
        client.delete(*names)


def quiet_job(**fields):
    job = Job.objects.create(kind=KIND, requested_by=make_user(), **fields)
    Job.objects.filter(pk=job.pk).update(touched_at=timezone.now() - timedelta(minutes=5))
    return job


@pytest.mark.django_db
def test_a_job_on_the_queue_is_not_sent_again(queue):
    for job in (quiet_job(), quiet_job()):
        dispatch.send(job.pk, job.kind)
    for _sweep in range(3):
        tasks.sweep()
    assert queue(QUEUE) == 2


@pytest.mark.django_db
def test_a_job_the_broker_lost_is_sent_once(queue):
    quiet_job()
    for _sweep in range(3):
        tasks.sweep()
    assert queue(QUEUE) == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_a_worker_holds_is_left_alone_until_the_worker_is_killed(queue):
    job = quiet_job(state=JobState.RUNNING)
    worker = connections.create_connection("default")
    worker.cursor().execute("SELECT pg_advisory_lock(%s, %s)", [tasks.LOCK_SPACE, job.pk])
    tasks.sweep()
    assert queue(QUEUE) == 0
    worker.close()
    with connection.cursor() as cursor:  # until PostgreSQL has seen that the worker is gone
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [tasks.LOCK_SPACE, job.pk])
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [tasks.LOCK_SPACE, job.pk])
    tasks.sweep()
    assert queue(QUEUE) == 1


@pytest.mark.django_db
def test_mail_on_the_queue_is_not_sent_again(queue):
    user = make_user()
    notice = Notice.objects.create(user=user, to=user.email, subject="Svar", is_urgent=True)
    Notice.objects.filter(pk=notice.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    for _sweep in range(3):
        mail.sweep()
    assert queue(settings.CELERY_TASK_DEFAULT_QUEUE) == 1


def test_what_goes_by_the_clock_does_not_pile_up():
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        if isinstance(entry["schedule"], float):
            assert entry["options"]["expires"] == entry["schedule"], name
