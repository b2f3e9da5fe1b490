"""Saving what is typed, by several people at once, without losing a word (G4, N6, R2, X10)."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ksf.accounts.models import User
from ksf.limits import MOST_TYPED, check_length
from ksf.writing.models import UnsentForm, VersionedText

DAYS_UNSENT = 30
MOST_IN_A_FORM = 5 * MOST_TYPED
"""Characters of all fields together: a form has few long texts."""


class WriteConflict(Exception):
    """Somebody else saved another text since the writer's page was loaded. ``theirs`` is the row as saved."""

    def __init__(self, theirs: VersionedText) -> None:
        self.theirs = theirs
        super().__init__(f"version {theirs.version} is newer")


T = TypeVar("T", bound=VersionedText)


@transaction.atomic
def write(row: T, content: str, *, version: int, by: User) -> T:
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


def hold_unsent(fields: dict[str, list[str]], *, page: str, form: str, basis: str, by: User) -> None:
    """Keep what ``by`` has typed in a form of a page, in place of what was kept of it before.

    Raises ValidationError, and keeps what was there, for a text that is longer than any here needs to be.
    """
    texts = [text for values in fields.values() for text in values]
    for text in texts:
        check_length(text)
    if sum(map(len, texts)) > MOST_IN_A_FORM:
        raise ValidationError(_("There is more text here than can be kept. Shorten it, and keep the rest aside."))
    values = {"fields": fields, "basis": basis, "updated_at": timezone.now()}
    UnsentForm.objects.update_or_create(person=by, page=page, form=form, defaults=values)
