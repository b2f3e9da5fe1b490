from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from ksf.accounts.models import User
from reporting.national import build
from reporting.national.compute import national


class Command(BaseCommand):
    help = "Computes the national report on a year, keeps it in the portal, and writes its PDF to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE.pdf")

    def handle(self, *_args: Any, year: int, output: Path, **_options: Any) -> None:
        with translation.override("nb"):
            data = national(year)
            draft = build.paint(data)
            report = build.keep(year, data, draft, by=User.objects.system())
        output.write_bytes(draft)
        self.stdout.write(f"{output}: {len(draft)} bytes, sha256 of the figures {report.sha256}")
