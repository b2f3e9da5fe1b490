"""A life cycle as a list of steps: what is done, where it stands, what is left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Choices


@dataclass(frozen=True)
class Stage:
    """One step of a life: its word, whether it is done or present, and when it came."""

    label: str
    is_done: bool
    is_current: bool
    on: date | datetime | None = None


def stages_of(line: Iterable[Choices], current: str, dates: Mapping[str, date | datetime] | None = None) -> list[Stage]:
    """Return the main line of a life with ``current`` marked.

    A state beside the line (returned, closed) leaves done what has a date, and marks nothing.
    """
    states, dates = list(line), dates or {}
    values = [state.value for state in states]
    here = values.index(current) if current in values else None
    return [
        Stage(
            label=str(state.label),
            is_done=place < here if here is not None else state.value in dates,
            is_current=place == here,
            on=dates.get(state.value),
        )
        for place, state in enumerate(states)
    ]
