"""All that is stored about a person, as a ZIP file: JSON for programs, a page for people (GDPR articles 15, 20)."""

import io
import json
from datetime import date, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.encoding import force_str
from django.utils.functional import Promise

from ksf import retention
from ksf.accounts.models import User
from ksf.audit.recording import as_json
from ksf.personal import PersonalKind, kinds
from ksf.web.dates import in_words

README = "les-meg.html"
Row = dict[str, Any]  # as JSON keeps it


def make_zip(user: User) -> bytes:
    """The file: ``<kind>.json`` for each kind of which there is something, and a page in the person's language."""
    with translation.override(user.language):
        found = [(kind, _rows(kind, user)) for kind in kinds()]
        made = io.BytesIO()
        with ZipFile(made, "w", ZIP_DEFLATED) as archive:
            archive.writestr(README, _page(user, found))
            for kind, rows in found:
                if rows:
                    text = json.dumps([row for row, _shown in rows], ensure_ascii=False, indent=1)
                    archive.writestr(f"{kind.code}.json", text)
    return made.getvalue()


def _rows(kind: PersonalKind, user: User) -> list[tuple[Row, list[str]]]:
    """Each row as JSON, and what a reader is shown of it."""
    found = []
    for table in kind.tables:
        name = table.model._meta.label  # noqa: SLF001
        for row in table.rows(user):
            for column, values in table.parts(row, user):
                kept = {field: as_json(value) for field, value in values.items()}
                found.append(({"table": name, "id": as_json(row.pk), "you_are": column, **kept}, _shown(row, values)))
    return found


def _shown(row: Model, values: Row) -> list[str]:
    """The values in words, without those that are empty; what has labels is shown with the label's text."""
    texts = []
    for field, value in values.items():
        display = getattr(row, f"get_{field}_display", None)
        texts.append(_in_words(row, field, display() if display else value))
    return [text for text in texts if text]


def _in_words(row: Model, field: str, value: object) -> str:
    match value:
        case None | "" | False | {}:
            return ""
        case True:
            return _label(row, field)
        case datetime() | date():
            return in_words(value)
        case dict():
            return ", ".join(force_str(one) for one in value.values())
        case _:
            return force_str(value)


def _label(row: Model, field: str) -> str:
    """What a field that is on or off is called on screen, else its name."""
    labels = {one.name: one.verbose_name for one in row._meta.fields}  # noqa: SLF001
    label = labels.get(field)
    return str(label) if isinstance(label, Promise) else field


def _page(user: User, found: list[tuple[PersonalKind, list[tuple[Row, list[str]]]]]) -> str:
    context = {
        "user": user,
        "made_at": timezone.now(),
        "found": [(kind, [shown for _row, shown in rows]) for kind, rows in found],
        "rules": retention.rules(),
        "contact_email": settings.CONTACT_EMAIL,
        "language": translation.get_language(),
    }
    return render_to_string("privacy/download.html", context)
