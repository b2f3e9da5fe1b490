"""Days, moments and deadlines in words and as people type them, in the active language and in Oslo's time."""

import re
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

SOON = 7
CENTURY = 2000
MONTHS = ["jan", "feb", "mar", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "des"]
ENGLISH = {"may": "mai", "oct": "okt", "dec": "des"}
LONG_MONTHS = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
    "january",
    "february",
    "march",
    "may",
    "june",
    "july",
    "october",
    "december",
]
YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
DAY_FIRST = re.compile(
    r"(?P<day>[0-9]{1,2})(?:[./-] ?| )(?:(?P<month>[0-9]{1,2})(?:[./-] ?| )|(?P<name>[a-z]{3,9})\.? )"
    r"(?P<year>[0-9]{4}|[0-9]{2})"
)
CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})[.:](?P<minute>[0-9]{2})(?:[.:](?P<second>[0-9]{2}))?")


def local(value: date | datetime) -> date | datetime:
    """Return a moment in the portal's own time zone; a date as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) else value


def in_words(value: date | datetime) -> str:
    """Return ``22. november 2026``, for a moment ``22. november 2026 kl. 13.00``."""
    if isinstance(value, datetime):
        # Translators: Django's date format for a day with its time, as in "22. november 2026 kl. 13.00".
        return formatted(local(value), pgettext("date format", "j F Y \\a\\t H:i"))
    # Translators: Django's date format for a day, as in "22. november 2026".
    return formatted(value, pgettext("date format", "j F Y"))


def days_until(value: date | datetime) -> int:
    """Return whole calendar days from today in Oslo; negative for what is past."""
    due = local(value)
    day = due.date() if isinstance(due, datetime) else due
    return (day - timezone.localdate()).days


def is_soon(value: date | datetime) -> bool:
    """Tell whether a deadline is within a week, or past."""
    return days_until(value) <= SOON


def relative(value: date | datetime) -> str:
    """Return how far off a day is: ``in 3 days``, ``today``, ``2 days ago``."""
    days = days_until(value)
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if days in near:
        return near[days]
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def read_day(text: str) -> date:
    """The day that somebody has typed (X9): ``14.1.2027``, ``14. januar 2027``, ``14/1-27``, ``2027-01-14``.

    Raises ValueError for what is no day of the calendar.
    """
    tidy = " ".join(text.lower().split())
    found = YEAR_FIRST.fullmatch(tidy) or DAY_FIRST.fullmatch(tidy)
    if found is None:
        raise ValueError(text)
    given = found.groupdict()
    year = int(given["year"])
    month = _month(given["name"]) if given.get("name") else int(given["month"])
    return date(year if len(given["year"]) > len("27") else CENTURY + year, month, int(given["day"]))


def read_moment(text: str) -> datetime:
    """The day and time that somebody has typed, without a time zone: ``14.1.2027 kl. 12.00``, ``2027-01-14T12:00``.

    Raises ValueError for what is no moment.
    """
    day, _space, clock = text.strip().replace("T", " ").rpartition(" ")
    found = CLOCK.fullmatch(clock)
    if found is None:
        raise ValueError(text)
    day = re.sub(r",?\s*(?:kl\.?)?\s*$", "", day, flags=re.IGNORECASE)
    hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime.combine(read_day(day), time(hour, minute, second))


def as_typed(value: date | datetime) -> str:
    """Return a day as one types it in Norwegian, ``14.1.2027``; a moment as ``14.1.2027 12.00`` in Oslo's time."""
    here = local(value)
    day = f"{here.day}.{here.month}.{here.year}"
    return f"{day} {here:%H.%M}" if isinstance(here, datetime) else day


def _month(name: str) -> int:
    short = ENGLISH.get(name[:3], name[:3])
    if short not in MONTHS or (len(name) > len("sept") and name not in LONG_MONTHS):
        raise ValueError(name)
    return MONTHS.index(short) + 1
