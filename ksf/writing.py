"""Text that is saved as it is typed, by several people at once, without losing a word (G4, N6, R2)."""

from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

if TYPE_CHECKING:  # apps read this before the registry of models is ready
    from ksf.accounts.models import User


class WriteConflict(Exception):
    """Somebody else saved another text since the writer's page was loaded. ``theirs`` is the row as saved."""

    def __init__(self, theirs: "VersionedText") -> None:
        self.theirs = theirs
        super().__init__(f"version {theirs.version} is newer")


class VersionedText(models.Model):
    """A text with a version that every writer must know to replace it."""

    content = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


T = TypeVar("T", bound=VersionedText)


@transaction.atomic
def write(row: T, content: str, *, version: int, by: "User") -> T:
    """Replace the text and return the row with its next version.

    Saving what is there already changes nothing. Raises WriteConflict when ``version`` is not the row's and the
    texts differ: both are kept, one in the row, one with the writer.
    """
    locked: T = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)  # noqa: SLF001
    content = content.replace("\r\n", "\n").replace("\0", "")
    if locked.content == content:
        return locked
    if locked.version != version:
        raise WriteConflict(locked)
    locked.content = content
    locked.version += 1
    locked.updated_at = timezone.now()
    locked.updated_by = by
    locked.save(update_fields=["content", "version", "updated_at", "updated_by"])
    return locked
