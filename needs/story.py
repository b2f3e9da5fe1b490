"""What happened with a need (N12): its audit trail in words, with roles and never persons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ksf import audit
from needs.models import KnowledgeNeed, Level


@dataclass(frozen=True)
class Event:
    """One turn of the story, as the timeline shows it."""

    at: datetime
    text: str
    url: str = ""
    who: str = ""
    is_next: bool = False


@dataclass(frozen=True)
class Telling:
    """How a verb is told: its words, and which part of the entry is quoted after them."""

    words: str | Promise
    quote: str = ""
    is_quoted_to_all: bool = True


STORY: dict[str, Telling] = {
    "need.submit": Telling(_("Sent in")),
    "need.import": Telling(_("Sent in with a file of needs")),
    "need.withdraw": Telling(_("Taken back to a draft")),
    "need.confirm": Telling(_("The municipality confirmed that the need is its own")),
    "need.decline": Telling(_("The municipality said that the need is not its own")),
    "need.take_up": Telling(_("Taken into assessment")),
    "need.return": Telling(_("Returned with a question"), "note", is_quoted_to_all=False),
    "need.answer": Telling(_("The municipality answered the question"), "note", is_quoted_to_all=False),
    "need.prioritise": Telling(_("Prioritised"), "note"),
    "need.ranked": Telling(_("Place %(rank)s in the priority round “%(title)s”")),
    "need.lift": Telling(_("Lifted to the level: %(level)s")),
    "need.formulate": Telling(_("Made into a researchable question"), "note"),
    "need.start_research": Telling(_("Research has started"), "note"),
    "need.give_answer": Telling(_("Answered"), "outcome_note"),
    "need.put_to_use": Telling(_("The answer is in use"), "note"),
    "need.close": Telling(_("Closed"), "close_reason"),
    "need.reopen": Telling(_("Opened again")),
    "need.assess": Telling(_("What is known was assessed: %(outcome)s")),
    "need.endorse": Telling(_("%(name)s has the same need"), "comment"),
    "need.withdraw_endorsement": Telling(_("%(name)s took its endorsement back")),
    "need.merge": Telling(_("Merged into “%(merged_into)s”. The text is kept")),
    "need.take_in": Telling(_("Merged with “%(title)s” from %(place)s. Both texts are kept")),
    "need.give_back": Telling(_("The merging with “%(title)s” was undone")),
    "need.relate": Telling(_("Seen together with “%(title)s”")),
}
"""The verbs that belong to the story; the words take what the entry's data holds."""

UNMERGED = "need.unmerge_to_"


@dataclass(frozen=True)
class Story:
    """The events of a need, newest first, and when it came to each state."""

    events: list[Event]
    dates: dict[str, datetime]


def story(need: KnowledgeNeed, user: Any) -> Story:
    """What happened with a need. Questions and answers are quoted to people of the network only. One query."""
    entries = list(audit.history(need))
    inner = bool(user.appointments_in_force)
    dates = {entry.data["after"]: entry.at for entry in reversed(entries) if "after" in entry.data}
    return Story([_event(entry, need, inner=inner) for entry in entries if _is_told(entry.verb)], dates)


def _is_told(verb: str) -> bool:
    return verb in STORY or verb.startswith(UNMERGED)


def _event(entry: Any, need: KnowledgeNeed, *, inner: bool) -> Event:
    text = _told(entry, inner=inner)
    return Event(entry.at, text, _address(entry, need), entry.acting_as)


def _address(entry: Any, need: KnowledgeNeed) -> str:
    """Where the other need or the round of the entry stands; nothing for what is about this need alone."""
    if other := entry.data.get("other") or (need.merged_into_id if entry.verb == "need.merge" else None):
        return reverse("need", args=[other])
    return reverse("round", args=[entry.data["round"]]) if "round" in entry.data else ""


def _told(entry: Any, *, inner: bool) -> str:
    """The entry in words, with what was written then, when there is something and it may be shown."""
    telling = STORY.get(entry.verb)
    if telling is None:
        return gettext("The merging was undone")
    words = {"outcome": _outcome(entry.data), "level": _level(entry.data)}
    text = str(telling.words) % {"place": "", "name": "", "title": "", **entry.data, **words}
    quote = entry.data.get(telling.quote)
    if quote and (inner or telling.is_quoted_to_all):
        return gettext("%(text)s: “%(quote)s”") % {"text": text, "quote": quote}
    return text


def _level(data: Mapping[str, Any]) -> str:
    return str(Level(data.get("level", "")).label).lower()


def _outcome(data: Mapping[str, Any]) -> str:
    value = data.get("outcome", "")
    return str(KnowledgeNeed.Assessment(value).label).lower() if value else ""
