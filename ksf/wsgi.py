"""What gunicorn serves."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksf.settings")
portal = get_wsgi_application()

ROOM = 17_000
"""Values on Python's stack: CPython rounds up to 256 kB, of which half is left for those called from here."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:  # Any: as WSGI has it
    """Answer with room on Python's stack for the whole page.

    CPython gives a thread's frames 16 kB at a time, and gives them back at once. A page's templates nest just as deep,
    so without room each call at the boundary asks the system for memory: 2 000 times a page, a third of its CPU
    (``benchmarks/README.md``).
    """
    return portal(environ, start_response)


application.__code__ = application.__code__.replace(co_stacksize=ROOM)
