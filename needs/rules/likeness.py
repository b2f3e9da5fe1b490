"""Which needs may be the same, for the coordinators to look at (N4)."""

from collections.abc import Iterable, Mapping

from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed, Likeness
from needs.search import store

SEEN = 5
LIKELY = 0.35
"""The least likeness that is put before a coordinator as a possible duplicate."""


def likely_the_same(need: KnowledgeNeed) -> list[tuple[int, float]]:
    """The needs that may be the same as this one, by id, each with how alike it is."""
    among = KnowledgeNeed.objects.findable().exclude(pk=need.pk).exclude(state=NeedState.MERGED)
    found = store.similar(need.title, need.description, among=among, limit=SEEN)
    return [(pk, score) for pk, score in found if score >= LIKELY]


def keep_likenesses(found: Mapping[int, Iterable[tuple[int, float]]]) -> int:
    """Put what ``likely_the_same`` found for each need in place of what was found before. Returns how many pairs."""
    Likeness.objects.filter(need__in=found, settled_at=None).delete()
    rows = [Likeness(need_id=pk, other_id=other, score=score) for pk, near in found.items() for other, score in near]
    Likeness.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
