"""Running jobs, each by one live worker at a time.

A session-level advisory lock per job says whether a live worker has it: a killed worker's connection is gone, and its
lock with it. The effect and the job's end share a transaction.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from celery import shared_task
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ksf import audit, broker
from ksf.jobs import dispatch
from ksf.jobs.models import Job, JobState
from ksf.jobs.registry import handler_of

logger = logging.getLogger(__name__)

LOCK_SPACE = 0x4B53  # keeps our advisory locks apart from anybody else's
MOST_ATTEMPTS = 5
LOST_AFTER = timedelta(seconds=20)


@shared_task
def run(job_id: int) -> None:
    """Do the job, unless it is finished or a live worker has it."""
    with _held(job_id) as is_ours:
        if not is_ours:
            return
        job = Job.objects.select_related("requested_by").get(pk=job_id)
        if job.is_finished:
            return
        if job.attempts >= MOST_ATTEMPTS:
            _fail(job, _("Tried %(count)d times without getting through.") % {"count": job.attempts})
            return
        with translation.override(job.requested_by.language or "nb"):
            _do(job)


def _do(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, attempts=job.attempts + 1, progress=0, message="", touched_at=timezone.now()
    )
    try:
        effect = handler_of(job.kind).work(job, lambda percent, text: _report(job, percent, text))
        with transaction.atomic():
            locked = Job.objects.select_for_update().get(pk=job.pk)
            if locked.is_finished:
                return
            locked.result = effect() or {}
            locked.state, locked.progress, locked.message = JobState.DONE, 100, ""
            locked.finished_at = timezone.now()
            locked.save()
            audit.record("job.done", locked, by=job.requested_by, kind=job.kind)
    except (OperationalError, InterfaceError):
        logger.warning("job %s lost the database; the sweeper starts it again", job.pk)
        raise
    except Exception as error:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _fail(job, f"{type(error).__name__}: {error}"[:300])


def _report(job: Job, percent: int, text: str | Promise) -> None:
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
        progress=max(0, min(int(percent), 99)), message=str(text)[:300], touched_at=timezone.now()
    )


def _fail(job: Job, reason: str) -> None:
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        locked.state, locked.message, locked.finished_at = JobState.FAILED, reason, timezone.now()
        locked.save()
        audit.record("job.failed", locked, by=job.requested_by, kind=job.kind, reason=reason)


@contextmanager
def _held(job_id: int) -> Iterator[bool]:
    """Hold the job's advisory lock on this connection; yields False when a live worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, job_id])
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, job_id])


@shared_task
def sweep() -> None:
    """Hand over again what the broker or a dead worker lost: what no worker has and no queue holds.

    Raises BrokerSilent. Should a worker take the job meanwhile, the second is refused.
    """
    quiet = Job.objects.unfinished().filter(touched_at__lt=timezone.now() - LOST_AFTER)
    jobs = dict(quiet.order_by("pk").values_list("pk", "kind"))
    if not jobs:
        return
    waiting = broker.waiting_on({handler_of(kind).queue for kind in jobs.values()})
    alive = _held_by_workers()
    for job_id, kind in jobs.items():
        if job_id not in alive and broker.name_of(dispatch.RUN, job_id) not in waiting:
            dispatch.send(job_id, kind)


def _held_by_workers() -> set[int]:
    """The jobs whose advisory locks are held: looked at, not tried, for a try would turn a worker away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND classid = %s AND granted",
            [LOCK_SPACE],
        )
        return {job_id for (job_id,) in cursor.fetchall()}
