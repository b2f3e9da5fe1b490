"""Days, moments and deadlines in words, in the active language and in Oslo's time."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

SOON = 7


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
