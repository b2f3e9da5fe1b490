"""Texts that KSF writes in both written forms of Norwegian."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language


class Bilingual:
    """Reads ``<name>_nn`` for those who read nynorsk, when it is written, else ``<name>_nb``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, row: object, owner: type | None = None) -> Any:
        if row is None:
            return self
        return in_language(row, self.name, get_language() or "nb")


def in_language(row: object, name: str, language: str) -> str:
    """The text ``name`` of ``row`` in ``language``, in bokmål where there is none."""
    nynorsk = getattr(row, f"{name}_nn") if language == "nn" else ""
    return nynorsk or getattr(row, f"{name}_nb")


@dataclass(frozen=True)
class BothForms:
    """A text in bokmål, and in nynorsk where it is written; as text it is in the reader's form."""

    nb: str
    nn: str = ""

    def __str__(self) -> str:
        return (self.nn if get_language() == "nn" else "") or self.nb


def both_forms(row: object, name: str) -> BothForms:
    """The text ``name`` of ``row``, to be read in a language that is chosen later."""
    return BothForms(getattr(row, f"{name}_nb"), getattr(row, f"{name}_nn"))
