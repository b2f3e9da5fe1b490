"""Keeps the search index true to the needs, and finds what may be the same (N2)."""

from collections.abc import Iterable

from django.db.models import QuerySet

from ksf.actor import Actor
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.rules.likeness import SEEN, keep_likenesses, likely_the_same
from needs.search import store

WORTH_SHOWING = 0.08
"""The least likeness that is shown beside a need being written."""


def refresh_index(need: KnowledgeNeed) -> None:
    """Index the need's present words, or remove it while it is a draft or hidden."""
    if need.state == NeedState.DRAFT or need.is_hidden:
        store.remove(need.pk)
    else:
        store.index(need.pk, need.title, need.description)


def find_likenesses(need: KnowledgeNeed) -> None:
    """Remember which needs may be the same as this one, for the coordinators to look at."""
    keep_likenesses({need.pk: likely_the_same(need)})


def similar_needs(
    title: str, text: str, *, to: Actor, but: int | None = None, limit: int = SEEN
) -> list[KnowledgeNeed]:
    """The needs most like this title and text that ``to`` may see, nearest first; no drafts, nothing hidden (N2)."""
    among = KnowledgeNeed.objects.visible_to(to).findable().exclude(pk=but or 0).exclude(state=NeedState.MERGED)
    found = store.similar(title, text, among=among, limit=limit)
    worth = [(pk, score) for pk, score in found if score >= WORTH_SHOWING]
    return ranked(KnowledgeNeed.objects.with_place().with_support(), worth)


def ranked(needs: QuerySet[KnowledgeNeed], scored: Iterable[tuple[int, float]]) -> list[KnowledgeNeed]:
    """The needs of ``scored`` in its order, each with its ``score``."""
    scores = dict(scored)
    rows = needs.in_bulk(list(scores))
    found = [rows[pk] for pk in scores if pk in rows]
    for need in found:
        need.score = scores[need.pk]
    return found


class Ranked:
    """The needs a search found, best first, fetched a page at a time."""

    def __init__(self, needs: QuerySet[KnowledgeNeed], scored: list[tuple[int, float]]) -> None:
        self.needs, self.scored = needs, scored

    def __len__(self) -> int:
        return len(self.scored)

    def __getitem__(self, part: slice) -> list[KnowledgeNeed]:
        return ranked(self.needs, self.scored[part])


def search_needs(query: str, among: QuerySet[KnowledgeNeed]) -> Ranked:
    """The needs of ``among`` that answer the query, best first."""
    scored, _count = store.search_needs(query, among=among, limit=store.CANDIDATES)
    return Ranked(among, scored)
