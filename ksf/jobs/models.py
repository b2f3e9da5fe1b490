from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy as _p

from ksf.actor import Actor
from ksf.jobs.registry import handler_of


class JobState(models.TextChoices):
    QUEUED = "queued", _p("job state", "Waiting for a free worker")
    RUNNING = "running", _p("job state", "At work")
    DONE = "done", _p("job state", "Done")
    FAILED = "failed", _p("job state", "Stopped by an error")


UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


class JobQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def about(self, subject: models.Model) -> Self:
        """Jobs asked for about ``subject``, newest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))  # noqa: SLF001


class Job(models.Model):
    """A piece of long work. Written in the transaction that asks for it, dispatched when that commits (X8)."""

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 - null means "no key"
    params = models.JSONField(default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    next_url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["touched_at"], name="job_unfinished", condition=Q(state__in=UNFINISHED)),
            models.Index(fields=["subject_type", "subject_id"], name="job_subject"),
        ]
        constraints = [
            models.CheckConstraint(name="job_progress_is_per_cent", condition=Q(progress__lte=100)),
            models.UniqueConstraint(name="job_key_once", fields=["key"], condition=~Q(state=JobState.FAILED)),
            models.CheckConstraint(
                name="job_finished_iff_ended",
                condition=Q(state__in=UNFINISHED, finished_at__isnull=True)
                | Q(state__in=[JobState.DONE, JobState.FAILED], finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    def is_visible_to(self, user: Actor) -> bool:
        """The one who asked may follow the job, and those its handler names."""
        may_see = handler_of(self.kind).may_see
        return self.requested_by_id == user.pk or (may_see is not None and may_see(user, self))
