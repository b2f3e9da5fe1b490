"""The story of an object in people's words, from what the audit log keeps in code's."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.functional import Promise

from ksf import audit
from ksf.audit.models import AuditEntry

LIMIT = 50
_words: dict[str, str | Promise] = {}


@dataclass(frozen=True)
class Event:
    """One entry as a reader sees it: when, what, and who in which role."""

    at: datetime
    words: str | Promise
    acting_as: str
    actor: str


def tell(words: Mapping[str, str | Promise]) -> None:
    """Register what an app's audit verbs are called on screen: ``tell({"need.merged": _("Merged")})``.

    The words may name what the entry keeps: ``_("%(municipality)s left")``.
    """
    _words.update(words)


def events(obj: Model) -> list[Event]:
    """Return the latest events of ``obj``, newest first. Verbs nobody has told of are for the log alone."""
    entries = audit.history(obj).filter(verb__in=_words)[:LIMIT]
    return [Event(entry.at, _told(entry), entry.acting_as, str(entry.actor)) for entry in entries]


def _told(entry: AuditEntry) -> str:
    words = str(_words[entry.verb])
    return words % defaultdict(lambda: "–", {key: _in_words(value) for key, value in entry.data.items()})


def _in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
