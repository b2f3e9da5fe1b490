"""Norwegian words to comparable keys: one key for bokmål, nynorsk, every inflection and common derivations.

A word is lowered and spelled by sound (heim/hjem → hem, auke/øke → øke), cut into known parts
(sjukeheimsplassane → sykehjem + plass), each part cut to its stem and exchanged for its bokmål stem.
What belongs to the language lies in ``data/``; nothing here knows a single word.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LONGEST_WORD = 40
MOST_WORDS = 1500

_WORD = re.compile(r"[0-9a-zæøå]+(?:-[0-9a-zæøå]+)*")
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
_SHORTEST_STEM = 3
_STEM_BEFORE = {"ers": 4, "ars": 4, "ens": 4, "ets": 4, "het": 4, "lek": 4, "s": 4}
_ONLY_AFTER = {"ne": ("er", "ar"), "t": ("al", "lig", "iv")}
_NEVER_AFTER = {"et": ("h",), "s": ("s", "n", "i", "u")}
_PASSES = 4
_LINKS = {"": 0.0, "s": 0.05, "e": 0.1, "er": 0.3, "en": 0.4}
_SURELY_A_WORD = 8
_PART_UNKNOWN = 4
_PART_BESIDE_UNKNOWN = 5


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: ``key`` compares words, ``parts`` are the keys of its compound parts (itself if simple)."""

    key: str
    parts: tuple[str, ...]
    weak: bool


def words(text: str) -> list[str]:
    """The words of a text in lower case without accents (æ, ø and å stay), at most ``MOST_WORDS``."""
    text = unicodedata.normalize("NFC", text[: MOST_WORDS * 20]).lower()
    text = "".join(letter if letter in "æøå" else _plain(letter) for letter in text)
    return [word[:LONGEST_WORD] for word in _WORD.findall(text)[:MOST_WORDS]]


def content(text: str) -> list[str]:
    """The words of a text that are not function words."""
    return [word for word in words(text) if word not in stopwords()]


@lru_cache(maxsize=50_000)
def analyse(word: str) -> Word:
    """The keys of one word as ``words`` gives it."""
    if "-" in word:
        parts = tuple(key for piece in word.split("-") if piece for key in _cut(piece))
        known = canonical().get(stem(spelled(word.replace("-", ""))))
        if known:
            parts = (known,)
    else:
        parts = _cut(word)
    key = "+".join(parts)
    return Word(key, parts, key in weak())


def is_known(word: str) -> bool:
    """Whether all parts of a word stand in the language data, so that its meaning need not be guessed."""
    return all(part in known_keys() for part in analyse(word).parts)


@cache
def known_keys() -> frozenset[str]:
    return frozenset(canonical().values())


@cache
def stopwords() -> frozenset[str]:
    return frozenset(word for line in _lines("stopwords.txt") for word in line.split())


@cache
def weak() -> frozenset[str]:
    """Keys of words that nearly every need contains."""
    return frozenset("+".join(_cut(word)) for line in _lines("weak.txt") for word in line.split())


@cache
def canonical() -> dict[str, str]:
    """The known words (whole and as stems, bokmål and nynorsk) and the key each stands for."""
    keys: dict[str, str] = {}
    for line in _lines("parts.txt"):
        for word in line.split():
            _add(keys, word, stem(spelled(word)))
    for line in _lines("nynorsk.txt"):
        nynorsk, bokmaal = line.split("=")
        key = stem(spelled(bokmaal))
        _add(keys, bokmaal, key)
        _add(keys, nynorsk, keys[key], over=True)
    return keys


def _add(keys: dict[str, str], word: str, key: str, *, over: bool = False) -> None:
    for form in (stem(spelled(word)), _single(spelled(word))):
        if over or form not in keys:
            keys[form] = key


@cache
def surfaces() -> dict[str, str]:
    """Whole words that are read as another word (irregular forms that are also stems of something else)."""
    return dict(line.split("=") for line in _lines("irregular.txt"))


@cache
def short_parts() -> frozenset[str]:
    """Parts of at most three sounds that really stand in compounds; others would be found by accident."""
    return frozenset(_single(spelled(word)) for line in _lines("short_parts.txt") for word in line.split())


@cache
def _set_phrases() -> dict[tuple[str, ...], str]:
    """Known words that are compounds themselves: their parts → their one key."""
    found = {}
    for form, key in canonical().items():
        parts = _known_parts(form, besides=form)
        if parts and len(parts) > 1:
            found[parts] = key
    return found


def set_phrase(parts: tuple[str, ...]) -> str:
    """The one key of a known compound, given its parts; empty when they make none."""
    return _set_phrases().get(parts, "")


@cache
def inner_parts() -> dict[str, tuple[str, ...]]:
    """Key of a known compound → its parts (sykehjem → syk, hjem)."""
    return {key: parts for parts, key in _set_phrases().items()}


@cache
def concepts() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Key (or keys of a phrase) → the numbered meanings it shares with other words (``synonyms.txt``)."""
    found: dict[tuple[str, ...], list[str]] = {}
    for number, line in enumerate(_lines("synonyms.txt")):
        for entry in line.split():
            phrase = [word for word in entry.split("_") if word not in stopwords()]
            if "_" in entry and len(phrase) == 1:
                continue
            keys = tuple(analyse(word).key for word in phrase)
            found.setdefault(keys, []).append(f"#{number}")
    return {keys: tuple(dict.fromkeys(meanings)) for keys, meanings in found.items()}


def spelled(word: str) -> str:
    """The word by sound, so that most bokmål and nynorsk spellings agree."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def stem(word: str) -> str:
    """A spelled word without its inflection and its most common derivations."""
    for _ in range(_PASSES):
        shorter = _stripped(word)
        if shorter == word:
            break
        word = shorter
    word = _single(word)
    if len(word) > _SHORTEST_STEM and word[-1] == "l" and word[-2] not in "aeiouyøål":
        word = word[:-1] + "el"
    return word


def sound(word: str) -> str:
    """The word by sound without doubled letters, endings and all."""
    return _single(spelled(word))


def spelled_stem(word: str) -> str:
    """The stem of a written word, by sound."""
    return stem(spelled(word))


def _stripped(word: str) -> str:
    for ending in _endings():
        rest = word.removesuffix(ending)
        if rest == word or len(rest) < _STEM_BEFORE.get(ending, _SHORTEST_STEM):
            continue
        if ending in _ONLY_AFTER and not rest.endswith(_ONLY_AFTER[ending]):
            continue
        if ending in _NEVER_AFTER and rest.endswith(_NEVER_AFTER[ending]):
            continue
        if len(rest) == _SHORTEST_STEM and ending.startswith(("ning", "ing")):
            return f"{rest}ing"
        return rest
    return word


@cache
def _endings() -> tuple[str, ...]:
    """The longest first."""
    return tuple(sorted((ending for line in _lines("endings.txt") for ending in line.split()), key=len, reverse=True))


def _single(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=50_000)
def _cut(word: str) -> tuple[str, ...]:
    """The keys of the parts of a word: the cheapest way to read it as known parts, at most one part unknown."""
    keys = canonical()
    sound = spelled(surfaces().get(word, word))
    whole = stem(sound)
    if whole in keys:
        return (keys[whole],)
    if len(sound) <= _PART_BESIDE_UNKNOWN or sound[0].isdigit():
        return (whole,)
    parts = _known_parts(sound) or _with_one_unknown(sound) or (whole,)
    return _joined(parts)


def _joined(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Neighbouring parts that make a known word become that word."""
    for length in range(len(parts), 1, -1):
        for start in range(len(parts) - length + 1):
            key = _set_phrases().get(parts[start : start + length])
            if key:
                return _joined((*parts[:start], key, *parts[start + length :]))
    return parts


def _known_parts(sound: str, besides: str = "") -> tuple[str, ...] | None:
    """The reading as known parts only that needs the fewest; ``besides`` may not be one of them."""
    best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    answer: tuple[float, tuple[str, ...]] | None = None
    for start in range(len(sound)):
        if start not in best:
            continue
        cost, before = best[start]
        last = _part(stem(sound[start:]), besides, length=len(sound) - start)
        if last and before and (answer is None or cost + 1 < answer[0]):
            answer = (cost + 1, (*before, last))
        for end in range(start + 2, len(sound) - 1):
            key = _part(_single(sound[start:end]), besides)
            if key is None:
                continue
            price = cost + 1 + max(0, 5 - (end - start)) * 0.25
            for link, extra in _LINKS.items():
                at = end + len(link)
                if sound.startswith(link, end) and (at not in best or price + extra < best[at][0]):
                    best[at] = (price + extra, (*before, key))
    return answer[1] if answer else None


def _part(form: str, besides: str, length: int = 0) -> str | None:
    accidental = len(form) <= _SHORTEST_STEM and length < _SURELY_A_WORD
    if form == besides or (accidental and form not in short_parts()):
        return None
    return canonical().get(form)


def _with_one_unknown(sound: str) -> tuple[str, ...] | None:
    """A known part (long enough to be no accident) at the beginning or the end, the rest as it is."""
    keys = canonical()
    for length in range(len(sound) - _PART_UNKNOWN, _PART_BESIDE_UNKNOWN - 1, -1):
        tail = stem(sound[-length:])
        if len(tail) >= _PART_BESIDE_UNKNOWN and tail in keys:
            return (stem(sound[:-length].removesuffix("s")), keys[tail])
        head = _single(sound[:length])
        if head in keys and len(head) >= _PART_BESIDE_UNKNOWN:
            rest = sound[length:].removeprefix("s")
            if len(rest) >= _PART_UNKNOWN and len(stem(rest)) >= _PART_UNKNOWN:
                return (keys[head], stem(rest))
    return None


def _plain(letter: str) -> str:
    if letter in "äö":
        return "æ" if letter == "ä" else "ø"
    return unicodedata.normalize("NFD", letter)[0] if letter.isalpha() else letter


@cache
def _lines(name: str) -> tuple[str, ...]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
