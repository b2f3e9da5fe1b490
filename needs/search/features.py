"""What a text is compared by: weighted features of its words, their parts, their meanings and their letters."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from needs.search import lexicon
from needs.search import text as language

PART = 0.6
INNER_PART = 0.25
MEANING = 0.7
MEANING_OF_PART = 0.3
WEAK = 0.35
TITLE = 3.0
GRAM_SIZES = (3, 4, 5)
_PHRASE_REACH = 3


@dataclass(frozen=True, slots=True)
class Features:
    """Features of one text, by 31-bit number: ``terms`` (words, parts, meanings) and ``grams`` (letters)."""

    terms: dict[int, float]
    grams: dict[int, float]


def features_of(title: str, body: str = "") -> Features:
    """The features of a need (or of a query: the title alone)."""
    terms: defaultdict[int, float] = defaultdict(float)
    grams: defaultdict[int, float] = defaultdict(float)
    for field, weight in ((title, TITLE), (body, 1.0)):
        found = [language.analyse(word) for word in language.content(field)]
        for word in found:
            factor = weight * (WEAK if word.weak else 1.0)
            for term, share in _numbered(word):
                terms[term] += factor * share
            for gram in _letters(word.key):
                grams[gram] += factor
        for meaning in phrase_meanings(found):
            terms[number(meaning)] += weight * MEANING
    return Features(_damped(terms), _damped(grams))


def _damped(weights: dict[int, float]) -> dict[int, float]:
    """What is said again counts, but less each time."""
    return {feature: 1 + math.log(1 + weight) if weight >= 1 else weight for feature, weight in weights.items()}


@lru_cache(maxsize=50_000)
def _numbered(word: language.Word) -> tuple[tuple[int, float], ...]:
    return tuple((number(term), share) for term, share in word_terms(word).items())


@lru_cache(maxsize=50_000)
def _letters(key: str) -> tuple[int, ...]:
    return tuple(number(gram) for gram in letters(key))


def word_terms(word: language.Word) -> dict[str, float]:
    """The features of one word and how much of it each stands for (the word itself: 1)."""
    shares = {word.key: 1.0}
    concepts = language.concepts()
    for meaning in concepts.get((word.key,), ()):
        shares[meaning] = MEANING
    if len(word.parts) > 1:
        for part in word.parts:
            shares.setdefault(part, PART)
            for meaning in concepts.get((part,), ()):
                shares.setdefault(meaning, MEANING_OF_PART)
    for part in word.parts:
        for inner in lexicon.inner_parts().get(part, ()):
            shares.setdefault(inner, INNER_PART)
    return shares


def phrase_meanings(found: list[language.Word]) -> Iterator[str]:
    """Meanings of two or three words together, other words left out between them at most one."""
    concepts = language.concepts()
    keys = [word.key for word in found]
    for start, first in enumerate(keys):
        for second in range(start + 1, min(start + _PHRASE_REACH, len(keys))):
            yield from concepts.get((first, keys[second]), ())
            if second + 1 < len(keys):
                yield from concepts.get((first, keys[second], keys[second + 1]), ())


def letters(key: str) -> Iterable[str]:
    """The runs of letters in a word."""
    padded = f"_{key}_"
    for size in GRAM_SIZES:
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


def number(feature: str) -> int:
    """A feature's number, 31 bits, the same in every process."""
    return crc32(feature.encode()) & 0x7FFFFFFF


def in_title(term: int) -> int:
    """The number that says a term stands in the title."""
    return crc32(term.to_bytes(4, "little"), 1) & 0x7FFFFFFF
