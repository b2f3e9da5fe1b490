"""Handing a job to the broker. A job the broker loses is handed over again by the sweeper."""

from ksf import broker
from ksf.jobs.registry import handler_of

RUN = "ksf.jobs.tasks.run"


def send(job_id: int, kind: str) -> None:
    """Put the job on its queue now. Raises BrokerSilent; the sweeper tries again."""
    broker.send(RUN, job_id, queue=handler_of(kind).queue)
