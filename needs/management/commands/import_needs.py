"""Imports a file of needs, whole or not at all; the same checks and words as on the page."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ksf.accounts.models import User
from needs.services import importing
from needs.services.tables import UnreadableFile


class Command(BaseCommand):
    help = "Import needs from a .csv or .xlsx file: " + ", ".join(importing.COLUMNS) + "."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            with file.open("rb") as content:
                sheet = importing.check(importing.read(content, file.name))
            for wrong in sheet.all_errors:
                self.stderr.write(f"{file.name} {wrong.cell}: {wrong.text}")
            if sheet.all_errors:
                raise CommandError(f"Nothing imported: {len(sheet.all_errors)} errors.")
            count = importing.take_in(sheet.lines, by=User.objects.system())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}") from error
        self.stdout.write(f"{count} needs imported")
