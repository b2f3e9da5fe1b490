"""The days of a call: the order they must come in, and what a call like it would have the year after (G3)."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Day = TypeVar("Day", date, datetime)

FRIDAY = 5
"""The last working day of the week, Monday being 1."""
IN_ORDER = ("opens_at", "deadline_at", "review_due_on", "decision_on")
TOO_EARLY: Mapping[str, Promise] = {
    "deadline_at": _("The deadline must be after the opening."),
    "review_due_on": _("The reviews must be due after the deadline."),
    "decision_on": _("The decision must be after the reviews are due."),
}
"""What is said of a day that does not come after those before it."""


def out_of_order(days: Mapping[str, Any]) -> dict[str, Promise]:
    """The fields whose day comes too early, and what to say; ``days`` that are empty are passed over.

    Reviews may be due, and the decision be made, on the day after what comes before them at the earliest.
    """
    found: dict[str, Promise] = {}
    latest: date | datetime | None = None
    for name in IN_ORDER:
        day = days.get(name)
        if day is None:
            continue
        if latest is not None and not _is_after(day, latest):
            found[name] = TOO_EARLY[name]
        else:
            latest = day
    if (begins := days.get("period_from")) and (ends := days.get("period_to")) and begins >= ends:
        found["period_to"] = _("The period must end after it begins.")
    return found


def _is_after(day: date | datetime, earlier: date | datetime) -> bool:
    if isinstance(day, datetime) and isinstance(earlier, datetime):
        return day > earlier
    return _local_day(day) > _local_day(earlier)


def _local_day(moment: date | datetime) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def a_year_later(day: Day) -> Day:
    """The same day a year on; a moment at the same time in Norway, and on a working day."""
    if isinstance(day, datetime):
        local = timezone.localtime(day)
        return timezone.make_aware(datetime.combine(a_working_day(a_year_later(local.date())), local.time()))
    return years_later(day, 1)


def years_later(day: date, years: int) -> date:
    """The same day so many years on; the end of a month stays one."""
    after = day + timedelta(days=1)
    return months_after(after, 12 * years) - timedelta(days=1) if after.day == 1 else months_after(day, 12 * years)


def a_working_day(day: date) -> date:
    """The day itself, or the Monday after a Saturday or Sunday: nothing is due in a weekend."""
    return day + timedelta(days=max(7 - day.weekday(), 0)) if day.isoweekday() > FRIDAY else day


def months_after(day: date, months: int) -> date:
    """The same day so many months on (before, when negative), or the last of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
