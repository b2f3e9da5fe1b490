from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regions import services
from regions.services import register_files


class Command(BaseCommand):
    help = "Loads municipalities, counties, regions, hosts and partners from the register's files; may be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=register_files.FOLDER, help="where the files are")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        try:
            loaded = services.load_register(register_files.read(folder))
        except register_files.RegisterError as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        self.stdout.write(
            f"{loaded.municipalities} municipalities in {loaded.counties} counties and {loaded.regions} regions, "
            f"{loaded.partners} partners."
        )
