#!/usr/bin/env python
"""Django's command line for the portal."""

import importlib
import os
import sys

from django.core.management import execute_from_command_line

#: Commands that compute from their input alone. They wait for no services and load neither settings nor apps.
PURE = {"allocate": "grants.management.commands.allocate", "messages": "local.messages"}


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in PURE:
        importlib.import_module(PURE[sys.argv[1]]).Command().run_from_argv(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksf.settings")
    if os.environ.get("KSF_DEMO") == "1" or not all(map(_is_given, ("DATABASE_URL", "REDIS_URL"))):
        _start_services()
    execute_from_command_line(sys.argv)


def _is_given(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _start_services() -> None:
    """Start a database and a broker for this machine alone. Production gives their addresses and never comes here."""
    from local import embedded  # noqa: PLC0415  production loads nothing of `local`

    try:
        embedded.ensure()
    except embedded.EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
