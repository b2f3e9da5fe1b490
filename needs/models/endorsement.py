"""Municipalities that have the same need (N3)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Municipality


class Endorsement(models.Model):
    """Another municipality has the same need (N3). One per municipality."""

    need = models.ForeignKey("needs.KnowledgeNeed", models.CASCADE, related_name="endorsements")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="endorsements")
    comment = models.TextField(_("What is it like with you?"), blank=True, max_length=1_000)
    merged_from = models.ForeignKey("needs.KnowledgeNeed", models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="endorsement_once",
                fields=["need", "municipality"],
                violation_error_message=_("The municipality has endorsed this need already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.need}"
