from typing import Any

from django.core.management.base import BaseCommand

from grants.services.call import close_due_calls


class Command(BaseCommand):
    help = "Closes the calls whose deadline is over."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{close_due_calls()} closed")
