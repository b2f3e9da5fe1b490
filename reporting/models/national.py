from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now

from ksf.actor import Actor
from reporting.lifecycle import NationalState
from reporting.stored.national import NationalData


class NationalReportQuerySet(models.QuerySet):
    def visible_to(self, user: Actor) -> Self:
        """Published ones for everybody, drafts for KSF nationally."""
        return self if user.is_national else self.published()

    def published(self) -> Self:
        return self.filter(state=NationalState.PUBLISHED)


class NationalReport(models.Model):
    """The network's report on a year (R3). ``data`` is everything its page, PDF and spreadsheet show.

    Published, it is sealed: ``data`` is never computed again, so that every later run gives the same figures.
    """

    TONES: ClassVar = {NationalState.BUILT: "info", NationalState.PUBLISHED: "success"}

    year = models.PositiveSmallIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=NationalState, default=NationalState.BUILT, editable=False)
    data = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    built_at = models.DateTimeField()
    draft = models.BinaryField(
        null=True, blank=True, help_text="The PDF before publishing; then the sealed document holds it."
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    document_number = models.CharField(max_length=40, blank=True)

    objects = NationalReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                name="national_report_published_at",
                condition=Q(state=NationalState.PUBLISHED, published_at__isnull=False)
                | Q(state=NationalState.BUILT, published_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return _now("National annual report %(year)s") % {"year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("national_report", args=[self.year])

    @property
    def contents(self) -> NationalData:
        """What the report says, read from ``data``."""
        return NationalData.read(self.data)

    @property
    def is_published(self) -> bool:
        return self.state == NationalState.PUBLISHED
