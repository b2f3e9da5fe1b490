"""The command ``messages``. It reads sources and catalogues alone, so ``manage.py`` runs it without settings."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from local import catalogues

ROOT = Path(__file__).resolve().parent.parent


class Command(BaseCommand):
    help = "Brings the translation catalogues up to date with the sources and compiles them, without system gettext."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if anything is missing or wrong")
        parser.add_argument("--compile", action="store_true", help="only compile what is newer than its .mo file")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._check(ROOT)
            else:
                self._update(ROOT, extract=not options["compile"])
        except (catalogues.SourceError, SyntaxError, OSError) as error:
            raise CommandError(str(error)) from error

    def _check(self, root: Path) -> None:
        faults = list(catalogues.faults(root))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the catalogues. Run manage.py messages and translate.")
        self.stdout.write("The catalogues are complete.")

    def _update(self, root: Path, *, extract: bool) -> None:
        changed = catalogues.update(root) if extract else []
        for path in changed:
            self.stdout.write(f"updated {path.relative_to(root)}")
        catalogues.compile_all(root)
        left = [fault for fault in catalogues.faults(root) if ": not translated: " in fault] if extract else []
        for fault in left:
            self.stdout.write(fault)
