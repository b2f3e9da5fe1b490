"""`manage.py allocate INPUT.json` (or `-`): the allocation of a call as JSON, without the database."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grants.allocation import InputError, parse_text, solve

_WRONG_INPUT = 2


class Command(BaseCommand):
    help = "Print the optimal allocation of a seed-grant call as JSON. Wrong input exits 2, naming every place."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", metavar="INPUT.json", help="the call as JSON, or - for standard input")

    def handle(self, *_args: str, **options: Any) -> None:
        try:
            problem = parse_text(_content(options["input"]))
        except InputError as error:
            raise CommandError(str(error), returncode=_WRONG_INPUT) from error
        self.stdout.write(json.dumps(solve(problem).as_json(), indent=2))


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError([("input", f"{name}: {reason}")]) from error
