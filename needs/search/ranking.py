"""How near texts are to each other and to a query: arithmetic on packed features, without a database."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from needs.search import features, text

Floats = NDArray[np.float64]

GRAM_NUMBERS = 1 << 16
LETTERS_IN_SIMILAR = 0.35
FULL_STRENGTH = 2.5
FULL_MEANING = 1.4
PARTS_TOGETHER = 0.9
SAME_MEANING = 0.62
COMPLETED = 0.85
TITLE_AND_LENGTH = 0.2
LISTED = 0.12
KNOWN = 0.5
LISTED_IF_MOSTLY_UNKNOWN = 0.35
UNKNOWN_BESIDE_KNOWN = 1.25
SIMILAR_LISTED = 0.08
SHORTEST_COMPLETED = 3
SHORTEST_CORRECTED = 5
MOST_COMPLETED = 8
COMPLETIONS = 10
LEAST_LIKENESS = 0.4
CONTAINED = 0.8
ALIKE = 0.8
SHORTEST_PART = 4
SURELY_MEANT = 0.6
_PLAIN_LETTERS = str.maketrans("åæø", "aeo")
_VOWEL = re.compile("[aeiouyæøå]")
_TERM = np.dtype("<u4")
_GRAM = np.dtype("<u2")
_WEIGHT = np.dtype("<f2")
_HEAD = np.dtype("<u4")


def pack(found: features.Features) -> bytes:
    """Features as bytes, as the index stores them."""
    terms = sorted(found.terms.items())
    grams: dict[int, float] = {}
    for number, weight in found.grams.items():
        grams[number % GRAM_NUMBERS] = max(weight, grams.get(number % GRAM_NUMBERS, 0.0))
    return b"".join(
        (
            np.array([len(terms), len(grams)], _HEAD).tobytes(),
            np.array([number for number, _ in terms], _TERM).tobytes(),
            np.array([weight for _, weight in terms], _WEIGHT).tobytes(),
            np.array(list(grams), _GRAM).tobytes(),
            np.array(list(grams.values()), _WEIGHT).tobytes(),
        )
    )


@dataclass(frozen=True)
class Statistics:
    """In how many of ``documents`` needs each feature stands. Features seen nowhere count as seen in none."""

    documents: int
    terms: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    grams: NDArray[np.uint32]

    @classmethod
    def of(cls, packed: Iterable[bytes], documents: int | None = None) -> "Statistics":
        """Counted over a sample, scaled to ``documents``."""
        sample = Candidates(list(packed))
        scale = (documents or sample.size) / max(sample.size, 1)
        terms, counts = np.unique(sample.terms, return_counts=True)
        grams = np.bincount(sample.grams, minlength=GRAM_NUMBERS)
        return cls(
            documents or sample.size,
            terms.astype(np.uint32),
            np.ceil(counts * scale).astype(np.uint32),
            np.ceil(grams * scale).astype(np.uint32),
        )

    def count(self, terms: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """In how many needs each of these stands."""
        if not self.terms.size:
            return np.zeros(len(terms), np.uint32)
        at = np.minimum(np.searchsorted(self.terms, terms), self.terms.size - 1)
        return np.where(self.terms[at] == terms, self.counts[at], 0).astype(np.uint32)

    def rarity(self, terms: NDArray[np.uint32]) -> Floats:
        """Inverse document frequency of terms: high for what few needs say."""
        return np.log1p(self.documents / np.maximum(self.count(terms), 1))

    @cached_property
    def gram_rarity(self) -> NDArray[np.float32]:
        return np.log1p(self.documents / np.maximum(self.grams, 1)).astype(np.float32)


class Candidates:
    """The features of some needs side by side; every answer is an array with one number per need."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self.size = len(packed)
        heads = [np.frombuffer(row, _HEAD, 2) for row in packed]
        self._term_count = np.array([head[0] for head in heads], np.intp)
        self._gram_count = np.array([head[1] for head in heads], np.intp)
        terms: list[Any] = []
        weights: list[Any] = []
        grams: list[Any] = []
        gram_weights: list[Any] = []
        for row, head in zip(packed, heads, strict=True):
            at = _HEAD.itemsize * 2
            for store, dtype, length in (
                (terms, _TERM, int(head[0])),
                (weights, _WEIGHT, int(head[0])),
                (grams, _GRAM, int(head[1])),
                (gram_weights, _WEIGHT, int(head[1])),
            ):
                store.append(np.frombuffer(row, dtype, length, at))
                at += dtype.itemsize * length
        self.terms = _joined(terms, _TERM)
        self.weights = _joined(weights, _WEIGHT).astype(np.float32)
        self.grams = _joined(grams, _GRAM)
        self.gram_weights = _joined(gram_weights, _WEIGHT).astype(np.float32)
        self._owner = np.repeat(np.arange(self.size), self._term_count)
        self._gram_owner = np.repeat(np.arange(self.size), self._gram_count)

    def similar(self, found: features.Features, statistics: Statistics) -> Floats:
        """How near each need is to a text, 0..1: cosine of words and meanings, and of letters."""
        near = self.term_cosine(found, statistics) + LETTERS_IN_SIMILAR * self._gram_cosine(found, statistics)
        return near / (1 + LETTERS_IN_SIMILAR)

    def answers(self, query: "Query", statistics: Statistics) -> Floats:
        """How well each need answers a query, 0..1: how much of what is asked it speaks of."""
        score = np.zeros(self.size)
        total = 0.0
        asked = self._only(np.unique(np.array([term for word in query.words for term in word.numbers()], np.uint32)))
        for word, importance in zip(query.words, importances(query, statistics), strict=True):
            score += importance * asked.word(word, statistics)
            total += importance
        if not total:
            return score
        near = self.term_cosine(query.features, statistics)
        return (1 - TITLE_AND_LENGTH) * score / total + TITLE_AND_LENGTH * near

    def term_cosine(self, found: features.Features, statistics: Statistics) -> Floats:
        asked = np.array(sorted(found.terms), np.uint32)
        if not asked.size or not self.terms.size:
            return np.zeros(self.size)
        weight = np.array([found.terms[int(term)] for term in asked]) * statistics.rarity(asked)
        own = self.weights * statistics.rarity(self.terms)
        at = np.minimum(np.searchsorted(asked, self.terms), asked.size - 1)
        shared = np.where(asked[at] == self.terms, own * weight[at], 0.0)
        return self._cosine(self._owner, shared, own, math.sqrt(float(weight @ weight)))

    def _gram_cosine(self, found: features.Features, statistics: Statistics) -> Floats:
        asked = np.zeros(GRAM_NUMBERS, np.float32)
        for number, weight in found.grams.items():
            asked[number % GRAM_NUMBERS] = max(asked[number % GRAM_NUMBERS], weight)
        asked *= statistics.gram_rarity
        own = self.gram_weights * statistics.gram_rarity[self.grams]
        return self._cosine(self._gram_owner, own * asked[self.grams], own, math.sqrt(float(asked @ asked)))

    def _cosine(self, owner: NDArray[np.intp], shared: Floats, own: Floats, length: float) -> Floats:
        product = np.bincount(owner, shared, self.size)
        norm = np.sqrt(np.bincount(owner, own * own, self.size)) * length
        return np.divide(product, norm, out=np.zeros(self.size), where=norm > 0)

    def _only(self, terms: NDArray[np.uint32]) -> "_Asked":
        if not terms.size or not self.terms.size:
            return _Asked(self.size, self.terms[:0], self._owner[:0], self.weights[:0])
        at = np.minimum(np.searchsorted(terms, self.terms), terms.size - 1)
        hit = np.flatnonzero(terms[at] == self.terms)
        return _Asked(self.size, self.terms[hit], self._owner[hit], self.weights[hit])


@dataclass(frozen=True)
class _Asked:
    """Of the features of some needs, those a query asks for."""

    size: int
    terms: NDArray[np.uint32]
    owner: NDArray[np.intp]
    weights: NDArray[np.float32]

    def word(self, word: "QueryWord", statistics: Statistics) -> Floats:
        """How strongly each need speaks of a query's word (0..1)."""
        strength = self._strength(word.whole, FULL_STRENGTH)
        for other, share in word.instead:
            np.maximum(strength, share * self._strength(other, FULL_MEANING), out=strength)
        if len(word.parts) > 1:
            shares = statistics.rarity(np.array(word.parts, np.uint32))
            together = np.zeros(self.size)
            for share, part in zip(shares, word.parts, strict=True):
                together += share * self._strength(part, FULL_STRENGTH)
            np.maximum(strength, PARTS_TOGETHER * together / shares.sum(), out=strength)
        if word.inner:
            least = np.min([self._strength(part, FULL_STRENGTH) for part in word.inner], axis=0)
            np.maximum(strength, PARTS_TOGETHER * least, out=strength)
        return strength

    def _strength(self, term: int, full: float) -> Floats:
        hit = np.flatnonzero(self.terms == term)
        strength = np.zeros(self.size)
        strength[self.owner[hit]] = np.minimum(1.0, self.weights[hit] / full)
        return strength


@dataclass(frozen=True)
class QueryWord:
    """One word of a query: itself, its parts, and what may stand instead (number, share)."""

    whole: int
    parts: tuple[int, ...]
    inner: tuple[int, ...]
    instead: tuple[tuple[int, float], ...]
    factor: float = 1.0

    def numbers(self) -> list[int]:
        return [self.whole, *self.parts, *self.inner, *(number for number, _ in self.instead)]


@dataclass(frozen=True)
class Query:
    words: tuple[QueryWord, ...]
    features: features.Features


def query(asked: str, completed: Mapping[str, Sequence[tuple[str, float]]] | None = None) -> Query:
    """A query ready for ranking. ``completed``: for its words, words of the corpus that may be meant, with shares."""
    completed = completed or {}
    surfaces = list(dict.fromkeys(text.content(asked)))
    joined = _joined_words(surfaces)
    words = tuple(_query_word(surface, completed.get(surface, ()), joined.get(surface, ())) for surface in surfaces)
    return Query(words, features.features(" ".join([asked, *meant(completed)])))


def meant(completed: Mapping[str, Sequence[tuple[str, float]]]) -> list[str]:
    """What the words no need has were meant to be, as far as one can tell."""
    return [near[0][0] for near in completed.values() if near[0][1] > SURELY_MEANT]


def _query_word(surface: str, completed: Sequence[tuple[str, float]], joined: Sequence[str]) -> QueryWord:
    word = text.analyse(surface)
    shares = features.word_terms(word)
    instead = [(features.number(term), SAME_MEANING) for term in shares if term.startswith("#")]
    instead += [(features.number(key), PARTS_TOGETHER) for key in joined]
    for other, share in completed:
        for term, own in features.word_terms(text.analyse(other)).items():
            if not term.startswith("#"):
                instead.append((features.number(term), share * own))
            elif share > SURELY_MEANT:
                instead.append((features.number(term), share * SAME_MEANING))
    return QueryWord(
        features.number(word.key),
        tuple(features.number(part) for part in word.parts) if len(word.parts) > 1 else (),
        tuple(features.number(part) for part in text.inner_parts().get(word.key, ())),
        tuple(instead),
        features.WEAK if word.weak else 1.0,
    )


def _joined_words(surfaces: Sequence[str]) -> dict[str, list[str]]:
    """For words of a query: the known compounds they make with a neighbour (klart språk → klarspråk)."""
    found: dict[str, list[str]] = {}
    for one, other in pairwise(surfaces):
        key = text.set_phrase(text.analyse(one).parts + text.analyse(other).parts)
        if key:
            found.setdefault(one, []).append(key)
            found.setdefault(other, []).append(key)
    return found


def completions(asked: Iterable[str], vocabulary: Iterable[str]) -> dict[str, list[tuple[str, float]]]:
    """For words of a query: the corpus' words that begin so, share a part or are spelled nearly so, with shares.

    Short words are only completed as the last one, which may still be being typed.
    """
    vocabulary = vocabulary if isinstance(vocabulary, (set, frozenset)) else set(vocabulary)
    asked = list(asked)
    last = asked[-1] if asked else ""
    found = {}
    for word in asked:
        if len(word) < (SHORTEST_COMPLETED if word == last else SHORTEST_CORRECTED):
            continue
        near = ((other, likeness(word, other, typed=word not in vocabulary)) for other in vocabulary)
        best = sorted((pair for pair in near if pair[1] >= LEAST_LIKENESS), key=lambda pair: (-pair[1], pair[0]))
        if best:
            found[word] = best[:COMPLETIONS]
    return found


def likeness(word: str, other: str, *, typed: bool) -> float:
    """How much of what ``word`` asks ``other`` may stand for, 0..1. ``typed``: the corpus does not have the word."""
    if word == other or text.analyse(word).key == text.analyse(other).key:
        return 0.0
    if typed and other.startswith(word):
        return COMPLETED
    if typed and (near := misspelled(word, other)):
        return near
    return 0.0 if text.is_known(word) and text.is_known(other) else _shared(_stem(word), _stem(other))


def _shared(one: str, two: str) -> float:
    """How much two stems share: one is the other's first or last part, or they have many runs of letters together."""
    short, long = sorted((one, two), key=len)
    if len(short) >= SHORTEST_PART and (long.endswith(short) or long.startswith(short)):
        rest = long.removeprefix(short) if long.startswith(short) else long.removesuffix(short)
        is_word = len(short) * 2.5 >= len(long) and (not rest or _VOWEL.search(rest))
        return CONTAINED * len(short) / len(long) if is_word else 0.0
    if len(short) < SHORTEST_CORRECTED:
        return 0.0
    first, second = _runs(one), _runs(two)
    return ALIKE * 2 * len(first & second) / (len(first) + len(second))


_stem = lru_cache(maxsize=50_000)(text.spelled_stem)


@lru_cache(maxsize=50_000)
def _runs(word: str) -> frozenset[str]:
    return frozenset(features.letters(word))


def misspelled(word: str, other: str) -> float:
    """How surely ``word`` is ``other`` misspelled: 0 or more than a half. One slip in five letters is allowed.

    Words that sound alike, or do so when å, æ and ø are typed as a, e and o, differ by half a slip.
    """
    longest = max(len(word), len(other))
    if longest >= SHORTEST_CORRECTED and _plain(word) == _plain(other):
        return COMPLETED - 0.5 / longest
    allowed = min(2, longest // 5)
    if abs(len(word) - len(other)) > allowed or (word[0] != other[0] and word[1::-1] != other[:2]):
        return 0.0
    if len(set(word) ^ set(other)) > 2 * allowed:
        return 0.0
    slips = _slips(word, other, allowed)
    return COMPLETED - slips / longest if slips <= allowed else 0.0


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    return text.sound(word).translate(_PLAIN_LETTERS)


def _slips(word: str, other: str, most: int) -> int:
    """Letters put in, left out, exchanged or swapped (optimal string alignment); stops above ``most``."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, start=1):
        previous, row, older = row, [at], before
        for to, aim in enumerate(other, start=1):
            cost = min(row[-1] + 1, previous[to] + 1, previous[to - 1] + (letter != aim))
            if at > 1 and to > 1 and letter == other[to - 2] and word[at - 2] == aim:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
        before = previous
        if min(row) > most:
            return most + 1
    return row[-1]


def importances(asked: Query, statistics: Statistics) -> list[float]:
    """What each word of a query weighs: its rarity. A word no need has weighs little more than the rarest they have."""
    wholes = np.array([word.whole for word in asked.words], np.uint32)
    rarities, counts = statistics.rarity(wholes), statistics.count(wholes)
    if counts.any():
        rarities = np.minimum(rarities, UNKNOWN_BESIDE_KNOWN * rarities[counts > 0].max())
    return [float(rarity) * word.factor for rarity, word in zip(rarities, asked.words, strict=True)]


def threshold(asked: Query, statistics: Statistics) -> float:
    """What a need must score to be listed: more when most of what is asked for stands in no need at all."""
    weights = importances(asked, statistics)
    known = sum(weight * _known(word, statistics) for word, weight in zip(asked.words, weights, strict=True))
    return LISTED if known >= KNOWN * sum(weights) else LISTED_IF_MOSTLY_UNKNOWN


def _known(word: QueryWord, statistics: Statistics) -> float:
    """How much of a query's word the needs have, 0..1: itself, what may stand instead, or a share of its parts."""
    if statistics.count(np.array([word.whole], np.uint32)).any():
        return 1.0
    instead = statistics.count(np.array([number for number, _ in word.instead], np.uint32)) > 0
    shares = [share for (_, share), found in zip(word.instead, instead, strict=True) if found]
    parts = statistics.count(np.array(word.parts or word.inner, np.uint32)) > 0
    return max([*shares, PARTS_TOGETHER * float(parts.mean()) if parts.size else 0.0])


def _joined(arrays: list[NDArray], dtype: np.dtype) -> NDArray:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype)
