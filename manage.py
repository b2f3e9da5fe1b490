#!/usr/bin/env python
"""Django's command line for the portal."""

import importlib
import os
import sys

from django.core.management import execute_from_command_line

from ksf import embedded

#: Commands that compute from their input alone. They wait for no services and load neither settings nor apps.
PURE = {"allocate": "grants.management.commands.allocate"}


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in PURE:
        importlib.import_module(PURE[sys.argv[1]]).Command().run_from_argv(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksf.settings")
    try:
        embedded.ensure()
    except embedded.EmbeddedError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
