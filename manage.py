#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from django.core.management import execute_from_command_line

from ksf import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksf.settings")
    try:
        embedded.ensure()
    except embedded.EmbeddedError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
