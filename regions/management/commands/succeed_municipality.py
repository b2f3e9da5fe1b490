from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ksf.accounts.models import User
from regions import services
from regions.models import Municipality, MunicipalityChange


class Command(BaseCommand):
    help = (
        "Ends a municipality that is merged, split or renumbered and moves what is open to its successors. "
        "The successors must be in the register first: add them to its files and run load_register."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="the municipality that ends")
        parser.add_argument("--to", nargs="+", required=True, help="numbers of what comes after, the heir first")
        parser.add_argument("--on", type=date.fromisoformat, required=True, help="the successors' first day")
        parser.add_argument("--kind", choices=MunicipalityChange.Kind.values, required=True)
        parser.add_argument("--by", required=True, help="e-mail of the one at KSF national who answers for it")

    def handle(self, *_args: Any, number: str, to: list[str], by: str, **options: Any) -> None:
        try:
            old = services.succeed(
                _find(number),
                [_find(successor) for successor in to],
                on=options["on"],
                kind=MunicipalityChange.Kind(options["kind"]),
                by=User.objects.get(email=by.lower()),
            )
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody has the e-mail {by}.") from error
        except PermissionDenied as error:
            raise CommandError(f"{by} may not change the register.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{old.number} {old.name} ended on {old.ends_on}; what was open went to {', '.join(to)}.")


def _find(number: str) -> Municipality:
    found = Municipality.objects.with_place().filter(number=number).order_by("period").last()
    if found is None:
        raise CommandError(f"There is no municipality {number} in the register.")
    return found
