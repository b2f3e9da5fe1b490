from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ksf.audit import chain, verifying


class Command(BaseCommand):
    help = "Goes through the log and the history of rows, and reports all that was changed past the portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--noted", default="", help="a head noted earlier, position:hash, that must still be there")
        parser.add_argument("--strict", action="store_true", help="fail too when our own role could change the log")
        parser.add_argument("--explain", default="", metavar="TRANSACTION", help="note why rows were changed by hand")
        parser.add_argument("--reason", default="", help="the reason, with --explain")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["explain"]:
            self._explain(options["explain"], options["reason"])
        wrong = list(verifying.faults(noted=options["noted"]))
        weak = [f"The role of this connection could change {name}." for name in chain.tables_the_role_may_change()]
        if options["strict"]:
            wrong += weak
        else:
            for line in weak:
                self.stderr.write(line)
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write(f"The log is as it was written. Head: {chain.head() or 'none, the log is empty'}")

    def _explain(self, transaction: str, reason: str) -> None:
        if not reason:
            raise CommandError("Say why, with --reason.")
        try:
            verifying.explain(transaction, reason)
        except LookupError as error:
            raise CommandError(f"The history has no transaction {transaction}.") from error
