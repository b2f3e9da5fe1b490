"""Clusters, their members, motors, anchoring and partners (S4-S6, S9)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from clusters.lifecycle import ClusterState
from ksf.addresses import address_of
from ksf.periods import DatedModel, DatedQuerySet, DateRange, has_days, never_twice, today
from ksf.sorting import SortedByName
from regions.models import Municipality, Partner, Region

LEAST_MEMBERS = 5
LEAST_POSITION = 50
"""Per cent: a cluster coordinator with less is flagged (S5)."""


class ClusterQuerySet(models.QuerySet):
    def alive(self) -> Self:
        return self.exclude(state=ClusterState.DISSOLVED)

    def established(self) -> Self:
        return self.filter(state=ClusterState.ESTABLISHED)

    def with_state_on(self, day: date) -> Self:
        """With ``state_on`` and ``state_since``: where each stood on ``day``; None before it began."""
        phase = ClusterPhase.objects.on(day).filter(cluster=OuterRef("pk"))
        return self.annotate(
            state_on=Subquery(phase.values("state")[:1]), state_since=Subquery(phase.values("period__startswith")[:1])
        )

    def living_on(self, day: date) -> Self:
        """Those that had begun and were not dissolved on ``day``, with ``state_on``."""
        return self.with_state_on(day).filter(state_on__isnull=False).exclude(state_on=ClusterState.DISSOLVED)


class Cluster(SortedByName):
    """An agreement-based cooperation between municipalities, as a rule five or more."""

    TONES = {ClusterState.BEING_ESTABLISHED: "info", ClusterState.ESTABLISHED: "success"}

    class CoordinatorFunding(models.TextChoices):
        MOTOR = "motor", _p("coordinator funding", "The motor municipality pays")
        FEE = "fee", _p("coordinator funding", "Membership fee")
        REGION = "region", _p("coordinator funding", "The region contributes")
        MIXED = "mixed", _p("coordinator funding", "Mixed")

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(_("Name"), max_length=120)
    sort_key = models.CharField(max_length=140, editable=False, default="")
    lead_region = models.ForeignKey(Region, models.PROTECT, related_name="clusters", verbose_name=_("Lead region"))
    language = models.CharField(max_length=2, choices=[("nb", "bokmål"), ("nn", "nynorsk")], default="nb")
    purpose = models.TextField(_("What the cluster is for"), blank=True)
    state = models.CharField(max_length=20, choices=ClusterState, default=ClusterState.EXPLORING, editable=False)
    established_on = models.DateField(null=True, blank=True)
    few_members_reason = models.TextField(_("Why fewer than five members"), blank=True)
    coordinator_funding = models.CharField(max_length=10, choices=CoordinatorFunding, blank=True)
    dissolved_reason = models.TextField(_("Why the cluster is dissolved"), blank=True)
    state_on: str  # these two by with_state_on
    state_since: date
    is_example = models.BooleanField(default=False, help_text="Shown as an example on screen.")

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(name="cluster_state_known", condition=Q(state__in=ClusterState.values)),
            models.CheckConstraint(
                name="cluster_established_on",
                condition=~Q(state=ClusterState.ESTABLISHED) | Q(established_on__isnull=False),
            ),
        ]

    def get_absolute_url(self) -> str:
        return address_of("cluster", self.slug)


class ClusterPhase(DatedModel):
    """The state a cluster was in for a period, so that the past can be shown (S11)."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="phases")
    state = models.CharField(max_length=20, choices=ClusterState)

    class Meta:
        ordering = ["period", "pk"]
        constraints = [has_days("cluster_phase_has_days"), never_twice("cluster_phase_one_state", "cluster_id")]


class MembershipQuerySet(DatedQuerySet):
    def with_municipality(self) -> Self:
        return self.select_related("municipality__county__region")

    def not_over(self) -> Self:
        """Memberships that hold today or have not begun yet."""
        return self.exclude(period__fully_lt=DateRange(today(), None))


class Membership(DatedModel):
    """A municipality in a cluster for a period, and how it is anchored there (S4, S6)."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="memberships")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="memberships")
    outside_reason = models.TextField(_("Why a member from another region or county"), blank=True)
    anchored_administratively_on = models.DateField(_("Anchored administratively"), null=True, blank=True)
    anchored_politically_on = models.DateField(_("Anchored politically"), null=True, blank=True)
    is_in_plans = models.BooleanField(_("Written into the municipality's plans"), default=False)
    has_research_strategy = models.BooleanField(_("Has an adopted strategy for research and innovation"), default=False)

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["municipality__sort_key", "pk"]
        constraints = [
            has_days("membership_has_days"),
            never_twice(
                "membership_never_twice",
                "cluster_id",
                "municipality_id",
                message=_("The municipality is a member of the cluster in this period already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} – {self.cluster}"


class MotorTerm(DatedModel):
    """A member is the cluster's motor municipality for a period within its membership; one at a time (S5)."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="motor_terms")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="motor_terms")
    proposed_by = models.CharField(_("Named or proposed by"), max_length=200, blank=True)

    class Meta:
        ordering = ["period", "pk"]
        constraints = [
            has_days("motor_term_has_days"),
            never_twice(
                "motor_term_one_at_a_time",
                "cluster_id",
                message=_("The cluster has another motor municipality in this period."),
            ),
        ]


class NetworkChange(models.Model):
    """That something of the network was written: a row for each statement, by triggers (``reading/snapshots.py``)."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class PartnerTermQuerySet(DatedQuerySet):
    def not_over(self) -> Self:
        """Terms that hold today or have not begun yet."""
        return self.exclude(period__fully_lt=DateRange(today(), None))

    def of(self, place: Cluster | Region) -> Self:
        """The terms in one cluster or one region."""
        return self.filter(cluster=place) if isinstance(place, Cluster) else self.filter(region=place)

    def with_names(self) -> Self:
        return self.select_related("partner", "cluster", "region").order_by("partner__sort_key", "period")


class PartnerTerm(DatedModel):
    """A knowledge partner takes part in a cluster or a region for a period, with or without an agreement (S9)."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="terms", verbose_name=_("Knowledge partner"))
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="partner_terms")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="partner_terms")
    agreed_on = models.DateField(_("Agreement signed"), null=True, blank=True)

    objects: ClassVar[Any] = PartnerTermQuerySet.as_manager()

    class Meta:
        ordering = ["period", "pk"]
        constraints = [
            has_days("partner_term_has_days"),
            models.CheckConstraint(
                name="partner_term_in_one_place",
                condition=Q(cluster__isnull=True, region__isnull=False) | Q(cluster__isnull=False, region__isnull=True),
            ),
            *(
                never_twice(
                    f"partner_term_{place}_never_twice",
                    "partner_id",
                    f"{place}_id",
                    condition=Q(**{f"{place}__isnull": False}),
                    message=_("The partner takes part here in this period already."),
                )
                for place in ("cluster", "region")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} – {self.place}"

    @property
    def place(self) -> Cluster | Region:
        """The cluster or the region."""
        return self.cluster or self.region  # type: ignore[return-value]
