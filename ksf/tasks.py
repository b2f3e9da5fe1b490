"""What goes by the clock: management commands, which call services and can also be run by hand."""

from celery import shared_task
from django.conf import settings
from django.core.management import call_command


@shared_task
def run_command(name: str) -> None:
    """Run one of the commands named in the schedule. Raises ValueError for any other."""
    if name not in settings.COMMANDS_BY_THE_CLOCK:
        raise ValueError(f"{name} is not run by the clock.")
    call_command(name)
