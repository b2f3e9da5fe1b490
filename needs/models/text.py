"""What is written about a need: its earlier wordings, questions with their answers, sources (N4, N13)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TextVersion(models.Model):
    """The words of a need as they were sent, and sent again after a question (N13). Never changed."""

    need = models.ForeignKey("needs.KnowledgeNeed", models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(name="text_version_once", fields=["need", "number"])]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Clarification(models.Model):
    """A coordinator's question and the municipality's answer (N4). One open question at a time."""

    need = models.ForeignKey("needs.KnowledgeNeed", models.CASCADE, related_name="clarifications")
    question = models.TextField(_("What do you need to know from the municipality?"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.TextField(_("Answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="clarification_one_open", fields=["need"], condition=Q(answered_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.question


class Source(models.Model):
    """A source in the summary of what is known (N4)."""

    need = models.ForeignKey("needs.KnowledgeNeed", models.CASCADE, related_name="sources")
    title = models.CharField(_("Title"), max_length=300)
    url = models.URLField(_("Link"), blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
