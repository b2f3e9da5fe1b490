"""The words of a text, and what each is compared by.

A word is lowered and spelled by sound (heim/hjem → hem, auke/øke → øke), cut into known parts
(sjukeheimsplassane → sykehjem + plass), each part cut to its stem and exchanged for its bokmål stem.
What belongs to the language lies in ``data/``; nothing here knows a single word.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from needs.search import lexicon
from needs.search.data import lines
from needs.search.sound import spelled, stem

LONGEST_WORD = 40
MOST_WORDS = 1500

_WORD = re.compile(r"[0-9a-zæøåA-ZÆØÅ]+(?:-[0-9a-zæøåA-ZÆØÅ]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: ``key`` compares words, ``parts`` are the keys of its compound parts (itself if simple)."""

    key: str
    parts: tuple[str, ...]
    weak: bool


def words_in(text: str) -> list[str]:
    """The words of a text in lower case without accents (æ, ø and å stay), at most ``MOST_WORDS``."""
    return [word.lower() for word in _words_as_typed(text)]


def content(text: str) -> list[str]:
    """The words of a text that are not function words. Abbreviations in capitals never are (LAR is not lar)."""
    as_typed = _words_as_typed(text)
    has_small_letters = any(word.islower() for word in as_typed)
    return [
        word.lower()
        for word in as_typed
        if word.lower() not in stopwords() or (has_small_letters and len(word) > 1 and word.isupper())
    ]


def _words_as_typed(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", text[: MOST_WORDS * 20])
    text = "".join(letter if letter in "æøåÆØÅ" else _without_accent(letter) for letter in text)
    return [word[:LONGEST_WORD] for word in _WORD.findall(text)[:MOST_WORDS]]


@lru_cache(maxsize=50_000)
def analyse(word: str) -> Word:
    """The keys of one word as ``words_in`` gives it."""
    if "-" in word:
        parts = tuple(key for piece in word.split("-") if piece for key in lexicon.read(piece))
        known = lexicon.canonical().get(stem(spelled(word.replace("-", ""))))
        if known:
            parts = (known,)
    else:
        parts = lexicon.read(word)
    key = "+".join(parts)
    return Word(key, parts, key in weak())


def is_known(word: str) -> bool:
    """Whether all parts of a word stand in the language data, so that its meaning need not be guessed."""
    return all(part in lexicon.known_keys() for part in analyse(word).parts)


@cache
def stopwords() -> frozenset[str]:
    return frozenset(word for line in lines("stopwords.txt") for word in line.split())


@cache
def weak() -> frozenset[str]:
    """Keys of words_in that nearly every need contains."""
    return frozenset("+".join(lexicon.read(word)) for line in lines("weak.txt") for word in line.split())


@cache
def concepts() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Key (or keys of a phrase) → the numbered meanings it shares with other words (``synonyms.txt``)."""
    found: dict[tuple[str, ...], list[str]] = {}
    for number, line in enumerate(lines("synonyms.txt")):
        for entry in line.split():
            phrase = [word for word in entry.split("_") if word not in stopwords()]
            if "_" in entry and len(phrase) == 1:
                continue
            keys = tuple(analyse(word).key for word in phrase)
            found.setdefault(keys, []).append(f"#{number}")
    return {keys: tuple(dict.fromkeys(meanings)) for keys, meanings in found.items()}


def _without_accent(letter: str) -> str:
    if letter in "äöÄÖ":
        return "æøÆØ"["äöÄÖ".index(letter)]
    return unicodedata.normalize("NFD", letter)[0] if letter.isalpha() else letter
