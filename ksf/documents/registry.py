"""Who may open which kind of document. The app that seals a kind registers it once, in its ``apps.py``."""

from collections.abc import Callable
from dataclasses import dataclass

from ksf.actor import Actor

MayOpen = Callable[[Actor, int], bool]

_kinds: dict[str, "DocumentKind"] = {}


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: its series of numbers, and who may open one, asked by the id of what it is about."""

    name: str
    may_open: MayOpen
    prefix: str


def register(name: str, may_open: MayOpen, *, prefix: str = "KSF") -> DocumentKind:
    """Make ``name`` (``grants.award_letter``) a kind of document, numbered ``prefix-year-0001`` and on.

    ``may_open(user, subject_id)`` also gets visitors who have not signed in. Raises ``ValueError`` when the name is
    taken by another rule.
    """
    kind = DocumentKind(name, may_open, prefix)
    if _kinds.setdefault(name, kind) != kind:
        raise ValueError(f"The kind {name} of documents is already registered.")
    return kind


def kind_of(name: str) -> DocumentKind:
    """The registered kind. Raises ``LookupError`` when no app has registered it."""
    if name not in _kinds:
        raise LookupError(f"No app has registered documents of the kind {name}.")
    return _kinds[name]
