"""Sealed documents: the bytes themselves, with number and checksum. Such a row is never changed nor deleted.

Renderings are PDFs that are not sealed: they can be made again, and are kept for a while so that they need not be.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DocumentSeries(models.Model):
    """The last number given in a series and year. Locked while a number is given, so that no number is missing."""

    prefix = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="documents_one_series_a_year")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def about(self, subject: models.Model) -> "DocumentQuerySet":
        """Documents about ``subject``, the newest first."""
        name = subject._meta.label_lower  # noqa: SLF001 -- documented by Django
        return self.filter(subject_type=name, subject_id=subject.pk).order_by("-created_at")

    def without_content(self) -> "DocumentQuerySet":
        """Everything but the bytes, for lists."""
        return self.defer("content")


class Document(models.Model):
    """A PDF as it was when it was sealed."""

    number = models.CharField(_("number"), max_length=32, unique=True)
    kind = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=250)
    language = models.CharField(max_length=2)
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(_("checksum"), max_length=64)
    size = models.PositiveIntegerField(_("size"))
    created_at = models.DateTimeField(_("sealed at"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="documents_by_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="documents_checksum_is_sha256"),
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        Func(F("content"), function="sha256", output_field=models.BinaryField()),
                        Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    ),
                    F("sha256"),
                ),
                name="documents_checksum_is_of_content",
            ),
            models.CheckConstraint(condition=Exact(Length("content"), F("size")), name="documents_size_is_of_content"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.number])

    @property
    def filename(self) -> str:
        return f"{self.number}.pdf"


class Rendering(models.Model):
    """A PDF as one version of what it is about; ``version`` is a SHA-256 in hex of all it says and its language."""

    version = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(version__regex="^[0-9a-f]{64}$"), name="documents_version_is_sha256")
        ]

    def __str__(self) -> str:
        return self.version
