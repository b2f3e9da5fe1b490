"""What a person has asked for about themselves (X7): a copy of what is stored, and to be erased."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.privacy.lifecycle import ErasureState


class PersonalDownload(models.Model):
    """All that is stored about a person, as a ZIP file. Kept for some days; a new one takes its place."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}, {self.made_at:%Y-%m-%d}"


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def open(self) -> Self:
        return self.filter(state=ErasureState.ASKED)

    def visible_to(self, user: Actor) -> Self:
        """For national leads all but their own; that one is on their own page."""
        return self.exclude(person=user.pk) if user.has_role(Role.NATIONAL_LEAD) else self.none()


class ErasureRequest(models.Model):
    """A person's wish to be erased, and the answer to it."""

    TONES = {
        ErasureState.ASKED: "warning",
        ErasureState.WITHDRAWN: "neutral",
        ErasureState.REFUSED: "danger",
        ErasureState.DONE: "success",
    }

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="erasure_requests")
    reason = models.TextField(_("Why you want it"), max_length=2_000, blank=True)
    state = models.CharField(max_length=10, choices=ErasureState, default=ErasureState.ASKED, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    due_on: "models.DateField[date, date]" = models.DateField(help_text="A month after (GDPR article 12(3)).")
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("Answer to the person"), max_length=4_000, blank=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="erasure_state_known", condition=Q(state__in=ErasureState.values)),
            models.UniqueConstraint(name="erasure_one_open", fields=["person"], condition=Q(state=ErasureState.ASKED)),
            models.CheckConstraint(
                name="erasure_handled_when_answered",
                condition=Q(state__in=[ErasureState.ASKED, ErasureState.WITHDRAWN], handled_at__isnull=True)
                | Q(
                    state__in=[ErasureState.REFUSED, ErasureState.DONE],
                    handled_at__isnull=False,
                    handled_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="erasure_refused_with_answer", condition=~Q(state=ErasureState.REFUSED) | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="erasure_handled_by_another", condition=Q(handled_by=None) | ~Q(handled_by=models.F("person"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("erasure", args=[self.pk])
