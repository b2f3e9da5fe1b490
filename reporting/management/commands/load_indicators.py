from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting.services import definitions


class Command(BaseCommand):
    help = "Loads goals, indicators and targets from reporting/data. May be run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            counts = definitions.load()
        except definitions.DefinitionInUse as error:
            raise CommandError(str(error)) from error
        self.stdout.write("{goals} goals, {indicators} indicators, {targets} targets".format(**counts))
