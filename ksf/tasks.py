"""What goes by the clock: management commands, which call services and can also be run by hand."""

from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from ksf import renderings
from ksf.once import services as once
from ksf.writing import services as writing


@shared_task
def run_command(name: str) -> None:
    """Run one of the commands named in the schedule. Raises ValueError for any other."""
    if name not in settings.COMMANDS_BY_THE_CLOCK:
        raise ValueError(f"{name} is not run by the clock.")
    call_command(name)


@shared_task
def delete_old_renderings() -> int:
    """Delete the PDFs that were made long enough ago; how many."""
    return renderings.delete_old()


@shared_task
def delete_old_unsent() -> int:
    """Delete what was written in forms and never sent, when it is long ago; how many."""
    return writing.delete_old_unsent()


@shared_task
def delete_old_sent_forms() -> int:
    """Forget the forms that were sent long enough ago; how many."""
    return once.delete_old()
