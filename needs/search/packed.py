"""Features of many needs side by side in arrays: how they are stored, counted and compared."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from needs.search.features import Features

Floats = NDArray[np.float64]
Numbers = NDArray[np.uint32]
Weights = NDArray[np.float32]

GRAM_NUMBERS = 1 << 16
_TERM = np.dtype("<u4")
_GRAM = np.dtype("<u2")
_WEIGHT = np.dtype("<f2")
_HEAD = np.dtype("<u4")


def pack(found: Features) -> bytes:
    """Features as bytes, as the index stores them."""
    terms = sorted(found.terms.items())
    grams = _folded(found.grams)
    return b"".join(
        (
            np.array([len(terms), len(grams)], _HEAD).tobytes(),
            np.array([number for number, _ in terms], _TERM).tobytes(),
            np.array([weight for _, weight in terms], _WEIGHT).tobytes(),
            np.array(list(grams), _GRAM).tobytes(),
            np.array(list(grams.values()), _WEIGHT).tobytes(),
        )
    )


def arrays(found: Features) -> tuple[Numbers, Weights]:
    """The terms of a text, sorted, and their weights."""
    terms = sorted(found.terms)
    return np.array(terms, np.uint32), np.array([found.terms[term] for term in terms], np.float32)


def _folded(grams: Mapping[int, float]) -> dict[int, float]:
    """Runs of letters by a number of sixteen bits."""
    folded: dict[int, float] = {}
    for number, weight in grams.items():
        folded[number % GRAM_NUMBERS] = max(weight, folded.get(number % GRAM_NUMBERS, 0.0))
    return folded


@dataclass(frozen=True)
class Statistics:
    """In how many of ``documents`` needs each feature stands. Features seen nowhere count as seen in none."""

    documents: int
    terms: Numbers
    counts: Numbers
    grams: Numbers

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

    def count(self, terms: Numbers) -> Numbers:
        """In how many needs each of these stands."""
        if not self.terms.size:
            return np.zeros(len(terms), np.uint32)
        at = np.minimum(np.searchsorted(self.terms, terms), self.terms.size - 1)
        return np.where(self.terms[at] == terms, self.counts[at], 0).astype(np.uint32)

    def rarity(self, terms: Numbers) -> Floats:
        """Inverse document frequency of terms: high for what few needs say."""
        return np.log1p(self.documents / np.maximum(self.count(terms), 1))

    @cached_property
    def gram_rarity(self) -> NDArray[np.float32]:
        return np.log1p(self.documents / np.maximum(self.grams, 1)).astype(np.float32)


class Candidates:
    """The features of some needs; every answer is an array with one number per need."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self.size = len(packed)
        heads = [np.frombuffer(row, _HEAD, 2) for row in packed]
        self._term_count = np.array([head[0] for head in heads], np.intp)
        terms: list[NDArray] = []
        weights: list[NDArray] = []
        grams: list[NDArray] = []
        gram_weights: list[NDArray] = []
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
        self.owner = np.repeat(np.arange(self.size), self._term_count)
        self._gram_owner = np.repeat(np.arange(self.size), [head[1] for head in heads])

    def near_text(self, found: Features, statistics: Statistics) -> Floats:
        """How near each need is to a text by words, parts and meanings: the cosine of what is telling, 0..1."""
        return self.near(*arrays(found), statistics)

    def near(self, terms: Numbers, weights: Weights, statistics: Statistics) -> Floats:
        """The same, by the terms of the text (sorted) and their weights."""
        if not terms.size or not self.terms.size:
            return np.zeros(self.size)
        asked = weights * statistics.rarity(terms)
        own = self.weights * statistics.rarity(self.terms)
        at = np.minimum(np.searchsorted(terms, self.terms), terms.size - 1)
        shared = np.where(terms[at] == self.terms, own * asked[at], 0.0)
        return self._cosine(self.owner, shared, own, math.sqrt(float(asked @ asked)))

    def features_of(self, at: int) -> tuple[Numbers, Weights]:
        """The terms of one of the needs, and their weights."""
        end = int(self._term_count[: at + 1].sum())
        own = slice(end - int(self._term_count[at]), end)
        return self.terms[own], self.weights[own]

    def near_letters(self, found: Features, statistics: Statistics) -> Floats:
        """How near each need is to a text by runs of letters, 0..1."""
        asked = np.zeros(GRAM_NUMBERS, np.float32)
        for number, weight in _folded(found.grams).items():
            asked[number] = weight
        asked *= statistics.gram_rarity
        own = self.gram_weights * statistics.gram_rarity[self.grams]
        return self._cosine(self._gram_owner, own * asked[self.grams], own, math.sqrt(float(asked @ asked)))

    def only(self, terms: Numbers) -> tuple[NDArray[np.intp], Numbers, Weights]:
        """Which needs have these terms (sorted), each with the term and its weight."""
        if not terms.size or not self.terms.size:
            return self.owner[:0], self.terms[:0], self.weights[:0]
        at = np.minimum(np.searchsorted(terms, self.terms), terms.size - 1)
        hit = np.flatnonzero(terms[at] == self.terms)
        return self.owner[hit], self.terms[hit], self.weights[hit]

    def _cosine(self, owner: NDArray[np.intp], shared: NDArray, own: NDArray, length: float) -> Floats:
        product = np.bincount(owner, shared, self.size)
        norm = np.sqrt(np.bincount(owner, own * own, self.size)) * length
        return np.divide(product, norm, out=np.zeros(self.size), where=norm > 0)


def _joined(arrays: list[NDArray], dtype: np.dtype) -> NDArray:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype)
