"""What is asked for: the words of a query, each with its parts and with what may stand instead of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from needs.search import features, lexicon, text
from needs.search.packed import Candidates, Floats, Numbers, Statistics

FULL_STRENGTH = 2.5
FULL_MEANING = 1.4
PARTS_TOGETHER = 0.9
SAME_MEANING = 0.62
SURELY_MEANT = 0.6
UNKNOWN_BESIDE_KNOWN = 1.25
LISTED = 0.06
KNOWN = 0.4
PARTS_KNOWN = 0.7
LISTED_IF_MOSTLY_UNKNOWN = 0.3


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

    def known(self, statistics: Statistics) -> float:
        """How much of it the needs have, 0..1: itself, what may stand instead, or a share of its parts."""
        if statistics.count(np.array([self.whole], np.uint32)).any():
            return 1.0
        instead = statistics.count(np.array([number for number, _ in self.instead], np.uint32)) > 0
        shares = [share for (_, share), found in zip(self.instead, instead, strict=True) if found]
        parts = statistics.count(np.array(self.parts or self.inner, np.uint32)) > 0
        return max([*shares, PARTS_KNOWN * float(parts.mean()) if parts.size else 0.0])


@dataclass(frozen=True)
class Query:
    asked_words: tuple[QueryWord, ...]
    features: features.Features

    @cached_property
    def numbers(self) -> Numbers:
        """All features that are asked for, sorted."""
        return np.unique(np.array([number for word in self.asked_words for number in word.numbers()], np.uint32))

    def importances(self, statistics: Statistics) -> list[float]:
        """What each word weighs: its rarity. A word no need has weighs little more than the rarest they have."""
        wholes = np.array([word.whole for word in self.asked_words], np.uint32)
        rarities, counts = statistics.rarity(wholes), statistics.count(wholes)
        if counts.any():
            rarities = np.minimum(rarities, UNKNOWN_BESIDE_KNOWN * rarities[counts > 0].max())
        return [float(rarity) * word.factor for rarity, word in zip(rarities, self.asked_words, strict=True)]

    def threshold(self, statistics: Statistics) -> float:
        """How much a need must speak of it to be listed: more when most of it stands in no need at all."""
        weights = self.importances(statistics)
        known = sum(weight * word.known(statistics) for word, weight in zip(self.asked_words, weights, strict=True))
        return LISTED if known >= KNOWN * sum(weights) else LISTED_IF_MOSTLY_UNKNOWN

    def covered(self, needs: Candidates, statistics: Statistics) -> Floats:
        """How much of what is asked each need speaks of, 0..1."""
        asked = _Asked(needs.size, *needs.only(self.numbers))
        weights = self.importances(statistics)
        strengths = (
            weight * asked.word(word, statistics)
            for word, weight in zip(self.asked_words, weights, strict=True)
            if weight
        )
        return sum(strengths, np.zeros(needs.size)) / (sum(weights) or 1)


@dataclass(frozen=True)
class _Asked:
    """Of the features of some needs, those a query asks for."""

    size: int
    owner: np.ndarray
    terms: np.ndarray
    weights: np.ndarray

    def word(self, word: QueryWord, statistics: Statistics) -> Floats:
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


def query_for(asked: str, guesses: Mapping[str, Sequence[tuple[str, float]]] | None = None) -> Query:
    """A query ready for ranking. ``guesses``: for its words, words of the corpus that may be meant, with shares."""
    guesses = guesses or {}
    surfaces = list(dict.fromkeys(text.content(asked) or text.words_in(asked)))
    joined = _joined_words(surfaces)
    asked_words = tuple(_query_word(surface, guesses.get(surface, ()), joined.get(surface, ())) for surface in surfaces)
    return Query(asked_words, features.features_of(" ".join([asked, *meant(guesses)])))


def meant(guesses: Mapping[str, Sequence[tuple[str, float]]]) -> list[str]:
    """What the words no need has were meant to be, as far as one can tell."""
    return [near[0][0] for near in guesses.values() if near[0][1] > SURELY_MEANT]


def _query_word(surface: str, guesses: Sequence[tuple[str, float]], joined: Sequence[str]) -> QueryWord:
    word = text.analyse(surface)
    shares = features.word_terms(word)
    instead = [(features.number(term), SAME_MEANING) for term in shares if term.startswith("#")]
    instead += [(features.number(key), PARTS_TOGETHER) for key in joined]
    for other, share in guesses:
        for term, own in features.word_terms(text.analyse(other)).items():
            if not term.startswith("#"):
                instead.append((features.number(term), share * own))
            elif share > SURELY_MEANT:
                instead.append((features.number(term), share * SAME_MEANING))
    return QueryWord(
        features.number(word.key),
        tuple(features.number(part) for part in word.parts) if len(word.parts) > 1 else (),
        tuple(features.number(part) for part in lexicon.inner_parts().get(word.key, ())),
        tuple(instead),
        features.WEAK if word.weak else 1.0,
    )


def _joined_words(surfaces: Sequence[str]) -> dict[str, list[str]]:
    """For words of a query: the known compounds they make with a neighbour (klart språk → klarspråk)."""
    found: dict[str, list[str]] = {}
    for one, other in pairwise(surfaces):
        key = lexicon.set_phrase(text.analyse(one).parts + text.analyse(other).parts)
        if key:
            found.setdefault(one, []).append(key)
            found.setdefault(other, []).append(key)
    return found
