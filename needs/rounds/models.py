"""Priority rounds: what stands, who may take part, their ballots, and what came of it (N5)."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from clusters.models import Cluster
from ksf.accounts.roles import Role
from ksf.actor import Actor
from needs.models import KnowledgeNeed
from needs.rounds.lifecycle import LINE, RoundState
from regions.models import Municipality, Region, Size

MOST_CANDIDATES = 40
FEWEST_CANDIDATES = 2


class RoundLevel(models.TextChoices):
    CLUSTER = "cluster", _p("round level", "Cluster")
    REGION = "region", _p("round level", "Region")
    NATION = "nation", _p("round level", "Nation")


class Method(models.TextChoices):
    BORDA = "borda", _p("round method", "Points (Borda)")
    SCHULZE = "schulze", _p("round method", "Pairs (Schulze)")


class RoundQuerySet(models.QuerySet):
    def run_by(self, user: Actor) -> Self:
        """The rounds of the level ``user`` works for: own cluster, own region, or the nation."""
        nation = Q(level=RoundLevel.NATION) if user.is_national else Q(pk__in=[])
        return self.filter(
            nation
            | Q(region__in=user.region_ids(Role.REGIONAL_COORDINATOR))
            | Q(cluster__in=user.cluster_ids(Role.CLUSTER_COORDINATOR))
        )

    def visible_to(self, user: Actor) -> Self:
        """Rounds are open to all from the moment they open; a draft is for those who run it."""
        return self.filter(~Q(state=RoundState.DRAFT) | Q(pk__in=Round.objects.run_by(user).values("pk")))

    def due(self) -> Self:
        """Open rounds whose time is out."""
        return self.filter(state=RoundState.OPEN, closes_at__lte=timezone.now())

    def with_scope(self) -> Self:
        return self.select_related("region", "cluster")


class Round(models.Model):
    """A priority round in a cluster, a region or the nation."""

    TONES = {RoundState.DRAFT: "info", RoundState.OPEN: "success", RoundState.CLOSED: "warning"}
    LINE = LINE

    title = models.CharField(_("Title"), max_length=150)
    level = models.CharField(max_length=10, choices=RoundLevel)
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="rounds")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="rounds")
    criteria = models.TextField(
        _("Criteria"), help_text=_("What the municipalities are to weigh. Published with the round."), max_length=4_000
    )
    method = models.CharField(_("Method"), max_length=10, choices=Method, default=Method.BORDA)
    opens_at = models.DateTimeField(null=True, blank=True, editable=False)
    closes_at = models.DateTimeField(_("Ballots until"))
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.DRAFT, editable=False)
    result = models.JSONField(null=True, blank=True, editable=False)
    prioritised = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    document_number = models.CharField(max_length=30, blank=True, editable=False)
    is_example = models.BooleanField(default=False, help_text="Shown as an example on screen.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="round_state_known", condition=Q(state__in=RoundState.values)),
            models.CheckConstraint(name="round_method_known", condition=Q(method__in=Method.values)),
            models.CheckConstraint(
                name="round_scope_matches_level",
                condition=Q(level=RoundLevel.CLUSTER, cluster__isnull=False, region__isnull=True)
                | Q(level=RoundLevel.REGION, cluster__isnull=True, region__isnull=False)
                | Q(level=RoundLevel.NATION, cluster__isnull=True, region__isnull=True),
            ),
            models.CheckConstraint(name="round_closes_after_opening", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="round_published_has_result",
                condition=~Q(state=RoundState.PUBLISHED)
                | Q(result__isnull=False, prioritised__isnull=False, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.pk])

    @property
    def scope_name(self) -> str:
        """The cluster's or region's name, or the nation."""
        return str(self.cluster or self.region or _("The whole country"))

    @property
    def takes_ballots(self) -> bool:
        """Whether a ballot cast now counts: it is open, and the clock has not reached the end."""
        return self.state == RoundState.OPEN and timezone.now() < self.closes_at

    @property
    def dates(self) -> dict[str, Any]:
        """When the round came to each state, as far as it has come."""
        order = list(LINE)
        known = {
            RoundState.OPEN: self.opens_at,
            RoundState.CLOSED: self.closes_at,
            RoundState.PUBLISHED: self.published_at,
        }
        here = order.index(RoundState(self.state))
        return {state: at for state, at in known.items() if at and order.index(state) <= here}


class CandidateQuerySet(models.QuerySet):
    def with_briefs(self) -> Self:
        """With the need, its municipality and the sources of what is known about it (N5: briefs between the stages)."""
        return self.select_related("need__municipality__county", "from_round").prefetch_related("need__sources")


class Candidate(models.Model):
    """A need that stands in a round. ``from_round`` and ``from_rank`` say which list lifted it here."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="candidates")
    need = models.ForeignKey(KnowledgeNeed, models.PROTECT, related_name="candidacies")
    order = models.PositiveSmallIntegerField()
    from_round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="lifted")
    from_rank = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(name="candidate_once", fields=["round", "need"])]

    def __str__(self) -> str:
        return str(_("A need that is hidden")) if self.need.is_hidden else str(self.need)

    @property
    def has_brief(self) -> bool:
        """Whether what is known about the need has been assessed."""
        return bool(self.need.assessment)


class ParticipantQuerySet(models.QuerySet):
    def with_turnout(self) -> Self:
        """With ``has_cast``: whether the municipality has a ballot in. Not what is on it."""
        return self.annotate(has_cast=Exists(Ballot.objects.filter(participant=OuterRef("pk"))))

    def of(self, user: Actor) -> Self:
        """Those whose R&D contact ``user`` is."""
        return self.filter(municipality__in=user.municipality_ids(Role.RD_CONTACT))


class Participant(models.Model):
    """A municipality that may cast a ballot, and its size group, as they were when the round opened."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="participants")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    size = models.CharField(max_length=10, choices=Size)
    has_cast: bool  # after with_turnout() alone

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["municipality__sort_key", "pk"]
        constraints = [models.UniqueConstraint(name="participant_once", fields=["round", "municipality"])]

    def __str__(self) -> str:
        return str(self.municipality)


class BallotQuerySet(models.QuerySet):
    def visible_to(self, user: Actor) -> Self:
        """Until the round closes a ballot is its municipality's alone; nobody else reads it, whatever their role."""
        own = Q(participant__municipality__in=user.municipality_ids(Role.RD_CONTACT))
        return self.filter(own | Q(participant__round__state__in=[RoundState.CLOSED, RoundState.PUBLISHED]))


class Ballot(models.Model):
    """A municipality's ballot. One each: a new one replaces the old until the round closes."""

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="ballot")
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()

    objects = BallotQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.participant)

    @property
    def order(self) -> list[int]:
        """The candidates' ids, best first."""
        return [line.candidate_id for line in self.lines.all()]


class BallotLine(models.Model):
    """One candidate's place on a ballot, 1 the best."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="lines")
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(name="ballot_line_candidate_once", fields=["ballot", "candidate"]),
            models.UniqueConstraint(name="ballot_line_place_once", fields=["ballot", "place"]),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.candidate}"


class ChairChange(models.Model):
    """The chair moves a candidate in the order after the count, with a reason that is published."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="changes")
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="changes")
    from_rank = models.PositiveSmallIntegerField()
    to_rank = models.PositiveSmallIntegerField()
    reason = models.TextField(_("Why"), max_length=2_000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="chair_change_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.candidate}: {self.from_rank} → {self.to_rank}"
