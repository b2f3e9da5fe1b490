from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast
from psycopg.types.range import Range


def subject_of(obj: models.Model) -> tuple[str, str]:
    """The type and id under which the log knows ``obj``."""
    return obj._meta.label_lower, str(obj.pk)  # noqa: SLF001


def record(verb: str, subject: models.Model, *, by: Any, **data: Any) -> Any:
    """Write one entry in the caller's transaction and return it. ``by`` is a user; jobs act as the system user."""
    entry_model = apps.get_model("audit", "AuditEntry")
    subject_type, subject_id = subject_of(subject)
    hat = getattr(by, "hat", None)
    return entry_model.objects.create(
        verb=verb,
        subject_type=subject_type,
        subject_id=subject_id,
        actor=by,
        acting_as=str(hat) if hat else "",
        data={key: plain(value) for key, value in data.items() if value not in ("", None)},
    )


def changes_of(obj: models.Model, values: dict[str, Any]) -> dict[str, list[Any]]:
    """``{field: [before, after]}`` for the given ``values`` that differ from what ``obj`` holds."""
    return {
        field: [plain(getattr(obj, field)), plain(value)]
        for field, value in values.items()
        if getattr(obj, field) != value
    }


def history(subject: models.Model) -> Any:
    """The entries about ``subject``, newest first, with their actors."""
    entry_model = apps.get_model("audit", "AuditEntry")
    subject_type, subject_id = subject_of(subject)
    return entry_model.objects.filter(subject_type=subject_type, subject_id=subject_id).select_related("actor")


def history_of(model: type[models.Model], ids: models.QuerySet) -> Any:
    """The entries about the rows of ``model`` whose keys ``ids`` gives, newest first, with their actors."""
    entry_model = apps.get_model("audit", "AuditEntry")
    keys = ids.annotate(key=Cast("pk", models.CharField())).values("key")
    return entry_model.objects.filter(subject_type=model._meta.label_lower, subject_id__in=keys).select_related("actor")  # noqa: SLF001


def plain(value: Any) -> Any:
    """``value`` as JSON can keep it."""
    match value:
        case bool() | int() | float() | str() | None:
            return value
        case datetime() | date():
            return value.isoformat()
        case Range():
            return [plain(value.lower), plain(value.upper)]
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case _:
            return str(value)
