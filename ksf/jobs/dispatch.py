"""Handing a job to the broker. A job the broker loses is handed over again by the sweeper."""

from celery import current_app

from ksf.jobs.registry import handler_of


def send(job_id: int, kind: str) -> None:
    """Put the job on its queue now; an unreachable broker raises and the sweeper tries again."""
    current_app.send_task("ksf.jobs.tasks.run", args=[job_id], queue=handler_of(kind).queue, retry=False)
