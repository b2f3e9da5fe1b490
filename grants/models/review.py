"""Reviews (G6): who judges what, their scores with grounds, and a score the panel has settled."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import ApplicationState, CallState, ProposalState, ReviewState
from grants.models.application import LIVE_REVIEWS, Application
from grants.models.call import Call
from grants.models.form import Criterion
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.writing.models import VersionedText

OPEN_REVIEWS = (ReviewState.ASSIGNED, ReviewState.WRITING)


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: Actor) -> Self:
        """One's own, while one is a reviewer of the call; others' on the same application once one's own is in.

        KSF nationally sees all. Reviews of applications one is tied to are closed (G6).
        """
        if user.is_national:
            return self
        free = Application.objects.not_tied_to(user).filter(pk=OuterRef("application"))
        mine = Review.objects.filter(application=OuterRef("application"), reviewer=user.pk, state=ReviewState.HANDED_IN)
        handed_in = Q(state=ReviewState.HANDED_IN) & Exists(mine)
        own = Q(reviewer=user.pk)
        return self.filter(own | handed_in, Exists(free), application__call__in=user.call_ids(Role.REVIEWER))

    def of_call(self, call: Call) -> Self:
        return self.filter(application__call=call)

    def of_application(self, application: Application) -> Self:
        return self.filter(application=application)

    def of_reviewer(self, user: Actor) -> Self:
        return self.filter(reviewer=user.pk)

    def live(self) -> Self:
        """Assigned and neither given up nor in conflict."""
        return self.filter(state__in=LIVE_REVIEWS)

    def to_do(self) -> Self:
        """Those not handed in, while their application is assessed."""
        return self.filter(state__in=OPEN_REVIEWS, application__state=ApplicationState.UNDER_REVIEW)

    def handed_in(self) -> Self:
        return self.filter(state=ReviewState.HANDED_IN)

    def for_list(self) -> Self:
        return self.select_related(
            "reviewer",
            "application__call__pot__appropriation",
            "application__cluster__lead_region",
            "application__motor",
        )

    def for_page(self) -> Self:
        return self.for_list().prefetch_related(
            models.Prefetch("scores", Score.objects.select_related("criterion__award_criterion", "updated_by"))
        )


class Review(VersionedText):
    """One reviewer's judgement of one application; ``content`` is the overall view. Amount in kroner."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=12, choices=ReviewState, default=ReviewState.ASSIGNED, editable=False)
    declaration = models.TextField(_("About my ties to the applicant"), blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    advised_amount = models.PositiveBigIntegerField(_("Amount you advise"), null=True, blank=True)
    assigned_at = models.DateTimeField(auto_now_add=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)

    TONES = {ReviewState.ASSIGNED: "warning", ReviewState.WRITING: "info", ReviewState.HANDED_IN: "success"}

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["application", "pk"]
        constraints = [
            models.CheckConstraint(name="review_state_known", condition=Q(state__in=ReviewState.values)),
            models.UniqueConstraint(name="review_once", fields=["application", "reviewer"]),
            models.CheckConstraint(
                name="review_declared_first",
                condition=Q(state__in=[ReviewState.ASSIGNED, ReviewState.RELEASED]) | Q(declared_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.reviewer}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether its reviewer still has something to do."""
        return self.state in OPEN_REVIEWS


class ScoreQuerySet(models.QuerySet["Score"]):
    def handed_in(self) -> Self:
        """Those of reviews that are handed in."""
        return self.filter(review__state=ReviewState.HANDED_IN)

    def of_criterion(self, application: Application, criterion: Criterion) -> Self:
        return self.filter(review__application=application, criterion=criterion).select_related("review__reviewer")


class Score(VersionedText):
    """One criterion's score, 1 very weak to 7 outstanding; ``content`` is the grounds."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(_("Score"), null=True, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["criterion__award_criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(name="score_once", fields=["review", "criterion"]),
            models.CheckConstraint(name="score_is_1_to_7", condition=Q(points__isnull=True) | Q(points__range=(1, 7))),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class JointScoreQuerySet(models.QuerySet["JointScore"]):
    def of_criterion(self, criterion: Criterion) -> Self:
        return self.filter(criterion=criterion)


class JointScore(models.Model):
    """The score on a criterion that the panel has settled together, in place of the reviewers' mean."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="joint_scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(_("Score"))
    grounds = models.TextField(_("Grounds"))
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(auto_now=True)

    objects = JointScoreQuerySet.as_manager()

    class Meta:
        ordering = ["criterion__award_criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(name="joint_score_once", fields=["application", "criterion"]),
            models.CheckConstraint(name="joint_score_is_1_to_7", condition=Q(points__range=(1, 7))),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


def to_move_on() -> models.QuerySet[Call]:
    """Closed calls that KSF has not sent to the lead, with ``lacks_reviewers`` and ``has_open_reviews``."""
    ours = Application.objects.in_assessment().filter(call=OuterRef("pk"))
    live = models.Count("reviews", filter=Q(reviews__state__in=LIVE_REVIEWS))
    few = ours.annotate(live=live).filter(live__lt=OuterRef("reviews_each"))
    unfinished = ours.filter(reviews__state__in=OPEN_REVIEWS)
    closed = Call.objects.filter(Exists(ours), state=CallState.CLOSED)
    waiting = closed.exclude(proposals__state=ProposalState.PROPOSED)
    return waiting.annotate(lacks_reviewers=Exists(few), has_open_reviews=Exists(unfinished))
