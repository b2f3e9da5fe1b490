"""What a word that may be unfinished or misspelled can stand for, among the words the needs have."""

import re
from collections.abc import Iterable
from functools import lru_cache

from needs.search import features, text
from needs.search.sound import sound_of, spelled_stem

COMPLETED = 0.85
CONTAINED = 0.8
ALIKE = 0.8
LEAST_LIKENESS = 0.4
SHORTEST_COMPLETED = 3
SHORTEST_CORRECTED = 5
SHORTEST_PART = 4
MOST_GUESSED = 8
GUESSES = 10
_PLAIN_LETTERS = str.maketrans("åæø", "aeo")
_TYPED = (("aa", "å"), ("ae", "æ"), ("oe", "ø"))
_VOWEL = re.compile("[aeiouyæøå]")


def guesses_for(asked: Iterable[str], vocabulary: Iterable[str]) -> dict[str, list[tuple[str, float]]]:
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
            found[word] = best[:GUESSES]
    return found


def likeness(word: str, other: str, *, typed: bool) -> float:
    """How much of what ``word`` asks ``other`` may stand for, 0..1. ``typed``: the corpus does not have the word."""
    if word == other or text.analyse(word).key == text.analyse(other).key:
        return 0.0
    if typed and other.startswith(word):
        return COMPLETED
    known = text.is_known(word)
    if typed and not known and (near := misspelled(word, other)):
        return near
    return 0.0 if known and text.is_known(other) else _shared(_stem(word), _stem(other))


def misspelled(word: str, other: str) -> float:
    """How surely ``word`` is ``other`` misspelled: 0 or more than a half. One slip in five letters is allowed.

    Words that sound alike, or do so when å, æ and ø are typed as a, e and o (or aa, ae and oe), differ by half a slip.
    """
    longest = max(len(word), len(other))
    if longest >= SHORTEST_CORRECTED and without_accents(word) == without_accents(other):
        return COMPLETED - 0.5 / longest
    allowed = min(2, longest // 5)
    if abs(len(word) - len(other)) > allowed or (word[0] != other[0] and word[1::-1] != other[:2]):
        return 0.0
    if len(set(word) ^ set(other)) > 2 * allowed:
        return 0.0
    slips = _slips(word, other, allowed)
    return COMPLETED - slips / longest if slips <= allowed else 0.0


@lru_cache(maxsize=50_000)
def without_accents(word: str) -> str:
    """The word by sound, in letters that every keyboard has: pårørende, paarorende and parorende → parorende."""
    for typed, letter in _TYPED:
        word = word.replace(typed, letter)
    return sound_of(word).translate(_PLAIN_LETTERS)


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


_stem = lru_cache(maxsize=50_000)(spelled_stem)


@lru_cache(maxsize=50_000)
def _runs(word: str) -> frozenset[str]:
    return frozenset(features.letters(word))


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
