"""Texts that KSF writes in both written forms of Norwegian."""

from typing import Any

from django.utils.translation import get_language


class Bilingual:
    """Reads ``<name>_nn`` for those who read nynorsk, when it is written, else ``<name>_nb``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        return in_language(row, self.name, get_language() or "nb")


def in_language(row: Any, name: str, language: str) -> str:
    """The text ``name`` of ``row`` in ``language``, in bokmål where there is none."""
    nynorsk = getattr(row, f"{name}_nn") if language == "nn" else ""
    return nynorsk or getattr(row, f"{name}_nb")
