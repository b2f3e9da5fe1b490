"""The network as last read, kept by the process until a row of it changes anywhere.

Triggers note every statement that writes a table the network is read from, in the writer's own transaction
(``NetworkChange``). Rows are only ever added there, so how many are visible, and the last, tell one state of the
network from every other: a commit in any process is seen by the next reader, what is not committed by its writer alone.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db import connection

from clusters.models import NetworkChange

MOST = 4
Key = tuple[Any, ...]
T = TypeVar("T")

_kept: OrderedDict[Key, Any] = OrderedDict()
_lock = threading.Lock()


def kept(read: Callable[[date], T], day: date) -> T:
    """What ``read(day)`` gave when the network was as it is now; read again when it has changed. One query."""
    key = (str(connection.settings_dict["NAME"]), *_version(), day)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: T = _kept[key]
            return found
    made = read(day)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def _version() -> tuple[int, int | None]:
    """Asked in SQL, because every page of the network asks it and Django takes ten times as long to put it together."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), max(id) FROM {NetworkChange._meta.db_table}")  # noqa: SLF001, S608
        count, last = cursor.fetchone()
    return count, last
