"""`manage.py allocate INPUT.json` (or `-`): the allocation of a call as JSON, without the database."""

import ctypes
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from grants.allocation import InputError, parse_text, solve

_WRONG_INPUT = 2
_STDOUT, _STDERR = 1, 2


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
        with _nothing_else_printed():
            result = solve(problem)
        self.stdout.write(json.dumps(result.as_json(), indent=2))


@contextmanager
def _nothing_else_printed() -> Iterator[None]:
    """Sends what HiGHS now and then prints from C to standard error, so that standard output is JSON only."""
    sys.stdout.flush()
    kept = os.dup(_STDOUT)
    os.dup2(_STDERR, _STDOUT)
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, _STDOUT)
        os.close(kept)


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError([("input", f"{name}: {reason}")]) from error
