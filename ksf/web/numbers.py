"""Numbers as they are written in Norwegian: thin spaces in thousands, a space that never breaks before the unit."""

import re
from decimal import Decimal

THIN, NBSP, MINUS = "\u202f", "\u00a0", "\u2212"
WHOLE = re.compile(r"[0-9]{1,18}")
"""More digits no number of the database has."""

SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
UNITS = re.compile(r"^kr\.? ?|(?: ?kr\.?| ?kroner)$|,-$| ?%$", re.IGNORECASE)
UNGROUPED = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]{1,2}|[0-9]{4,}))?")
GROUPED = re.compile(r"(?P<whole>[0-9]{1,3}(?:(?P<mark>[ .])[0-9]{3})(?:(?P=mark)[0-9]{3})*)(?:,(?P<part>[0-9]+))?")
COMMA_AND_THREE = re.compile(r"(?P<whole>[0-9]+),(?P<part>[0-9]{3})")


class NotANumber(ValueError):
    """The text is no number as Norwegians write them."""


class WronglyGrouped(NotANumber):
    """The digits stand in groups that are not of three, so one cannot tell how much is meant: ``120 0000``."""


def whole(text: str) -> int | None:
    """Return the number that a page has sent back as text; None for anything else."""
    return int(text) if WHOLE.fullmatch(text) else None


def read_number(text: str) -> Decimal:
    """The number that somebody has typed (X9): ``250 000``, ``250.000``, ``kr 250000,-``, ``12,5``, ``50 %``.

    Thousands are set apart by a space of any kind or a point, decimals by a comma; a point before one or two digits is
    taken for a comma. Raises NotANumber, and WronglyGrouped for groups that are not of three.
    """
    tidy = SPACES.sub(" ", text).strip()
    for _side in range(2):  # the unit may stand before the number, and ``,-`` after it
        tidy = UNITS.sub("", tidy).strip()
    sign, digits = ("-", tidy[1:].lstrip()) if tidy[:1] in ("-", MINUS, "–") else ("", tidy)
    found = GROUPED.fullmatch(digits) or UNGROUPED.fullmatch(digits) or COMMA_AND_THREE.fullmatch(digits)
    if found is None:
        is_grouped = re.fullmatch(r"[0-9]+(?:[ .,][0-9]+)+", digits)
        raise (WronglyGrouped if is_grouped else NotANumber)(text)
    return Decimal(f"{sign}{re.sub(r'[ .]', '', found['whole'])}.{found['part'] or 0}")


def spaced(number: int) -> str:
    """Return ``1250000`` as ``1 250 000`` with U+202F between thousands."""
    return f"{number:,}".replace(",", THIN).replace("-", MINUS)


def with_comma(number: Decimal) -> str:
    """Return ``1250.50`` as ``1 250,5``: thin spaces, a comma, and no zeros at the end."""
    integer, _point, part = f"{number:f}".partition(".")
    part = part.rstrip("0")
    sign = MINUS if integer.startswith("-") else ""
    return f"{sign}{spaced(abs(int(integer)))}{',' if part else ''}{part}"


def kroner(amount: int) -> str:
    """Return an amount with its unit, ``1 250 000 kr``, unbreakable."""
    return f"{spaced(amount)}{NBSP}kr"
