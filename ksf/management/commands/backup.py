from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ksf import backups


class Command(BaseCommand):
    help = "Writes a backup of database and uploads, and removes those older than 30 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made = backups.make(options["folder"], recipient=settings.BACKUP_RECIPIENT)
        except backups.BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made} is written.")
