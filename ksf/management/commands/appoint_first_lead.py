from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from ksf.people import services


class Command(BaseCommand):
    help = "Open a new portal to its first national lead, who signs in with a code by e-mail and invites the others."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, email: str, **options: Any) -> None:
        try:
            validate_email(email)
            user = services.appoint_first_lead(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} is national lead. Sign in with a code sent to that address.")
