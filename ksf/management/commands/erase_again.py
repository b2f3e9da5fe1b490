from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ksf import audit
from ksf.accounts.models import User
from ksf.privacy.erasing import erase, hindrances


class Command(BaseCommand):
    help = "Erases again those who were erased since a restored backup was taken. Without numbers: lists all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", nargs="*", type=int, help="as listed before the backup was restored")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["numbers"]:
            erased = User.objects.exclude(erased_at=None).order_by("pk").values_list("pk", flat=True)
            self.stdout.write(" ".join(map(str, erased)))
            return
        system = User.objects.system()
        for person in User.objects.select_for_update().filter(pk__in=options["numbers"], erased_at=None).order_by("pk"):
            if hindrances(person):
                raise CommandError(f"No. {person.pk} has a role in what is restored: end it first. Nobody is erased.")
            erase(person)
            audit.record("account.erased", person, by=system)
            self.stdout.write(f"No. {person.pk} is erased again.")
