"""Norwegian words by sound and without endings: rules alone, no word of the language is known here."""

import re
from collections.abc import Iterator
from functools import cache

from needs.search.data import lines

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(.{3})l[ei]gt?$", r"\1lig"),
        (r"(.{3})lige$", r"\1lig"),
        (r"^hv", "kv"),
        (r"øy", "ø"),
        (r"au", "ø"),
        (r"ei", "e"),
        (r"æ", "e"),
        (r"leghet", "lighet"),
        (r"([kgth])j", r"\1"),
        (r"w", "v"),
        (r"ck", "kk"),
        (r"th", "t"),
    )
)
_DOUBLED = re.compile(r"([^aeiouyæøå])\1+")
SHORTEST_STEM = 3
_STEM_BEFORE = {"ers": 4, "ars": 4, "ens": 4, "ets": 4, "het": 4, "lek": 4, "s": 4}
_ONLY_AFTER = {"ne": ("er", "ar"), "t": ("al", "lig", "iv")}
_NEVER_AFTER = {"et": ("h",), "s": ("s", "n", "i", "u")}
_PASSES = 4


def spelled(word: str) -> str:
    """The word by sound, so that most bokmål and nynorsk spellings agree."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def forms(word: str) -> Iterator[str]:
    """A spelled word as it is, then without one ending after the other, of inflection and of common derivations."""
    yield single(word)
    for _ in range(_PASSES):
        shorter = _stripped(word)
        if shorter == word:
            break
        word = shorter
        yield _whole(single(word))


def stem(word: str) -> str:
    """A spelled word without all its endings."""
    *_before, last = forms(word)
    return _whole(last)


def _whole(stem: str) -> str:
    """Sykl-ing as sykkel: the vowel an ending has taken."""
    if len(stem) > SHORTEST_STEM and stem[-1] == "l" and stem[-2] not in "aeiouyøål":
        return f"{stem[:-1]}el"
    return stem


def sound_of(word: str) -> str:
    """The word by sound without doubled letters, endings and all."""
    return single(spelled(word))


def spelled_stem(word: str) -> str:
    """The stem of a written word, by sound."""
    return stem(spelled(word))


def single(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)


def _stripped(word: str) -> str:
    for ending in _endings():
        rest = word.removesuffix(ending)
        if rest == word or len(rest) < _STEM_BEFORE.get(ending, SHORTEST_STEM):
            continue
        if ending in _ONLY_AFTER and not rest.endswith(_ONLY_AFTER[ending]):
            continue
        if ending in _NEVER_AFTER and rest.endswith(_NEVER_AFTER[ending]):
            continue
        if len(rest) == SHORTEST_STEM and ending.startswith(("ning", "ing")):
            return f"{rest}ing"
        return rest
    return word


@cache
def _endings() -> tuple[str, ...]:
    """The longest first."""
    return tuple(sorted((ending for line in lines("endings.txt") for ending in line.split()), key=len, reverse=True))
