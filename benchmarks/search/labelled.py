"""The labelled set: needs, which of them are duplicates, and queries with graded answers."""

from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Need:
    pk: int
    topic: str
    language: str
    title: str
    text: str

    @property
    def half(self) -> str:
        """Topics are put in one half or the other by a checksum of their name."""
        return half(self.topic)


@dataclass(frozen=True)
class Query:
    text: str
    grades: dict[str, int]

    @property
    def half(self) -> str:
        return half(self.text)


def half(name: str) -> str:
    return "development" if crc32(name.encode()) % 2 else "held out"


def needs() -> list[Need]:
    rows = [line.split("|") for line in _lines("needs.txt")]
    return [Need(pk, *row) for pk, row in enumerate(rows, start=1)]


def queries() -> list[Query]:
    found = []
    for line in _lines("queries.txt"):
        query, answers, touching = line.split("|")
        grades = dict.fromkeys(touching.split(), 1) | dict.fromkeys(answers.split(), 2)
        found.append(Query(query, grades))
    return found


def nonsense() -> list[str]:
    return _lines("nonsense.txt")


def _lines(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
