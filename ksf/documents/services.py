"""Sealing: a number, the bytes and their checksum, kept once and for all."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from ksf.accounts.models import User
from ksf.actor import Actor
from ksf.documents import pdf
from ksf.documents.models import Document, DocumentSeries
from ksf.documents.registry import kind_of


@transaction.atomic
def seal(
    *, kind: str, subject: Model, title: str, template: str, context: Mapping[str, Any], language: str, by: User
) -> Document:
    """Typeset ``template`` and keep the PDF as a numbered document about ``subject``.

    The template also gets ``title``, ``document`` (its number) and ``created_at``. The series is locked until the
    caller's transaction ends: numbers follow each other without gaps, also when the transaction is rolled back.
    Raises ``LookupError`` for a kind nobody has registered.
    """
    now = timezone.now().replace(microsecond=0)
    number = _next_number(kind_of(kind).prefix, timezone.localdate(now).year)
    content = pdf.render(
        template,
        {**context, "title": title, "document": {"number": number}, "created_at": now},
        language=language,
    )
    return Document.objects.create(
        number=number,
        kind=kind,
        title=title,
        language=language,
        subject_type=subject._meta.label_lower,  # noqa: SLF001 -- Django's documented name for a model's options
        subject_id=subject.pk,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        created_at=now,
        created_by=by,
    )


def find(number: str, *, by: Actor) -> Document | None:
    """The document with this number, or nothing when there is none or ``by`` may not open it."""
    document = Document.objects.filter(number=number).first()
    return document if document is not None and may_open(document, by) else None


def may_open(document: Document, user: Actor) -> bool:
    """Tell whether ``user`` may open ``document``, by the rule its kind is registered with."""
    return kind_of(document.kind).may_open(user, document.subject_id)


def fingerprint(data: object) -> str:
    """SHA-256 of ``data`` as JSON in a fixed form: the same figures give the same checksum, in any order of keys."""
    text = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _next_number(prefix: str, year: int) -> str:
    series, _created = DocumentSeries.objects.get_or_create(prefix=prefix, year=year)
    series = DocumentSeries.objects.select_for_update().get(pk=series.pk)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}-{year}-{series.last:04}"
