"""Imports a file of needs, whole or not at all; the same checks and words as on the page."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ksf.accounts.models import User
from ksf.spreadsheets import UnreadableFile
from needs.services import importing
from needs.services.tables import SpreadsheetTable


class Command(BaseCommand):
    help = "Import needs from a .csv, .xlsx, .ods or .xls file: " + ", ".join(importing.COLUMNS) + "."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="The list whose ids these are; without it, the network's own.")

    def handle(self, *_args: Any, file: Path, source: str, **_options: Any) -> None:
        try:
            with file.open("rb") as content:
                table = importing.read(content)
            sheet = importing.check(table, source=source)
            self._report(file.name, table)
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

    def _report(self, name: str, table: SpreadsheetTable) -> None:
        """What was not read, for whoever runs the command to see."""
        passed = table.passed_over
        for sheet, rows in passed.sheets:
            self.stderr.write(f"{name}: the sheet {sheet!r} is not read ({rows} rows)")
        if passed.hidden_rows:
            self.stderr.write(f"{name}: hidden rows are not read: {passed.hidden_row_names}")
        if passed.hidden_columns:
            self.stderr.write(f"{name}: hidden columns are not read: {', '.join(passed.hidden_columns)}")
        if table.kind != "csv":
            for cell, text in passed.outside[:20]:
                self.stderr.write(f"{name} {cell}: not read, without a heading above: {text[:60]}")
