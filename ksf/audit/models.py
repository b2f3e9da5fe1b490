import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class AuditEntry(models.Model):
    """One thing that was done. A trigger in the database refuses to change or delete a row (X4)."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting_as = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    transaction = models.CharField(max_length=60, null=True, editable=False, db_index=True)  # noqa: DJ001  set by the database

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="audit_subject"),
            models.Index(fields=["-at", "-id"], name="audit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"

    @property
    def facts(self) -> dict[str, Any]:
        """What the entry says, with what is kept beside it about a person as long as it is kept."""
        return {**self.data, **self.personal_facts}

    @property
    def personal_facts(self) -> dict[str, Any]:
        """What is kept beside the entry, while it is."""
        beside = getattr(self, "personal", None) if "personal" in self.data else None
        return beside.data if beside else {}


class AuditPersonal(models.Model):
    """What an entry says about a person that must go one day (X7): addresses, on the net and for mail.

    It lies outside the chain, so that it can be deleted. The entry keeps its hash with ``salt``: a change of it shows,
    and once it is deleted nobody can guess from the entry what it was. A trigger refuses to change a row.
    """

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True, related_name="personal")
    data = models.JSONField()
    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"about {self.entry_id}"

    @property
    def hash(self) -> str:
        """SHA-256 in hex of the salt and of ``data`` as JSON in a fixed form."""
        text = json.dumps(self.data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(f"{self.salt}{text}".encode()).hexdigest()


class AuditLink(models.Model):
    """The place of an entry in the chain: ``hash`` covers the entry and the link before it. The database makes it."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="+", db_constraint=False)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


class RowChange(models.Model):
    """What a row of money, ballots or appointments was and became: a trigger writes it, whoever changes the row (X4).

    Nobody writes here but the trigger. ``transaction`` is that of the log's entries about the same change: a change
    without such an entry was made past the portal. ``before`` and ``after`` are the rows as JSON.
    """

    table = models.CharField(max_length=63)
    row = models.CharField(max_length=40, help_text="The key; * where the whole table was emptied.")
    transaction = models.CharField(max_length=60, db_index=True)
    at = models.DateTimeField()
    role = models.CharField(max_length=63, help_text="Of the database.")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "row"], name="audit_rowchange_of_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class AuditCheck(models.Model):
    """One look through the log: when, what was wrong, and the head of the chain, which the next looks for."""

    at = models.DateTimeField(auto_now_add=True)
    faults = models.JSONField(default=list)
    head = models.CharField(max_length=90, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}: {len(self.faults)}"
