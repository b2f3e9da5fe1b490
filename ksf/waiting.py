"""What waits for a person (X3): each app adds its own, the front page and the digest gather them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from ksf.actor import Actor

MOST = 100  # of one kind


@dataclass(frozen=True)
class WaitingItem:
    """Something this person is the one to do. ``what`` is the verb in their language, ``due`` when it must be done."""

    title: str
    url: str
    what: str
    due: date | datetime | None = None
    urgent: bool = False


@dataclass(frozen=True)
class WaitingKind:
    """One kind of what may wait: the rows, and the item of a row (None where it does not wait after all)."""

    queryset: Any
    item: Callable[[Any], WaitingItem | None]


Source = Callable[[Actor], Iterable[WaitingKind]]
_sources: list[Source] = []


def source(function: Source) -> Source:
    """Register a function from user to the kinds that may wait for them."""
    _sources.append(function)
    return function


def for_user(user: Actor) -> list[WaitingItem]:
    """All that waits for ``user``: first what has a deadline, soonest first."""
    kinds = [kind for gather in _sources for kind in gather(user)]
    found = [kind.item(row) for kind in kinds for row in kind.queryset[:MOST]]
    items = [item for item in found if item is not None]
    return sorted(items, key=lambda item: (item.due is None, _moment(item.due), not item.urgent, item.title))


def _moment(due: date | datetime | None) -> datetime:
    if due is None:
        return datetime.max.replace(tzinfo=timezone.get_current_timezone())
    if isinstance(due, datetime):
        return due
    return timezone.make_aware(datetime.combine(due, time.max))
