"""Half-open periods of dates, ``[from, to)``: what every dated fact of the network rests on (S11)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from psycopg.types.range import DateRange

__all__ = ["DateRange", "DatedModel", "DatedQuerySet", "has_days", "never_twice", "period", "today"]


def today() -> date:
    """The date in Norway now."""
    return timezone.localdate()


def period(start: date, end: date | None = None) -> DateRange:
    """The half-open period ``[start, end)``; without ``end`` it runs on."""
    return DateRange(start, end, "[)")


class DatedQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """Rows in force on ``day``."""
        return self.filter(period__contains=day)

    def in_force(self) -> Self:
        """Rows in force today."""
        return self.on(today())

    def ended(self) -> Self:
        """Rows whose period is over today."""
        return self.filter(period__fully_lt=DateRange(today(), None, "[)"))


class DatedModel(models.Model):
    """A fact that holds for a half-open period of dates; past rows are ended, never overwritten (S11)."""

    period = DateRangeField()

    objects: ClassVar[Any] = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def starts_on(self) -> date:
        """The first day the row is in force."""
        return self.period.lower

    @property
    def ends_on(self) -> date | None:
        """The first day the row is no longer in force, or None while it runs on."""
        return self.period.upper

    @property
    def is_over(self) -> bool:
        """Whether the row no longer holds today."""
        return self.ends_on is not None and self.ends_on <= today()

    def is_in_force_on(self, day: date) -> bool:
        """Whether the row holds on ``day``."""
        return self.period.lower <= day and (self.period.upper is None or day < self.period.upper)


def never_twice(
    name: str,
    *columns: str,
    condition: Q | None = None,
    message: Any = None,  # Any: the stubs have no public name for a lazy text
) -> ExclusionConstraint:
    """A constraint that refuses two overlapping periods with the same values in the given id ``columns``.

    Without the extension btree_gist an id is compared as the one-number range ``[id, id]``.
    """
    expressions = [(Func(F(column), F(column), Value("[]"), function="int8range"), "&&") for column in columns]
    return ExclusionConstraint(
        name=name,
        expressions=[*expressions, ("period", "&&")],
        condition=condition,
        violation_error_message=message,
    )


def has_days(name: str) -> models.CheckConstraint:
    """A constraint that the period has a first day and holds at least one day."""
    return models.CheckConstraint(
        name=name,
        condition=Q(period__isempty=False) & Q(period__startswith__isnull=False),
    )
