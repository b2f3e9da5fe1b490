"""The words that are known, and compounds read as known words: one key for bokmål, nynorsk and every inflection."""

from collections.abc import Iterator
from functools import cache, lru_cache

from needs.search.data import lines
from needs.search.sound import SHORTEST_STEM, forms, single, spelled, stem

_LINKS = {"": 0.0, "s": 0.05, "e": 0.1, "er": 0.3, "en": 0.4}
_SURELY_A_WORD = 8
_LONGEST_INFLECTION = 4
_PART_UNKNOWN = 4
_PART_BESIDE_UNKNOWN = 5


@lru_cache(maxsize=50_000)
def read(word: str) -> tuple[str, ...]:
    """The keys of the parts of a word: the cheapest way to read it as known parts, at most one part unknown."""
    keys = canonical()
    sound = spelled(surfaces().get(word, word))
    known = [form for form in (*forms(sound), single(sound.removesuffix("t"))) if form in keys]
    if known and len(sound) - len(known[0]) <= _LONGEST_INFLECTION:
        return (keys[known[0]],)
    whole = stem(sound)
    if len(sound) <= _PART_BESIDE_UNKNOWN or sound[0].isdigit():
        return (whole,)
    if parts := _known_parts(sound):
        return _joined(parts)
    if known:
        return (keys[known[0]],)
    return _joined(_with_one_unknown(sound) or (whole,))


@cache
def known_keys() -> frozenset[str]:
    return frozenset(canonical().values())


@cache
def canonical() -> dict[str, str]:
    """The known words (whole and as stems, bokmål and nynorsk) and the key each stands for."""
    keys = dict(_bokmaal())
    for nynorsk, bokmaal in _pairs():
        _add(keys, nynorsk, keys[stem(spelled(bokmaal))], over=True)
    return keys


@cache
def _bokmaal() -> dict[str, str]:
    keys: dict[str, str] = {}
    for word in (*(word for line in lines("parts.txt") for word in line.split()), *(pair[1] for pair in _pairs())):
        _add(keys, word, stem(spelled(word)))
    return keys


def _pairs() -> Iterator[list[str]]:
    """Nynorsk and bokmål, where no rule brings them together."""
    return (line.split("=") for line in lines("nynorsk.txt"))


def _add(keys: dict[str, str], word: str, key: str, *, over: bool = False) -> None:
    for form in (stem(spelled(word)), single(spelled(word))):
        if over or form not in keys:
            keys[form] = key


@cache
def surfaces() -> dict[str, str]:
    """Whole words that are read as another word (irregular forms that are also stems of something else)."""
    return dict(line.split("=") for line in lines("irregular.txt"))


@cache
def short_parts() -> frozenset[str]:
    """Parts of at most three sounds that really stand in compounds; others would be found by accident."""
    return frozenset(single(spelled(word)) for line in lines("short_parts.txt") for word in line.split())


@cache
def _set_phrases() -> dict[tuple[str, ...], str]:
    """Known words that are compounds themselves: their parts → their one key."""
    found = {}
    for form, key in _bokmaal().items():
        parts = _known_parts(form, besides=form)
        if parts and len(parts) > 1 and key not in parts:
            found[parts] = key
    return found


def set_phrase(parts: tuple[str, ...]) -> str:
    """The one key of a known compound, given its parts; empty when they make none."""
    return _set_phrases().get(parts, "")


@cache
def inner_parts() -> dict[str, tuple[str, ...]]:
    """Key of a known compound → its parts (sykehjem → syk, hjem)."""
    return {key: parts for parts, key in _set_phrases().items()}


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
        last = _last_part(sound[start:], besides) if before else None
        if last and (answer is None or cost + 1 < answer[0]):
            answer = (cost + 1, (*before, last))
        for end in range(start + 2, len(sound) - 1):
            key = _part(single(sound[start:end]), besides)
            if key is None:
                continue
            price = cost + 1 + max(0, 5 - (end - start)) * 0.25
            for link, extra in _LINKS.items():
                at = end + len(link)
                if sound.startswith(link, end) and (at not in best or price + extra < best[at][0]):
                    best[at] = (price + extra, (*before, key))
    return answer[1] if answer else None


def _last_part(sound: str, besides: str) -> str | None:
    return next(filter(None, (_part(form, besides, length=len(sound)) for form in forms(sound))), None)


def _part(form: str, besides: str, length: int = 0) -> str | None:
    accidental = len(form) <= SHORTEST_STEM and length < _SURELY_A_WORD
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
        head = single(sound[:length])
        if head in keys and len(head) >= _PART_BESIDE_UNKNOWN:
            rest = sound[length:].removeprefix("s")
            if len(rest) >= _PART_UNKNOWN and len(stem(rest)) >= _PART_UNKNOWN:
                return (keys[head], stem(rest))
    return None
