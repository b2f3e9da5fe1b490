from typing import Any

from django.core.management import BaseCommand

from needs.rounds.services.closing import close_due_rounds


class Command(BaseCommand):
    help = "Close the priority rounds whose time is out, as the clock does every minute."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Closed {close_due_rounds()} rounds.")
