"""Numbers as they are written in Norwegian: thin spaces in thousands, a space that never breaks before the unit."""

import re

THIN, NBSP, MINUS = "\u202f", "\u00a0", "\u2212"
WHOLE = re.compile(r"[0-9]{1,18}")
"""More digits no number of the database has."""


def whole(text: str) -> int | None:
    """Return the number that a page has sent back as text; None for anything else."""
    return int(text) if WHOLE.fullmatch(text) else None


def spaced(number: int) -> str:
    """Return ``1250000`` as ``1 250 000`` with U+202F between thousands."""
    return f"{number:,}".replace(",", THIN).replace("-", MINUS)


def kroner(amount: int) -> str:
    """Return an amount with its unit, ``1 250 000 kr``, unbreakable."""
    return f"{spaced(amount)}{NBSP}kr"
