from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST_ADDRESS = 500
"""Characters of a page's address; forms on pages with longer ones are not kept."""


class VersionedText(models.Model):
    """A text with a version that every writer must know to replace it."""

    content = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class EarlierText(models.Model):
    """What a long text was before somebody wrote something else. A trigger in the database refuses to change it.

    It goes only with the object it belongs to: what is discarded before anybody got it leaves nothing behind.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_table = models.CharField(max_length=63)
    """The table in which the trigger looks for the object."""
    field = models.CharField(max_length=60)
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)
    """When it was last saved, where that is known."""
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    replaced_as = models.CharField(max_length=200, blank=True)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "field", "-replaced_at"], name="earlier_text_subject")
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.subject_type}:{self.subject_id}"


class UnsentForm(models.Model):
    """What a person has written in a form and not sent: for that person alone, until it is sent, discarded or old."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=LONGEST_ADDRESS)
    """The address at which the form stands."""
    form = models.CharField(max_length=200)
    """Which of the page's forms."""
    fields = models.JSONField(default=dict)
    """What a browser sends of each field, as ``{name: [value, ...]}``."""
    basis = models.CharField(max_length=64)
    """A checksum of the saved texts that the person saw beneath; another means that they have changed since."""
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="unsent_form_once", fields=["person", "page", "form"])]
        indexes = [models.Index(fields=["updated_at"], name="unsent_form_oldest")]

    def __str__(self) -> str:
        return f"{self.form} {self.page}"

    @property
    def texts(self) -> list[str]:
        """What was written by hand, to be read before it is discarded; choices and keys are none."""
        return [value for values in self.fields.values() for value in values if len(value.split()) > 1]
