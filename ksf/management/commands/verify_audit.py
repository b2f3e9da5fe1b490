from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ksf.audit import chain


class Command(BaseCommand):
    help = "Goes through the log's chain of hashes and reports every entry that is not as it was written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--noted", default="", help="a head noted earlier, position:hash, that must still be there")
        parser.add_argument("--strict", action="store_true", help="fail too when our own role could change the log")

    def handle(self, *_args: Any, **options: Any) -> None:
        wrong = [f"Entry {fault.entry}: {fault.what}." for fault in chain.faults()]
        wrong += [f"The trigger {name} is disabled." for name in chain.triggers_asleep()]
        if options["noted"] and not chain.holds(options["noted"]):
            wrong.append("The head that was noted is no longer in the chain.")
        weak = [f"The role of this connection could change {name}." for name in chain.tables_the_role_may_change()]
        if options["strict"]:
            wrong += weak
        else:
            for line in weak:
                self.stderr.write(line)
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write(f"The log is as it was written. Head: {chain.head() or 'none, the log is empty'}")
