from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.writing.models import VersionedText
from regions.models import Region
from reporting.lifecycle import PlanState
from reporting.models.indicators import Goal, Indicator

MAY_FOLLOW = (Role.REGIONAL_COORDINATOR, Role.HOST_LEAD, Role.KS_REGIONAL_OFFICE)
"""Who sees a region's unfinished plan and report, besides KSF nationally."""


class RegionalQuerySet(models.QuerySet):
    """Plans and reports of regions: both are written, handed in and approved."""

    approved: str = PlanState.APPROVED

    def visible_to(self, user: Actor) -> Self:
        """Those the user may open: all nationally, a region's own, and approved ones for observers."""
        if user.is_national:
            return self
        followed = Q(region__in=user.region_ids(*MAY_FOLLOW))
        return self.filter(followed | Q(state=self.approved) if user.has_role(Role.OBSERVER) else followed)

    def for_page(self) -> Self:
        return self.select_related("region")


class RegionalPlan(models.Model):
    """A region's plan for a year: activities per goal, and targets for indicators (R1)."""

    TONES: ClassVar = {
        PlanState.DRAFT: "info",
        PlanState.SUBMITTED: "info",
        PlanState.RETURNED: "warning",
        PlanState.APPROVED: "success",
    }
    LINE: ClassVar = [PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED]

    region = models.ForeignKey(Region, models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT, editable=False)
    started_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(_("What KS asks to have changed"), blank=True)

    objects = RegionalQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "region__order", "-pk"]
        constraints = [
            models.UniqueConstraint(name="regional_plan_once", fields=["region", "year"]),
            models.CheckConstraint(name="regional_plan_state_known", condition=Q(state__in=PlanState.values)),
            models.CheckConstraint(
                name="regional_plan_approved_at", condition=~Q(state=PlanState.APPROVED) | Q(approved_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return _now("Annual plan %(year)s, %(region)s") % {"year": self.year, "region": self.region}

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.year, self.region.slug])

    @property
    def due_on(self) -> date:
        """The day it should be handed in: 15 December before its year."""
        return date(self.year - 1, 12, 15)


class PlanActivity(models.Model):
    """Something the region will do for a goal."""

    plan = models.ForeignKey(RegionalPlan, models.CASCADE, related_name="activities")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="+", verbose_name=_("Goal"))
    title = models.CharField(_("What you will do"), max_length=200)
    responsible = models.CharField(
        _("Responsible"), max_length=120, help_text=_("A role, for example regional coordinator.")
    )
    due_on = models.DateField(_("To be done by"))
    expected_result = models.CharField(_("Expected result"), max_length=300)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Indicator it should move")
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["goal__order", "order", "due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class PlanTarget(models.Model):
    """What the region means to reach on an indicator in the plan's year."""

    plan = models.ForeignKey(RegionalPlan, models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("Indicator"))
    value = models.PositiveIntegerField(_("Target"))

    class Meta:
        ordering = ["indicator__goal__order", "indicator__code", "pk"]
        constraints = [models.UniqueConstraint(name="plan_target_once", fields=["plan", "indicator"])]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"


class ActivityReport(VersionedText):
    """How an activity went, as the year's report says; ``content`` says why (R2)."""

    class Outcome(models.TextChoices):
        NOT_REPORTED = "", _p("activity outcome", "Not told yet")
        DONE = "done", _p("activity outcome", "Done")
        UNDER_WAY = "under_way", _p("activity outcome", "Under way")
        DROPPED = "dropped", _p("activity outcome", "Dropped")

    activity = models.OneToOneField(PlanActivity, models.CASCADE, related_name="report")
    outcome = models.CharField(_("Status"), max_length=10, choices=Outcome, blank=True, default="")

    def __str__(self) -> str:
        return str(self.activity)

    @property
    def is_filled_in(self) -> bool:
        """Whether its outcome is reported; a dropped activity also needs the reason."""
        return bool(self.outcome) and (self.outcome != self.Outcome.DROPPED or bool(self.content.strip()))
