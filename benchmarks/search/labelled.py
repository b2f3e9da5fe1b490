"""Four labelled sets: needs, which of them are duplicates, and queries with graded answers.

Needs stand as ``topic|language|title|description``; needs with the same topic are duplicates of each other.
"""

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
    kind: str = ""


@dataclass(frozen=True)
class Labelled:
    """Everything one set holds. ``nonsense``: queries that nothing in it answers."""

    needs: list[Need]
    queries: list[Query]
    nonsense: list[str]


def half(name: str) -> str:
    """Topics and queries are put in one half or the other by a checksum of their name."""
    return "development" if crc32(name.encode()) % 2 else "held out"


def first() -> Labelled:
    """By the author of the language data: two halves, and what was written after the language data was finished."""
    rows = [(*line.split("|"), half(line.split("|")[0])) for line in _lines("needs.txt")]
    rows += [(*line.split("|"), FRESH) for line in _lines("fresh_needs.txt")]
    queries = [_query(line, half(line.split("|")[0])) for line in _lines("queries.txt")]
    queries += [_query(line, FRESH) for line in _lines("fresh_queries.txt")]
    return Labelled([Need(pk, *row) for pk, row in enumerate(rows, start=1)], queries, _lines("nonsense.txt"))


def second() -> Labelled:
    """Written without sight of the language data and of the first set; grades 0 to 3."""
    return _graded_set("second")


def third() -> Labelled:
    """Written, again without sight of the language data, when the two others had been worked on."""
    return _graded_set("third")


def fourth() -> Labelled:
    """Written before the language data was widened to the health field, and looked at only as a whole."""
    return _graded_set("fourth")


SETS = {"first": first, "second": second, "third": third, "fourth": fourth}


def _graded_set(folder: str) -> Labelled:
    rows = [(*line.split("|"), half(line.split("|")[0])) for line in _lines(f"{folder}/needs.txt")]
    return Labelled(
        [Need(pk, *row) for pk, row in enumerate(rows, start=1)],
        [_graded(line) for line in _lines(f"{folder}/queries.txt")],
        _lines(f"{folder}/nonsense.txt"),
    )


def _query(line: str, group: str) -> Query:
    query, answers, touching = line.split("|")
    return Query(query, dict.fromkeys(touching.split(), 1) | dict.fromkeys(answers.split(), 2), group)


def _graded(line: str) -> Query:
    query, kind, *answers = line.split("|")
    grades = {topic: grade for grade, topics in zip((3, 2, 1), answers, strict=True) for topic in topics.split()}
    return Query(query, grades, half(query), kind)


def _lines(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
