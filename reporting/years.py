"""The years there can be plans and reports on."""

from ksf.periods import today

FIRST_YEAR = 2024
"""The first of the establishment plan."""


def planned() -> range:
    """From the first year to the next."""
    return range(FIRST_YEAR, today().year + 2)


def reported() -> range:
    """From the first year to this one."""
    return range(FIRST_YEAR, today().year + 1)
