from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ksf import backups

OLD = timedelta(hours=26)


class Command(BaseCommand):
    help = "Restores the newest backup into an empty database, compares it with its list and removes it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--identity", default="", help="the file with the key of encrypted backups")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            backup = backups.newest(options["folder"])
            wrong = backups.differences(backup, identity=options["identity"])
        except backups.BackupFailed as error:
            raise CommandError(str(error)) from error
        if backups.taken_at(backup) < timezone.now() - OLD:
            wrong.append("The newest backup is more than a day old.")
        if wrong:
            raise CommandError("\n".join([f"{backup} is not whole:", *wrong]))
        self.stdout.write(f"{backup} can be restored: rows, triggers, sealed documents and the log are the same.")
