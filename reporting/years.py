"""The years there can be plans and reports on."""

from ksf.periods import today
from ksf.web.asof import EARLIEST

FIRST_YEAR = EARLIEST.year
"""The register goes no further back."""


def planned() -> range:
    """From the first year to the next."""
    return range(FIRST_YEAR, today().year + 2)


def reported() -> range:
    """From the first year to this one."""
    return range(FIRST_YEAR, today().year + 1)
