"""The search engine over the needs of the database: write with ``index``, ask with ``similar`` and ``search_needs``.

The candidates of a question come from a GIN index over feature numbers; they are ranked by ``ranking``. A process
keeps nothing but the statistics, and asks before every use whether they are still the newest.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from itertools import combinations, islice
from operator import and_, or_

import numpy as np
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from numpy.typing import NDArray

from needs.search import features, guesses, ranking
from needs.search.models import NeedIndex, SearchStatistics, SearchWord
from needs.search.packed import Candidates, Floats, Numbers, Statistics, Weights, arrays, pack
from needs.search.query import Query, meant, query_for
from needs.search.sound import spelled_stem
from needs.search.text import content

CANDIDATES = 1000
RARE = 250
COMMON_TERMS = 8
PAIRED = 100
SAMPLE = 4000
BATCH = 500
DRIFT = 0.1
SHORTEST_QUERY = 2
LONGEST_QUERY = 2000
VOCABULARY = 1500

Scored = list[tuple[int, float]]

_cached: dict[datetime, Statistics] = {}


def index(need_id: int, title: str, text: str) -> None:
    """Make a need findable by its present words, at once for everyone (within the caller's transaction)."""
    index_many([(need_id, title, text)])


def index_many(needs: Iterable[tuple[int, str, str]]) -> int:
    """Index needs as (id, title, text), in batches. Returns how many."""
    total = 0
    rows = iter(needs)
    while batch := list(islice(rows, BATCH)):
        entries, found_words = [], set()
        for need_id, title, text in batch:
            found = features.features_of(title, text)
            titled = (features.in_title(term) for term in features.features_of(title).terms)
            terms = sorted({*found.terms, *titled})
            entries.append(NeedIndex(need_id=need_id, terms=terms, features=pack(found)))
            found_words.update(content(f"{title} {text}"))
        with transaction.atomic():
            NeedIndex.objects.bulk_create(
                entries, update_conflicts=True, unique_fields=["need_id"], update_fields=["terms", "features"]
            )
            known = set(SearchWord.objects.filter(word__in=found_words).values_list("word", flat=True))
            SearchWord.objects.bulk_create([_word(word) for word in sorted(found_words - known)], ignore_conflicts=True)
            _refresh_if_drifted()
        total += len(batch)
    return total


@transaction.atomic
def rebuild(needs: Iterable[tuple[int, str, str]]) -> int:
    """Index all needs again, given as (id, title, text), and forget what is none of them. Returns how many.

    Until it is done everyone searches in the index as it was.
    """
    ids: list[int] = []

    def noted() -> Iterator[tuple[int, str, str]]:
        for row in needs:
            ids.append(row[0])
            yield row

    SearchWord.objects.all().delete()
    total = index_many(noted())
    NeedIndex.objects.exclude(pk__in=ids).delete()
    refresh_statistics()
    return total


def remove(need_id: int) -> None:
    """Make a need unfindable. Harmless when it was not indexed."""
    NeedIndex.objects.filter(pk=need_id).delete()


def similar(title: str, text: str = "", *, among: QuerySet[Model] | None = None, limit: int = 5) -> Scored:
    """Needs that ask much the same as this title and text (N2), nearest first, as (need id, 0..1).

    ``among`` is the needs the asker may see (without drafts, and without the need being written itself); at most
    five queries, whatever its size.
    """
    title, text = title[:LONGEST_QUERY], text[: LONGEST_QUERY * 10]
    statistics = current_statistics()
    found = features.features_of(" ".join([title, *meant(_guesses(content(title)))]), text)
    if not found.terms:
        return []
    near = _fetch(_visible(among), [_near(*arrays(found), statistics)])
    return _listed(list(near), ranking.similar(Candidates(list(near.values())), found, statistics))[:limit]


def search_needs(
    asked: str, *, among: QuerySet[Model] | None = None, limit: int = 20, offset: int = 0
) -> tuple[Scored, int]:
    """Needs that answer a query, best first, as (need id, 0..1), and how many there are (at most ``CANDIDATES``).

    A need without any word, synonym, beginning or near spelling of what is asked is not listed, unless it says much
    the same as the best answer. ``among`` is the needs the asker may see; at most six queries, whatever its size.
    """
    asked = asked[:LONGEST_QUERY].strip()
    if len(asked) < SHORTEST_QUERY:
        return [], 0
    wanted = query_for(asked, _guesses(content(asked)))
    if not wanted.asked_words:
        return [], 0
    statistics = current_statistics()
    visible = _visible(among)
    found = _fetch(visible, _tiers(wanted, statistics))
    candidates = Candidates(list(found.values()))
    scores = ranking.answers(candidates, wanted, statistics)
    if not scores.any():
        return [], 0
    best = candidates.features_of(int(scores.argmax()))
    others = _fetch(visible.exclude(pk__in=found), [_near(*best, statistics)])
    like_best = ranking.like_the_best(Candidates(list(others.values())), best, float(scores.max()), statistics)
    listed = _listed([*found, *others], np.concatenate([scores, like_best]))
    return listed[offset : offset + limit], len(listed)


def refresh_statistics() -> Statistics:
    """Count again in how many needs each feature stands (from a sample when there are many)."""
    documents = NeedIndex.objects.count()
    rows = NeedIndex.objects.order_by("pk")
    if documents > SAMPLE:
        rows = rows.extra(where=["mod(hashint8(need_id), %s) = 0"], params=[documents // SAMPLE])
    sample = [bytes(row) for row in rows.values_list("features", flat=True).iterator(chunk_size=BATCH)]
    statistics = Statistics.of(sample, documents)
    SearchStatistics.objects.update_or_create(
        pk=1,
        defaults={
            "documents": documents,
            "terms": statistics.terms.tobytes(),
            "counts": statistics.counts.tobytes(),
            "grams": statistics.grams.tobytes(),
        },
    )
    return statistics


def current_statistics() -> Statistics:
    """The newest statistics; read again only when they have changed."""
    made_at = SearchStatistics.objects.values_list("made_at", flat=True).first()
    if made_at is None:
        return Statistics.of([])
    if made_at not in _cached:
        row = SearchStatistics.objects.get()
        statistics = Statistics(
            row.documents,
            np.frombuffer(row.terms, np.uint32),
            np.frombuffer(row.counts, np.uint32),
            np.frombuffer(row.grams, np.uint32),
        )
        _cached.clear()
        _cached[row.made_at] = statistics
        return statistics
    return _cached[made_at]


def _refresh_if_drifted() -> None:
    counted = SearchStatistics.objects.values_list("documents", flat=True).first()
    documents = NeedIndex.objects.count()
    if counted is None or abs(documents - counted) > DRIFT * counted:
        refresh_statistics()


def _visible(among: QuerySet[Model] | None) -> QuerySet[NeedIndex]:
    rows = NeedIndex.objects.all()
    return rows if among is None else rows.filter(need_id__in=among.order_by().values("pk"))


def _fetch(needs: QuerySet[NeedIndex], tiers: Sequence[Q | None]) -> dict[int, bytes]:
    """The features of needs that fit the conditions, those of the first condition first, at most ``CANDIDATES``."""
    found: dict[int, bytes] = {}
    for condition in tiers:
        if condition is None or len(found) >= CANDIDATES:
            continue
        for need_id, packed in needs.filter(condition).values_list("need_id", "features")[:CANDIDATES]:
            found.setdefault(need_id, bytes(packed))
    return found


def _near(terms: Numbers, weights: Weights, statistics: Statistics) -> Q | None:
    """Needs that share a rare term with a text (its terms and their weights), or two of its rarest common terms."""
    counts = statistics.count(terms)
    rarest = np.argsort(-(statistics.rarity(terms) * weights), kind="stable")
    rare, total, conditions = [], 0, []
    common: list[int] = []
    for at in rarest:
        if counts[at] and total + counts[at] <= RARE:
            rare.append(int(terms[at]))
            total += int(counts[at])
        elif counts[at] and len(common) < COMMON_TERMS:
            common.append(at)
    if rare or not counts.any():
        conditions.append(Q(terms__overlap=rare or [int(term) for term in terms]))
    expected = 0.0
    for one, other in sorted(combinations(common, 2), key=lambda pair: int(counts[pair[0]]) * int(counts[pair[1]])):
        expected += int(counts[one]) * int(counts[other]) / statistics.documents
        if expected > PAIRED:
            break
        conditions.append(Q(terms__contains=[int(terms[one]), int(terms[other])]))
    if not conditions:
        conditions = [Q(terms__contains=[int(terms[at]) for at in common[:3]])]
    return reduce(or_, conditions)


def _tiers(asked: Query, statistics: Statistics) -> list[Q | None]:
    """Conditions: everything that is asked for, or something rare of it; when too many fit, first those by title."""
    counts = [statistics.count(np.array(word.numbers(), np.uint32)) for word in asked.asked_words]
    anywhere = reduce(and_, (Q(terms__overlap=word.numbers()) for word in asked.asked_words))
    fitting = min(int(count.sum()) for count in counts)
    rare, total = _rarest(asked, np.concatenate(counts))
    fits = anywhere | Q(terms__overlap=rare)
    if fitting + total <= CANDIDATES:
        return [fits]
    in_title = (Q(terms__overlap=[features.in_title(term) for term in word.numbers()]) for word in asked.asked_words)
    return [reduce(and_, in_title), fits]


def _rarest(asked: Query, counts: NDArray[np.uint32]) -> tuple[list[int], int]:
    """The rarest terms of a query that together stand in few needs (at least one term), and in how many."""
    terms = [term for word in asked.asked_words for term in word.numbers()]
    rare: list[int] = []
    total = 0
    for at in np.argsort(counts, kind="stable"):
        if rare and total + counts[at] > CANDIDATES // 2:
            break
        rare.append(terms[at])
        total += int(counts[at])
    return rare, total


def _guesses(asked: list[str]) -> dict[str, list[tuple[str, float]]]:
    """Words of the corpus that may stand for words of a query: begun so, misspelled so, or with a part of it."""
    asked = [word for word in dict.fromkeys(asked) if len(word) >= guesses.SHORTEST_COMPLETED]
    asked = asked[: guesses.MOST_GUESSED]
    if not asked:
        return {}
    near = reduce(or_, (_spelled_like(word) for word in asked))
    vocabulary = set(SearchWord.objects.filter(near).values_list("word", flat=True)[:VOCABULARY])
    return guesses.guesses_for(asked, vocabulary)


def _spelled_like(word: str) -> Q:
    """The word itself, and what begins with it, shares the beginning or the end of its stem, or is its last part."""
    stem = guesses.without_accents(spelled_stem(word))
    near = Q(word__startswith=word)
    if len(stem) >= guesses.SHORTEST_PART:
        near |= Q(stem__startswith=stem[: max(guesses.SHORTEST_PART, len(stem) // 2)])
        near |= Q(backwards__startswith=stem[::-1][: max(guesses.SHORTEST_PART, len(stem) // 2)])
        near |= Q(stem__in=[stem[at:] for at in range(1, len(stem) - guesses.SHORTEST_PART + 1)])
        near |= Q(stem__in=[stem[:at] for at in range(guesses.SHORTEST_PART, len(stem))])
    return near


def _word(word: str) -> SearchWord:
    stem = guesses.without_accents(spelled_stem(word))
    return SearchWord(word=word, stem=stem, backwards=stem[::-1])


def _listed(ids: Sequence[int], scores: Floats) -> Scored:
    """Those that score, the best first; of those that score the same the newest, so that pages and reloads agree."""
    rounded = np.minimum(scores, 1.0).round(4)
    order = np.lexsort((-np.array(ids, np.int64), -rounded))
    return [(ids[at], float(rounded[at])) for at in order if rounded[at] > 0]
