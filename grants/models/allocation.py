"""Computed allocations of a call's money, and the one that is chosen, proposed and decided (G7, G8)."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from grants.lifecycle import ProposalState
from grants.models.application import Application
from grants.models.call import Call
from ksf.actor import Actor
from ksf.jobs.models import Job


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, user: Actor) -> Self:
        """Scenarios are KSF's own working papers."""
        return self if user.is_national else self.none()

    def computed(self) -> Self:
        return self.filter(computed_at__isnull=False)

    def being_computed(self) -> Self:
        return self.filter(computed_at__isnull=True, job__finished_at__isnull=True, job__isnull=False)


class ScenarioKind(models.TextChoices):
    """The principle a scenario divides the money by (G8)."""

    OPTIMUM = "optimum", _p("scenario", "As many regions as possible, then quality")
    STRICT = "strict", _p("scenario", "Strict ranking")


class Scenario(models.Model):
    """One computation: what went in, with its checksum, and what came out. Amounts in kroner."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="scenarios")
    kind = models.CharField(_("Principle"), max_length=10, choices=ScenarioKind, default=ScenarioKind.OPTIMUM)
    parameters = models.JSONField(default=dict, help_text="pot and cap_per_municipality, in kroner.")
    input = models.JSONField(default=dict)
    input_hash = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(null=True, blank=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="scenario_kind_known", condition=Q(kind__in=["optimum", "strict"]))]

    def __str__(self) -> str:
        return f"{self.call}: {self.get_kind_display()}"


class Line(models.Model):
    """What a scenario gives one application (0 is a rejection), why, and what staff put in its place (G8).

    ``shares`` and ``override_shares`` are rows of municipality id and amount in kroner; ``reason`` is data, worded on
    the page.
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="lines")
    application = models.ForeignKey(Application, models.PROTECT, related_name="lines")
    score = models.DecimalField(max_digits=12, decimal_places=10, null=True, blank=True)
    amount = models.PositiveBigIntegerField()
    shares = models.JSONField(default=list)
    reason = models.JSONField(default=dict)
    override_amount = models.PositiveBigIntegerField(_("Amount instead"), null=True, blank=True)
    override_shares = models.JSONField(default=list, blank=True)
    override_reason = models.TextField(_("Why"), blank=True)
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    overridden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = [F("score").desc(nulls_last=True), "application", "pk"]
        constraints = [
            models.UniqueConstraint(name="line_once", fields=["scenario", "application"]),
            models.CheckConstraint(
                name="line_override_has_reason",
                condition=Q(override_amount__isnull=True)
                | (~Q(override_reason="") & Q(overridden_by__isnull=False, overridden_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.final_amount}"

    @property
    def is_overridden(self) -> bool:
        return self.override_amount is not None

    @property
    def final_amount(self) -> int:
        """What would be decided, in kroner."""
        return self.amount if self.override_amount is None else self.override_amount

    @property
    def final_shares(self) -> list[dict[str, Any]]:
        return self.override_shares if self.is_overridden else self.shares


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Actor) -> Self:
        return self if user.is_national else self.none()

    def live(self) -> Self:
        return self.exclude(state=ProposalState.DROPPED)

    def for_page(self) -> Self:
        return self.select_related("call__pot__appropriation", "scenario", "chosen_by", "proposed_by", "decided_by")

    def waiting_for_decision(self) -> Self:
        return self.filter(state=ProposalState.PROPOSED)


class Proposal(models.Model):
    """The scenario staff have chosen and the lead, another person, decides (G8). One at a time per call."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="proposals")
    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.CHOSEN, editable=False)
    grounds = models.TextField(_("Grounds"), blank=True)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    TONES = {ProposalState.CHOSEN: "info", ProposalState.PROPOSED: "warning", ProposalState.DECIDED: "success"}

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="proposal_state_known", condition=Q(state__in=ProposalState.values)),
            models.UniqueConstraint(
                name="proposal_one_at_a_time", fields=["call"], condition=~Q(state=ProposalState.DROPPED)
            ),
            models.CheckConstraint(
                name="proposal_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="proposal_decided_has_decider",
                condition=~Q(state=ProposalState.DECIDED) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.get_state_display()}"
