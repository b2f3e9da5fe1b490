"""Goals, indicators and targets: data with versions, so that an old report keeps its definitions (R4)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p


def in_language(row: object, field: str) -> str:
    """The value of ``field_<language>`` in the active language, bokmål where there is none."""
    return getattr(row, f"{field}_{get_language() or 'nb'}", "") or getattr(row, f"{field}_nb")


class VersionedQuerySet(models.QuerySet):
    def for_year(self, year: int) -> Self:
        """The versions a report of ``year`` is written under: those in force, current wordings only."""
        return self.filter(Q(until_year__isnull=True) | Q(until_year__gte=year), from_year__lte=year, is_current=True)


class Versioned(models.Model):
    """A definition in one version. Its years are inclusive; ``until_year`` is empty while it runs on."""

    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    from_year = models.PositiveSmallIntegerField()
    until_year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_current = models.BooleanField(default=True, help_text="An alternative wording is kept but not used.")
    name_nb = models.CharField(max_length=200)
    name_nn = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    note = models.TextField(blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")


class Goal(Versioned):
    """One of the five main goals."""

    order = models.PositiveSmallIntegerField()
    text_nb = models.TextField()
    text_nn = models.TextField()
    text_en = models.TextField()

    class Meta:
        ordering = ["order", "version", "pk"]
        constraints = [models.UniqueConstraint(name="goal_version_once", fields=["code", "version"])]

    @property
    def text(self) -> str:
        return in_language(self, "text")


class Unit(models.TextChoices):
    COUNT = "count", _p("unit", "number")
    PERCENT = "percent", _p("unit", "per cent")
    DAYS = "days", _p("unit", "days")
    KRONER = "kroner", _p("unit", "kroner")


class Indicator(Versioned):
    """What measures a goal: how it is counted, by whom, and whether the portal computes it or a region reports it."""

    class CountedBy(models.TextChoices):
        COMPUTED = "computed", _p("indicator source", "Computed by the portal")
        REPORTED = "reported", _p("indicator source", "Reported by the region")

    class Better(models.TextChoices):
        MORE = "more", _p("indicator target", "at least")
        LESS = "less", _p("indicator target", "at most")

    class Level(models.TextChoices):
        MUNICIPALITY = "municipality", _p("indicator level", "Municipality")
        CLUSTER = "cluster", _p("indicator level", "Cluster")
        REGION = "region", _p("indicator level", "Region")

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="indicators")
    unit = models.CharField(max_length=10, choices=Unit)
    level = models.CharField(max_length=20, choices=Level)
    source = models.CharField(max_length=10, choices=CountedBy)
    better = models.CharField(max_length=4, choices=Better, default=Better.MORE)
    counted = models.TextField(_("What is counted"))
    when = models.CharField(_("For which time"), max_length=200)
    who = models.CharField(_("Who counts"), max_length=200)
    how = models.TextField(_("How it is counted"))
    breakdowns = models.JSONField(default=list)
    why = models.TextField(_("Why it is counted"), blank=True)
    pitfalls = models.TextField(_("What to be careful with"), blank=True)

    class Meta:
        ordering = ["goal__order", "code", "version", "pk"]
        constraints = [models.UniqueConstraint(name="indicator_version_once", fields=["code", "version"])]


class Target(models.Model):
    """What an indicator is to reach nationally in a year, in the indicator's unit."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField()

    class Meta:
        ordering = ["year", "pk"]
        constraints = [models.UniqueConstraint(name="target_once_a_year", fields=["indicator", "year"])]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.year}: {self.value}"
