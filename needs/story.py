"""What happened with a need (N12): its audit trail in words, with roles and never persons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf import audit
from needs.models import KnowledgeNeed


@dataclass(frozen=True)
class Event:
    """One turn of the story, as the timeline shows it."""

    at: datetime
    text: str
    url: str = ""
    who: str = ""
    is_next: bool = False


Words = Callable[[Mapping[str, Any], bool], str]

STORY: dict[str, Words] = {
    "need.submit": lambda data, inner: _("Sent in"),
    "need.import": lambda data, inner: _("Sent in with a file of needs"),
    "need.withdraw": lambda data, inner: _("Taken back to a draft"),
    "need.confirm": lambda data, inner: _("The municipality confirmed that the need is its own"),
    "need.decline": lambda data, inner: _("The municipality said that the need is not its own"),
    "need.take_up": lambda data, inner: _("Taken into assessment"),
    "need.return": lambda data, inner: _quoted(_("Returned with a question"), data.get("note"), inner),
    "need.answer": lambda data, inner: _quoted(_("The municipality answered the question"), data.get("note"), inner),
    "need.prioritise": lambda data, inner: _quoted(_("Prioritised"), data.get("note"), True),
    "need.formulate": lambda data, inner: _quoted(_("Made into a researchable question"), data.get("note"), True),
    "need.start_research": lambda data, inner: _quoted(_("Research has started"), data.get("note"), True),
    "need.give_answer": lambda data, inner: _quoted(_("Answered"), data.get("outcome_note"), True),
    "need.put_to_use": lambda data, inner: _quoted(_("The answer is in use"), data.get("note"), True),
    "need.close": lambda data, inner: _quoted(_("Closed"), data.get("close_reason"), True),
    "need.reopen": lambda data, inner: _("Opened again"),
    "need.assess": lambda data, inner: _("What is known was assessed: %(outcome)s") % {"outcome": _outcome(data)},
    "need.endorse": lambda data, inner: _quoted(
        _("%(name)s has the same need") % {"name": data.get("name", "")}, data.get("comment"), True
    ),
    "need.withdraw_endorsement": lambda data, inner: (
        _("%(name)s took its endorsement back") % {"name": data.get("name", "")}
    ),
    "need.merge": lambda data, inner: _("Merged into “%(title)s”. The text is kept") % {"title": data["merged_into"]},
    "need.take_in": lambda data, inner: (
        _("Merged with “%(title)s” from %(place)s. Both texts are kept")
        % {"title": data["title"], "place": data.get("place", "")}
    ),
    "need.give_back": lambda data, inner: _("The merging with “%(title)s” was undone") % {"title": data["title"]},
    "need.relate": lambda data, inner: _("Seen together with “%(title)s”") % {"title": data["title"]},
}
"""The verbs that belong to the story, each with how it is told; ``inner`` is true for people of the network."""

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
    return Story([_event(entry, inner, need) for entry in entries if _is_told(entry.verb)], dates)


def _is_told(verb: str) -> bool:
    return verb in STORY or verb.startswith(UNMERGED)


def _event(entry: Any, inner: bool, need: KnowledgeNeed) -> Event:
    words = STORY.get(entry.verb)
    text = words(entry.data, inner) if words else _("The merging was undone")
    other = entry.data.get("other") or (need.merged_into_id if entry.verb == "need.merge" else None)
    return Event(entry.at, text, reverse("need", args=[other]) if other else "", entry.acting_as)


def _quoted(text: str, quote: str | None, is_shown: bool) -> str:
    """The text with what was written, when there is something and it may be shown."""
    return _("%(text)s: “%(quote)s”") % {"text": text, "quote": quote} if quote and is_shown else text


def _outcome(data: Mapping[str, Any]) -> str:
    value = data.get("outcome", "")
    return str(KnowledgeNeed.Assessment(value).label).lower() if value else ""
