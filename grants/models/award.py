"""What was decided: awards with shares and instalments, and rejections (G8-G10)."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from grants.lifecycle import AwardState
from grants.models.application import Application
from grants.models.call import Call
from grants.models.form import RequiredDeliverable
from grants.models.money import Pot
from grants.models.texts import Bilingual
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.documents.models import Document
from regions.models import Municipality, Region

LIVE_AWARDS = (AwardState.DECIDED, AwardState.ACCEPTED)
LEAST_SHARE = 1_000
"""The least a municipality can get, in kroner: shares are whole thousands (G7)."""
MADE_BY_HAND = "override"
"""The key of a reason that KSF has written itself, in place of the computed one (G8)."""
COMPLAIN_WITHIN = timedelta(weeks=3)
"""From the decision reaches the applicant, which in the portal is at once (G9)."""


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, user: Actor) -> Self:  # noqa: ARG002
        """Awards are public."""
        return self

    def live(self) -> Self:
        """Those that take from the pot: neither declined nor lapsed."""
        return self.filter(state__in=LIVE_AWARDS)

    def to_accept(self) -> Self:
        return self.filter(state=AwardState.DECIDED)

    def overdue_at(self, day: date) -> Self:
        """Those whose last day to accept is before ``day``."""
        return self.to_accept().filter(acceptance_due_on__lt=day)

    def of_call(self, call: Call) -> Self:
        return self.filter(application__call=call)

    def of_cluster(self, cluster: Cluster) -> Self:
        return self.filter(application__cluster=cluster)

    def in_region(self, region: Region) -> Self:
        """Those to clusters the region leads."""
        return self.filter(application__cluster__lead_region=region)

    def acceptable_by(self, user: Actor) -> Self:
        """Those ``user`` may accept for the motor municipality."""
        return self.filter(
            Q(application__motor__in=user.municipality_ids(Role.RD_CONTACT))
            | Q(application__cluster__in=user.cluster_ids(Role.CLUSTER_COORDINATOR))
        )

    def shared_by(self, municipality: Municipality) -> Self:
        """Those ``municipality`` has a share of, with the share as ``own``, in kroner."""
        return self.filter(shares__municipality=municipality).annotate(own=F("shares__amount"))

    def with_shares(self) -> Self:
        return self.prefetch_related(_shares())

    def total(self) -> int:
        """Their sum, in kroner."""
        return self.aggregate(total=Sum("amount"))["total"] or 0

    def for_list(self) -> Self:
        return self.select_related(
            "application__call__pot__appropriation", "application__cluster__lead_region", "application__motor__county"
        )


class Award(models.Model):
    """A grant that is decided, in kroner. The database holds the pot, the cap and the sum of the shares (G1)."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="award")
    pot = models.ForeignKey(Pot, models.PROTECT, related_name="awards")
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=AwardState, default=AwardState.DECIDED, editable=False)
    reason = models.JSONField(default=dict)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acceptance_due_on = models.DateField(_("To be accepted by"))
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    letter = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")
    decline_reason = models.TextField(_("Why it is declined"), blank=True)

    TONES = {AwardState.DECIDED: "warning", AwardState.ACCEPTED: "success"}

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "application__number", "-pk"]
        constraints = [
            models.CheckConstraint(name="award_state_known", condition=Q(state__in=AwardState.values)),
            models.CheckConstraint(name="award_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="award_answered",
                condition=~Q(state__in=[AwardState.ACCEPTED, AwardState.DECLINED])
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.amount}"

    def get_absolute_url(self) -> str:
        return reverse("application_decision", args=[self.application_id])

    def filled(self) -> "Award":
        """Itself, with shares, instalments and deliverables, in three queries."""
        deliverables = models.Prefetch("deliverables", Deliverable.objects.select_related("requirement"))
        models.prefetch_related_objects([self], _shares(), "instalments", deliverables)
        return self

    @property
    def complaint_due_on(self) -> date:
        return timezone.localdate(self.decided_at) + COMPLAIN_WITHIN

    @property
    def may_be_complained_about(self) -> bool:
        """Whether the three weeks have not passed."""
        return timezone.localdate() <= self.complaint_due_on

    @property
    def is_open_for_answer(self) -> bool:
        """Whether the last day to accept has not passed."""
        return timezone.localdate() <= self.acceptance_due_on


def _shares() -> models.Prefetch:
    return models.Prefetch("shares", AwardShare.objects.select_related("municipality"))


class AwardShare(models.Model):
    """A municipality's part of an award, in kroner."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="shares")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="award_shares")
    amount = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["municipality__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(name="award_share_once", fields=["award", "municipality"]),
            models.CheckConstraint(name="award_share_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.amount}"


class Instalment(models.Model):
    """A part of an award, in kroner, and when it is paid."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    amount = models.PositiveBigIntegerField()
    when_nb = models.CharField(max_length=200)
    when_nn = models.CharField(max_length=200, blank=True)
    is_held_back = models.BooleanField(default=False)

    when = Bilingual("when")

    class Meta:
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(name="instalment_once", fields=["award", "number"])]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"


class Deliverable(models.Model):
    """What a funded cluster must deliver, and by when; the date is set when it follows from the acceptance."""

    award = models.ForeignKey(Award, models.CASCADE, related_name="deliverables")
    requirement = models.ForeignKey(RequiredDeliverable, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "requirement__order", "pk"]
        constraints = [models.UniqueConstraint(name="deliverable_once", fields=["award", "requirement"])]

    def __str__(self) -> str:
        return f"{self.requirement} {self.due_on or ''}"


class Rejection(models.Model):
    """The decision not to give, with its grounds (G9)."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="rejection")
    reason = models.JSONField(default=dict)
    grounds = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    complaint_due_on = models.DateField()
    letter = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return str(self.application)

    def get_absolute_url(self) -> str:
        return reverse("application_decision", args=[self.application_id])

    @property
    def may_be_complained_about(self) -> bool:
        """Whether the three weeks have not passed."""
        return timezone.localdate() <= self.complaint_due_on
