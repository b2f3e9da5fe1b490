"""Two texts line by line: what is gone, what is new."""

from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 500
"""Longer texts are not compared: the time it takes grows with the square of their lines, and worse."""


@dataclass(frozen=True)
class ComparedLine:
    text: str
    is_gone: bool = False
    is_new: bool = False


def compared(before: str, after: str) -> list[ComparedLine] | None:
    """The lines of both texts in order; None for texts too long to compare. Lines that nobody wrote in are left out."""
    old, new = ([line for line in text.splitlines() if line.strip()] for text in (before, after))
    if max(len(old), len(new)) > MOST_LINES:
        return None
    found = []
    for tag, first, end, other, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [ComparedLine(line) for line in old[first:end]]
            continue
        found += [ComparedLine(line, is_gone=True) for line in old[first:end]]
        found += [ComparedLine(line, is_new=True) for line in new[other:other_end]]
    return found
