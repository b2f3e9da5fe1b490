"""Complaints about a decision, and the decision made anew when one is upheld (G9)."""

from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grants.lifecycle import ComplaintState, RedecisionState
from grants.models.application import Application


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: Any) -> Self:
        """KSF nationally, and those who write the application."""
        if user.is_national:
            return self
        return self.filter(application__in=Application.objects.written_by(user))

    def to_handle(self) -> Self:
        return self.filter(state=ComplaintState.RECEIVED)

    def to_decide_anew(self) -> Self:
        """Those upheld where the decision still stands."""
        decided = Q(redecision__isnull=False) & Q(redecision__state=RedecisionState.DECIDED)
        return self.filter(~decided, state=ComplaintState.UPHELD)

    def for_ksf(self) -> Self:
        """Those that wait for somebody in KSF: to be handled, or to be decided anew."""
        return self.to_handle() | self.to_decide_anew()

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
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(name="complaint_state_known", condition=Q(state__in=ComplaintState.values))
        ]

    def __str__(self) -> str:
        return str(self.application)

    def get_absolute_url(self) -> str:
        return reverse("complaint", args=[self.pk])

    @cached_property
    def participant_ids(self) -> frozenset[int]:
        """Those who took part in the decision: reviewers, proposers, deciders, and whoever complains."""
        application = self.application
        reviewers = application.reviews.values_list("reviewer", flat=True)
        proposals = application.call.proposals.values_list("chosen_by", "proposed_by", "decided_by")
        decision = application.decision
        is_first = decision is not None and decision.decided_at <= self.received_at
        decider = decision.decided_by_id if is_first else None
        earlier = Complaint.objects.filter(application=application, received_at__lt=self.received_at)
        handlers = earlier.values_list("handled_by", "redecision__proposed_by", "redecision__decided_by")
        rows = (pk for row in (*proposals, *handlers) for pk in row)
        took_part = {*reviewers, *rows, decider, self.sent_by_id}
        return frozenset(pk for pk in took_part if pk is not None)


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
