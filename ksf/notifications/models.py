from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from ksf.actor import Actor


class NoticeQuerySet(models.QuerySet):
    def to_send(self) -> Self:
        """Urgent notices that have not left yet."""
        return self.filter(is_urgent=True, sent_at__isnull=True)

    def for_digest(self) -> Self:
        """What is kept for the weekly summary."""
        return self.filter(is_urgent=False, sent_at__isnull=True, user__isnull=False)

    def visible_to(self, user: Actor) -> Self:
        return self.filter(user_id=user.pk)


class Notice(models.Model):
    """One message to one person, written in the transaction of what it is about (X3).

    No secret is kept here: a link that lets somebody in is made when the mail leaves (``ksf.notifications.links``).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notices")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=2)
    link_kind = models.CharField(max_length=30, blank=True, help_text="The link that is made when the mail leaves.")
    link_to = models.PositiveBigIntegerField(null=True, blank=True, help_text="Key of what the link opens.")
    is_urgent = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_at"], name="notice_unsent", condition=Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return self.subject
