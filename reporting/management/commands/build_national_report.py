from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from ksf.accounts.models import User
from reporting.national import build, document
from reporting.national.compute import national_data
from reporting.rules import years


class Command(BaseCommand):
    help = "Computes the national report on a year, keeps it in the portal, and writes its PDF to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.pdf")

    def handle(self, *_args: Any, year: int, output: Path, **_options: Any) -> None:
        if year not in years.reported():
            raise CommandError(f"There is no report on {year}. Choose a year from {years.FIRST_YEAR} to this one.")
        try:
            output.open("ab").close()  # before half a minute of computing
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        with translation.override("nb"):
            data = national_data(year)
            draft = document.render_pdf(data)
            report = build.store(data, draft, by=User.objects.system())
        output.write_bytes(draft)
        self.stdout.write(f"{output}: {len(draft)} bytes, sha256 of the figures {report.sha256}")
