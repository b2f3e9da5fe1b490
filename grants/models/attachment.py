"""Files with an application (G4)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from grants.models.form import RequiredAttachment

MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def current(self) -> Self:
        """Those not removed."""
        return self.filter(removed_at__isnull=True).select_related("requirement")

    def without_content(self) -> Self:
        return self.defer("content")


class Attachment(models.Model):
    """A file with an application. Removed ones are kept: an earlier submission may have them."""

    application = models.ForeignKey("grants.Application", models.CASCADE, related_name="attachments")
    requirement = models.ForeignKey(RequiredAttachment, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["requirement__order", "pk"]
        constraints = [
            models.CheckConstraint(name="attachment_size", condition=Q(size__range=(1, MAX_ATTACHMENT_BYTES))),
            models.CheckConstraint(name="attachment_size_is_of_content", condition=Q(size=Length(F("content")))),
            models.CheckConstraint(name="attachment_sha256", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(name="attachment_name_has_no_path", condition=~Q(name__regex=r"[/\\]")),
        ]

    def __str__(self) -> str:
        return self.name
