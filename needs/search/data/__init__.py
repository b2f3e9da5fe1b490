"""What belongs to the language: word lists, kept by hand."""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of one list, without remarks."""
    found = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in found if line and not line.startswith("#"))
