"""What happened with a need (N12): its audit trail in words, with roles and never persons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice
from typing import Any, Protocol

from django.db.models import BigIntegerField, Case, Exists, OuterRef, QuerySet, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ksf import audit
from ksf.actor import Actor
from ksf.audit.models import AuditEntry
from needs.history import STORY, UNMERGED
from needs.lifecycle import NEXT
from needs.models import KnowledgeNeed, NeedLevel

MOST_NAMED = 4
"""Municipalities named where several endorsed after each other; the others are counted."""
LOOKED_AT = 4
"""Entries read for each event that is shown, since several may be shown as one."""


@dataclass(frozen=True)
class Event:
    """One turn of the story, as the timeline shows it."""

    at: datetime
    text: str
    url: str = ""
    who: str = ""
    about: str = ""


class LogEntry(Protocol):
    """An entry of the log, with the ``other`` need it names and whether that one may be named to the reader."""

    pk: int
    at: datetime
    verb: str
    subject_id: str
    acting_as: str
    data: dict[str, Any]
    other: int | None
    is_named: bool


HIDDEN = _("a need that is not open to all")


@dataclass(frozen=True)
class RoundRank:
    """A published priority round in which the need stood, and how it fared."""

    round: int
    title: str
    rank: int
    is_prioritised: bool
    at: datetime


@dataclass(frozen=True)
class Story:
    """A need's events and ranks, newest first, when it came to each state, and which other needs the reader may see."""

    events: list[Event]
    dates: dict[str, datetime]
    ranks: list[RoundRank]
    seen: frozenset[int]
    comes_next: str | Promise = ""


def is_inner(user: Actor) -> bool:
    """Whether ``user`` is of the network: such people read questions, answers and earlier wordings too (N7)."""
    return user.is_of_the_network


def story_of(need: KnowledgeNeed, user: Actor) -> Story:
    """What happened with a need, as ``user`` may see it: the network's people see more than others."""
    entries = list(_for(user, audit.history(need)))
    dates = {entry.data["after"]: entry.at for entry in reversed(entries) if "after" in entry.data}
    shown = [entry for entry in entries if _is_shown(entry)]
    seen = frozenset(entry.other for entry in entries if entry.is_named)
    return Story(list(_events(shown, inner=is_inner(user))), dates, _ranks(entries), seen, NEXT.get(need.state, ""))


def lately(needs: QuerySet[KnowledgeNeed], limit: int, user: Actor) -> list[Event]:
    """The latest turns of these needs, newest first, each about its need. For people of the network. Three queries."""
    entries = _latest(needs.order_by().values("pk"), limit * LOOKED_AT, user)
    found = KnowledgeNeed.objects.in_bulk({int(entry.subject_id) for entry in entries})
    of_needs = groupby(entries, key=lambda entry: found[int(entry.subject_id)])
    events = (
        replace(event, url=need.get_absolute_url(), about=str(need))
        for need, rows in of_needs
        for event in _events(list(rows), inner=True)
    )
    return list(islice(events, limit))


def _latest(ids: QuerySet[Any, Any], limit: int, user: Actor) -> list[LogEntry]:
    """Found among the newest of the log, or through the needs where that gives too few."""
    entries: list[LogEntry] = []
    for history in (audit.newest_of, audit.history_of):
        entries = list(_for(user, history(KnowledgeNeed, ids).filter(verb__in=STORY))[:limit])
        if len(entries) == limit:
            break
    return entries


def _events(entries: list[LogEntry], *, inner: bool) -> Iterator[Event]:
    """One event for each entry; endorsements without a word of their own are shown as one when they are in a row."""
    taken_back = _taken_back(entries)
    for is_bare, group in groupby(entries, key=_is_bare_endorsement):
        rows = list(group)
        if is_bare and len(rows) > 1:
            yield Event(rows[0].at, _together([row.data["name"] for row in reversed(rows)]))
        else:
            yield from (_event(row, inner=inner, is_quoted=row.pk not in taken_back) for row in rows)


def _is_bare_endorsement(entry: LogEntry) -> bool:
    return entry.verb == "need.endorse" and bool(entry.data.get("name")) and not entry.data.get("comment")


def _together(names: Sequence[str]) -> str:
    """Who has the same need, the first to say so first."""
    more = len(names) - MOST_NAMED
    if more < 2:  # noqa: PLR2004 - one more is as short to name as to count
        return gettext("%(names)s have the same need") % {"names": get_text_list(list(names), gettext("and"))}
    sentence = ngettext(
        "%(names)s and %(n)d more municipality have the same need",
        "%(names)s and %(n)d more municipalities have the same need",
        more,
    )
    return sentence % {"names": ", ".join(names[:MOST_NAMED]), "n": more}


def _for(user: Actor, entries: QuerySet[AuditEntry]) -> Any:
    """The entries, each with the ``other`` need it names, and whether that one may be named to ``user``."""
    other = Case(When(data__has_key="other", then=Cast(KT("data__other"), BigIntegerField())))
    visible = KnowledgeNeed.objects.visible_to(user).filter(pk=OuterRef("other"))
    return entries.annotate(other=other).annotate(is_named=Exists(visible))


def _is_shown(entry: LogEntry) -> bool:
    return entry.verb in STORY or entry.verb.startswith(UNMERGED)


def _taken_back(entries: list[LogEntry]) -> set[int]:
    """The endorsements among ``entries``, newest first, that were taken back later: their comments are not quoted."""
    found, withdrawn = set(), set()
    for entry in entries:
        if entry.verb == "need.withdraw_endorsement":
            withdrawn.add((entry.subject_id, entry.data["municipality"]))
        elif (
            entry.verb == "need.endorse" and (which := (entry.subject_id, entry.data.get("municipality"))) in withdrawn
        ):
            withdrawn.remove(which)
            found.add(entry.pk)
    return found


def _ranks(entries: list[LogEntry]) -> list[RoundRank]:
    return [
        RoundRank(data["round"], data["title"], data["rank"], data.get("is_prioritised", False), entry.at)
        for entry in entries
        if entry.verb == "need.ranked" and (data := entry.data)
    ]


def _event(entry: LogEntry, *, inner: bool, is_quoted: bool) -> Event:
    return Event(entry.at, _sentence(entry, inner=inner, is_quoted=is_quoted), _address(entry), entry.acting_as)


def _address(entry: LogEntry) -> str:
    """Where the other need or the round of the entry stands; nothing for what is about this need alone."""
    if entry.is_named:
        return reverse("need", args=[entry.other])
    return reverse("round", args=[entry.data["round"]]) if "round" in entry.data else ""


def _sentence(entry: LogEntry, *, inner: bool, is_quoted: bool) -> str:
    """The entry in words, with what was written then, when there is something and it may be shown."""
    wording = STORY.get(entry.verb)
    if wording is None:
        return gettext("The merging was undone")
    filled = {"outcome": _outcome(entry.data), "level": _level(entry.data)}
    if entry.other and not entry.is_named:
        filled |= {"title": str(HIDDEN), "merged_into": str(HIDDEN)}
    text = str(wording.text) % {"place": "", "name": "", "title": "", **entry.data, **filled}
    quote = entry.data.get(wording.quote) if is_quoted else None
    if quote and (inner or wording.is_quoted_to_all):
        return gettext("%(text)s: “%(quote)s”") % {"text": text, "quote": quote}
    return text


def _level(data: Mapping[str, Any]) -> str:
    return str(NeedLevel(data.get("level", "")).label).lower()


def _outcome(data: Mapping[str, Any]) -> str:
    value = data.get("outcome", "")
    return str(KnowledgeNeed.Assessment(value).label).lower() if value else ""
