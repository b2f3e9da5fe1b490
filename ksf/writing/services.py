"""Saving what is typed, by several people at once, without losing a word (G4, N6, R2, X10)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ksf.accounts.models import User
from ksf.audit.recording import subject_of
from ksf.limits import MOST_TYPED, check_length
from ksf.writing.models import EarlierText, UnsentForm, VersionedText

SESSION = timedelta(minutes=10)
"""How long one may rest and still be at the same version."""
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
    keep_earlier(
        locked, {"content": (locked.content, content)}, by=by, writer=locked.updated_by, since=locked.updated_at
    )
    locked.content = content
    locked.version += 1
    locked.updated_at = timezone.now()
    locked.updated_by = by
    locked.save(update_fields=["content", "version", "updated_at", "updated_by"])
    return locked


def keep_earlier(
    subject: Model,
    changes: Mapping[str, tuple[str, str]],
    *,
    by: User,
    writer: User | None = None,
    since: datetime | None = None,
    begun_by: User | None = None,
    always: bool = False,
) -> None:
    """Keep what texts of ``subject`` were, before they are saved again. ``changes`` is ``{field: (before, after)}``.

    What one person saves within ``SESSION`` of the last time is one version, unless most of the text goes; another's
    text is always kept. ``writer`` and ``since`` say who saved it last and when, where the row knows; ``begun_by`` who
    wrote it first.
    """
    for field, (before, after) in changes.items():
        if not before.strip() or before == after:
            continue
        last = earlier_of(subject).filter(field=field).first()
        if last and last.text == before:
            continue
        wrote = writer or (last.replaced_by if last else begun_by)
        saved = since or (last.replaced_at if last else None)
        is_same_session = wrote == by and saved is not None and saved > timezone.now() - SESSION
        if is_same_session and not always and len(after) > len(before) // 2:
            continue
        subject_type, subject_id = subject_of(subject)
        role = getattr(by, "active_role", None)
        EarlierText.objects.create(
            subject_type=subject_type,
            subject_id=int(subject_id),
            subject_table=subject._meta.db_table,  # noqa: SLF001
            field=field,
            text=before,
            written_by=wrote,
            written_at=saved,
            replaced_by=by,
            replaced_as=str(role) if role else "",
        )


def earlier_of(subject: Model) -> QuerySet[EarlierText]:
    """What the texts of ``subject`` were, the last first."""
    subject_type, subject_id = subject_of(subject)
    found = EarlierText.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return found.select_related("written_by", "replaced_by")


def earlier_of_nothing(before: datetime) -> QuerySet[EarlierText]:
    """What belonged to objects that are gone, replaced before then."""
    there = Q()
    for kind in EarlierText.objects.order_by().values_list("subject_type", flat=True).distinct():
        there |= Q(subject_type=kind, subject_id__in=apps.get_model(kind).objects.values("pk"))
    return EarlierText.objects.filter(replaced_at__lt=before).exclude(there)


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
