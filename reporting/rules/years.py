"""The years there can be plans and reports on."""

from datetime import date

from ksf.periods import today
from ksf.web.asof import EARLIEST

FIRST_YEAR = EARLIEST.year
"""The register goes no further back."""
FROM_MONTH = 9  # from September the year's report and the next year's plan wait for the coordinator


def planned() -> range:
    """From the first year to the next."""
    return range(FIRST_YEAR, today().year + 2)


def reported() -> range:
    """From the first year to this one."""
    return range(FIRST_YEAR, today().year + 1)


def reporting_year(day: date) -> int:
    """The year reports are written on: from September this one, before that the year before."""
    return day.year if day.month >= FROM_MONTH else day.year - 1
