from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ksf import retention


class Command(BaseCommand):
    help = "Takes away what is about people and has been kept long enough. The privacy page has the same rules."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and take nothing away")

    def handle(self, *_args: Any, **options: Any) -> None:
        counts = retention.carry_out(dry_run=options["dry_run"])
        for one in retention.rules():
            if one.old is not None:
                count = counts.get(one.code, "failed, see the log")
                self.stdout.write(f"{one.code} (after {one.days} days): {count}")
