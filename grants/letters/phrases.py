"""The wording of the letters, as KSF writes it in ``data/letters.yaml``.

It is read when the portal starts, and refused then if a form of Norwegian is missing or a table is not known.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from grants.letters.facts import LetterKind
from grants.models.texts import BothForms

FILE = Path(__file__).parents[1] / "data" / "letters.yaml"


class Condition(StrEnum):
    """When a part of a letter is there."""

    ALWAYS = ""
    IS_REDECISION = "is_redecision"
    IS_PARTIAL = "is_partial"
    HAS_DELIVERABLES = "has_deliverables"


class TableName(StrEnum):
    """The table beneath the text of a part, if any."""

    NONE = ""
    MEMBERS = "members"
    INSTALMENTS = "instalments"
    DELIVERABLES = "deliverables"
    SCORES = "scores"


@dataclass(frozen=True)
class LetterPart:
    """A heading and its text: paragraphs with an empty line between, and ``{names}`` of what is filled in."""

    heading: BothForms
    text: BothForms
    when: Condition
    table: TableName


@dataclass(frozen=True)
class LetterWording:
    """One of the three letters, without the parts that close them all."""

    title: BothForms
    lead: BothForms
    parts: tuple[LetterPart, ...]


@dataclass(frozen=True)
class TableWording:
    """A table's caption, its columns' headings and the name of its sum, if it has one."""

    caption: BothForms
    columns: tuple[BothForms, ...]
    total: BothForms | None


def _both(row: dict[str, str]) -> BothForms:
    return BothForms(row["nb"], row["nn"])


def _part(row: dict[str, Any]) -> LetterPart:
    when, table = Condition(row.get("when", "")), TableName(row.get("table", ""))
    return LetterPart(_both(row["heading"]), _both(row["text"]), when, table)


def _letter(row: dict[str, Any]) -> LetterWording:
    return LetterWording(_both(row["title"]), _both(row["lead"]), tuple(map(_part, row["parts"])))


def _table(row: dict[str, Any]) -> TableWording:
    columns = tuple(map(_both, row["columns"]))
    return TableWording(_both(row["caption"]), columns, _both(row["total"]) if "total" in row else None)


def _phrases(rows: dict[str, dict[str, str]]) -> dict[str, BothForms]:
    return {name: _both(row) for name, row in rows.items()}


_data = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)

SENDER: str = _data["sender"]
LETTERS = {outcome: _letter(_data[outcome]) for outcome in LetterKind}
CLOSING = tuple(map(_part, _data["closing"]))
"""The parts that close every letter."""
TABLES = {name: _table(_data["tables"][name]) for name in TableName if name}
LAW = _phrases(_data["law"])
FACTS = _phrases(_data["facts"])
"""Names of the facts beside the address."""
PHRASES = _phrases(_data["phrases"])
