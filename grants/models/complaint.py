"""Complaints about a decision, and the new decision when one is upheld (G9)."""

from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONArray
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import ComplaintState, RedecisionState
from grants.models.allocation import Line, Proposal
from grants.models.application import Application, Waiver
from grants.models.award import Award, Rejection
from grants.models.review import JointScore, Review
from ksf.actor import Actor


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: Actor) -> Self:
        """KSF nationally, and those who write the application."""
        if user.is_national:
            return self
        return self.filter(application__in=Application.objects.written_by(user))

    def to_handle(self) -> Self:
        return self.filter(state=ComplaintState.RECEIVED)

    def to_decide_again(self) -> Self:
        """Those upheld where the decision still stands."""
        decided = Q(redecision__isnull=False) & Q(redecision__state=RedecisionState.DECIDED)
        return self.filter(~decided, state=ComplaintState.UPHELD)

    def for_ksf(self) -> Self:
        """Those that wait for somebody in KSF: to be handled, or to be decided again."""
        return self.to_handle() | self.to_decide_again()

    def with_participants(self) -> Self:
        """With ``took_part``: rows of those who took part in the decision, where some may be nobody."""
        ours = {"application": OuterRef("application")}
        before = {**ours, "decided_at__lte": OuterRef("received_at")}
        earlier = self.model.objects.filter(**ours, received_at__lt=OuterRef("received_at"))
        rows: list[Any] = [
            Review.objects.filter(**ours).values(row=JSONArray("reviewer")),
            JointScore.objects.filter(**ours).values(row=JSONArray("settled_by")),
            Waiver.objects.filter(**ours).values(row=JSONArray("waived_by")),
            Line.objects.filter(**ours).values(row=JSONArray("overridden_by")),
            Proposal.objects.filter(call=OuterRef("application__call")).values(
                row=JSONArray("chosen_by", "proposed_by", "decided_by")
            ),
            Award.objects.filter(**before).values(row=JSONArray("decided_by")),
            Rejection.objects.filter(**before).values(row=JSONArray("decided_by")),
            earlier.values(row=JSONArray("handled_by", "redecision__proposed_by", "redecision__decided_by")),
        ]
        return self.annotate(took_part=JSONArray(*(ArraySubquery(each.order_by()) for each in rows)))

    def for_page(self) -> Self:
        return self.select_related(
            "application__cluster", "application__call__pot__appropriation", "application__motor", "redecision"
        )


class Complaint(models.Model):
    """A complaint about a decision, handled by someone who took no part in it (G9)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="complaints")
    state = models.CharField(max_length=10, choices=ComplaintState, default=ComplaintState.RECEIVED, editable=False)
    text = models.TextField(_("What you complain about"))
    received_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.TextField(_("Answer"), blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    TONES = {
        ComplaintState.RECEIVED: "warning",
        ComplaintState.UPHELD: "success",
        ComplaintState.READMITTED: "success",
    }

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="complaint_state_known", condition=Q(state__in=ComplaintState.values))
        ]

    def __str__(self) -> str:
        return str(self.application)

    def get_absolute_url(self) -> str:
        return reverse("complaint", args=[self.pk])

    @property
    def is_upheld(self) -> bool:
        """Whether another decision is to be made, or has been."""
        return self.state == ComplaintState.UPHELD

    @property
    def is_readmitted(self) -> bool:
        """Whether what was dismissed is assessed with the others after all."""
        return self.state == ComplaintState.READMITTED

    @property
    def is_to_be_decided_again(self) -> bool:
        """Whether it is upheld and the decision still stands."""
        redecision = getattr(self, "redecision", None)
        is_decided = redecision is not None and redecision.state == RedecisionState.DECIDED
        return self.is_upheld and not is_decided

    @cached_property
    def participant_ids(self) -> frozenset[int]:
        """Those who took part in the decision, and whoever complains.

        Reviewers and who settled scores, made exceptions or changed an amount; proposers and deciders.
        """
        annotated: Any = self if hasattr(self, "took_part") else Complaint.objects.with_participants().get(pk=self.pk)
        took_part = {pk for rows in annotated.took_part for row in rows for pk in row}
        return frozenset({*took_part, self.sent_by_id} - {None})


class Redecision(models.Model):
    """The decision that takes the place of one complained about, proposed by one person and decided by another.

    ``shares`` are rows of municipality number and amount in kroner; ``overturned`` is the decision as it stood.
    """

    complaint = models.OneToOneField(Complaint, models.PROTECT, related_name="redecision")
    state = models.CharField(max_length=10, choices=RedecisionState, default=RedecisionState.PROPOSED, editable=False)
    shares = models.JSONField(default=list)
    grounds = models.TextField(_("Grounds"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    overturned = models.JSONField(default=dict)

    TONES = {RedecisionState.PROPOSED: "warning", RedecisionState.DECIDED: "success"}

    class Meta:
        constraints = [
            models.CheckConstraint(name="redecision_state_known", condition=Q(state__in=RedecisionState.values)),
            models.CheckConstraint(
                name="redecision_decided_by_another",
                condition=Q(state=RedecisionState.PROPOSED)
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.complaint)

    def get_absolute_url(self) -> str:
        return self.complaint.get_absolute_url()

    @property
    def amount(self) -> int:
        """The new award, in kroner."""
        return sum(share["amount"] for share in self.shares)
