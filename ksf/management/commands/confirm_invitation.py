from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser

from ksf.people import services


class Command(BaseCommand):
    help = "Confirm an invitation to a national role where there is no second national lead to do it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, email: str, **options: Any) -> None:
        try:
            for invitation in services.confirm_as_server(email):
                self.stdout.write(f"The invitation of {invitation.email} as {invitation.role} is sent.")
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
