"""Counts requests for ``/metrics``, in memory that the processes of one web server share.

Each process writes in a slot of its own, so nobody waits for a lock that a killed process may have held.
"""

import mmap
import threading
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

SLOTS: Final = 64
#: Upper limits in seconds of how long an answer took; the last holds the rest.
BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, float("inf"))
#: The first figure of the statuses that are counted.
CLASSES: Final = (2, 3, 4, 5)

_WIDTH = len(CLASSES) + len(BUCKETS) + 1  # and the sum of seconds
_shared = memoryview(mmap.mmap(-1, SLOTS * _WIDTH * 8)).cast("d")  # made before gunicorn forks, so all have the same
_threads = threading.Lock()
_slot = 0


def use_slot(number: int) -> None:
    """Called in a new web process: ``number`` is its place among all that were started."""
    global _slot  # noqa: PLW0603  a process has one
    _slot = number % SLOTS


def note(status: int, seconds: float) -> None:
    """Count one answer."""
    place = _slot * _WIDTH
    bucket = next(number for number, most in enumerate(BUCKETS) if seconds <= most)
    with _threads:
        if status // 100 in CLASSES:
            _shared[place + CLASSES.index(status // 100)] += 1
        _shared[place + len(CLASSES) + bucket] += 1
        _shared[place + _WIDTH - 1] += seconds


def totals() -> tuple[dict[int, int], list[int], float]:
    """Answers by the first figure of their status, answers by bucket (each alone), and their seconds together."""
    sums = [sum(_shared[slot * _WIDTH + column] for slot in range(SLOTS)) for column in range(_WIDTH)]
    counts = [int(value) for value in sums[:-1]]
    return dict(zip(CLASSES, counts, strict=False)), counts[len(CLASSES) :], sums[-1]


class CountingMiddleware:
    """Stands outermost: what is counted is what the visitor waited for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.monotonic()
        response = self.get_response(request)
        note(response.status_code, time.monotonic() - begun)
        return response
