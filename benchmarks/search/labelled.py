"""The labelled set: needs, which of them are duplicates, and queries with graded answers."""

from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

HERE = Path(__file__).parent


FRESH = "written afterwards"


@dataclass(frozen=True)
class Need:
    pk: int
    topic: str
    language: str
    title: str
    text: str
    half: str


@dataclass(frozen=True)
class Query:
    text: str
    grades: dict[str, int]
    half: str


def half(name: str) -> str:
    """Topics and queries are put in one half or the other by a checksum of their name."""
    return "development" if crc32(name.encode()) % 2 else "held out"


def needs() -> list[Need]:
    """The halves of ``needs.txt`` and the needs written after the language data was finished."""
    rows = [(*line.split("|"), half(line.split("|")[0])) for line in _lines("needs.txt")]
    rows += [(*line.split("|"), FRESH) for line in _lines("fresh_needs.txt")]
    return [Need(pk, *row) for pk, row in enumerate(rows, start=1)]


def queries() -> list[Query]:
    return [_query(line, half(line.split("|")[0])) for line in _lines("queries.txt")] + [
        _query(line, FRESH) for line in _lines("fresh_queries.txt")
    ]


def _query(line: str, group: str) -> Query:
    query, answers, touching = line.split("|")
    return Query(query, dict.fromkeys(touching.split(), 1) | dict.fromkeys(answers.split(), 2), group)


def nonsense() -> list[str]:
    return _lines("nonsense.txt")


def _lines(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
