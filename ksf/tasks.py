"""What goes by the clock: management commands, which call services and can also be run by hand."""

import logging

from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from ksf.audit import verifying
from ksf.people.services import notify_leads

logger = logging.getLogger(__name__)
SHOWN = 20


@shared_task
def run_command(name: str) -> None:
    """Run one of the commands named in the schedule. Raises ValueError for any other."""
    if name not in settings.COMMANDS_BY_THE_CLOCK:
        raise ValueError(f"{name} is not run by the clock.")
    call_command(name)


@shared_task
def verify_audit() -> int:
    """Look through the log; the national leads get a mail when it is not as it was written. How much is wrong.

    The head of the chain goes to the process's own log, outside the database.
    """
    done = verifying.check()
    logger.warning("the log was looked through: %d faults, head %s", len(done.faults), done.head or "none")
    if done.faults:
        context = {"count": len(done.faults), "faults": done.faults[:SHOWN]}
        notify_leads("accounts/log_changed", context, "security_log")
    return len(done.faults)
