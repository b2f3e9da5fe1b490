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
_texts: dict[str, str | Promise] = {}


@dataclass(frozen=True)
class LogEvent:
    """One entry as a reader sees it: when, what, and who in which role."""

    at: datetime
    text: str | Promise
    acting_as: str
    actor: str


def describe_verbs(texts: Mapping[str, str | Promise]) -> None:
    """Register what an app's audit verbs are called on screen: ``describe_verbs({"need.merged": _("Merged")})``.

    A text may name what the entry keeps: ``_("%(municipality)s left")``.
    """
    _texts.update(texts)


def events(obj: Model) -> list[LogEvent]:
    """Return the latest events of ``obj``, newest first. Verbs without a text are for the log alone."""
    entries = audit.history(obj).filter(verb__in=_texts)[:LIMIT]
    return [event_of(entry) for entry in entries]


def event_of(entry: AuditEntry) -> LogEvent:
    """An entry whose verb has a text, as a reader sees it."""
    return LogEvent(entry.at, _sentence(entry), entry.acting_as, str(entry.actor))


def text_of(entry: AuditEntry) -> str:
    """What an entry is called on screen; nothing where it is for the log alone."""
    return _sentence(entry) if entry.verb in _texts else ""


def _sentence(entry: AuditEntry) -> str:
    kept = {key: _listed(value) for key, value in entry.facts.items()}
    return str(_texts[entry.verb]) % defaultdict(lambda: "–", kept)


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
