"""Remembers that a service gave no answer, so that a page waits for it once and not at every turn (X11)."""

import time
from typing import Final

#: For how long a silent service is not asked again.
SECONDS: Final = 5.0


class Silence:
    """One per service and process. Threads share it: at worst some of them wait at the same time."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        """Whether the service was silent a moment ago."""
        return time.monotonic() < self._until

    def begin(self) -> None:
        """Ask the service nothing for a while."""
        self._until = time.monotonic() + SECONDS

    def end(self) -> None:
        """Ask again at once."""
        self._until = 0.0
