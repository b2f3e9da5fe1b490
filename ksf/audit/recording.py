import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from psycopg.types.range import Range

if TYPE_CHECKING:  # apps read this before the registry of models is ready
    from ksf.accounts.models import User
    from ksf.audit.models import AuditEntry

NEWEST = 5_000
"""How far back ``newest_of`` reads the log."""


def subject_of(obj: models.Model) -> tuple[str, str]:
    """The type and id under which the log knows ``obj``."""
    return obj._meta.label_lower, str(obj.pk)  # noqa: SLF001


def record(verb: str, subject: models.Model, *, by: "User", **data: Any) -> "AuditEntry":
    """Write one entry in the caller's transaction and return it. Jobs act as the system user."""
    entry_model = apps.get_model("audit", "AuditEntry")
    subject_type, subject_id = subject_of(subject)
    role = getattr(by, "active_role", None)
    return entry_model.objects.create(
        verb=verb,
        subject_type=subject_type,
        subject_id=subject_id,
        actor=by,
        acting_as=str(role) if role else "",
        data={key: as_json(value) for key, value in data.items() if value not in ("", None)},
    )


def record_personal(
    verb: str, subject: models.Model, personal: Mapping[str, Any], *, by: "User", **data: Any
) -> "AuditEntry":
    """``record``, with what must be deleted one day, such as an address, kept beside the entry and not in the chain."""
    kept = {key: as_json(value) for key, value in personal.items() if value not in ("", None)}
    beside = apps.get_model("audit", "AuditPersonal")(data=kept, salt=secrets.token_hex(16))
    beside.entry = record(verb, subject, by=by, personal=beside.hash, **data)
    beside.save(force_insert=True)
    return beside.entry


def changes_of(obj: models.Model, values: dict[str, Any]) -> dict[str, list[Any]]:
    """``{field: [before, after]}`` for the given ``values`` that differ from what ``obj`` holds."""
    return {
        field: [as_json(getattr(obj, field)), as_json(value)]
        for field, value in values.items()
        if getattr(obj, field) != value
    }


def history(subject: models.Model) -> "models.QuerySet[AuditEntry]":
    """The entries about ``subject``, newest first, with their actors."""
    entry_model = apps.get_model("audit", "AuditEntry")
    subject_type, subject_id = subject_of(subject)
    return entry_model.objects.filter(subject_type=subject_type, subject_id=subject_id).select_related("actor")


def history_of(model: type[models.Model], ids: models.QuerySet) -> "models.QuerySet[AuditEntry]":
    """The entries about the rows of ``model`` whose keys ``ids`` gives, newest first, with their actors."""
    entry_model = apps.get_model("audit", "AuditEntry")
    keys = ids.annotate(key=Cast("pk", models.CharField())).values("key")
    return entry_model.objects.filter(subject_type=model._meta.label_lower, subject_id__in=keys).select_related("actor")  # noqa: SLF001


def newest_of(model: type[models.Model], ids: models.QuerySet) -> "models.QuerySet[AuditEntry]":
    """Those of ``history_of`` among the newest of the log: quick however many rows ``ids`` gives.

    The log is read backwards and each entry's row looked up. Where ``ids`` gives few rows, ``history_of`` is quick.
    """
    entries = apps.get_model("audit", "AuditEntry").objects.all()
    subject_type, pk = model._meta.label_lower, model._meta.pk  # noqa: SLF001
    key = Case(When(subject_type=subject_type, then=Cast("subject_id", pk)))
    begin = Coalesce(Subquery(entries.values("at")[NEWEST : NEWEST + 1]), Value(datetime.min.replace(tzinfo=UTC)))
    found = entries.filter(subject_type=subject_type, at__gte=begin).alias(key=key)
    one = Subquery(ids.filter(pk=OuterRef("key")).values("pk")[:1])  # one by one, never all of them first
    return found.alias(one=one).filter(one__isnull=False).select_related("actor")


def as_json(value: object) -> Any:
    """``value`` as JSON can keep it."""
    match value:
        case bool() | int() | float() | str() | None:
            return value
        case datetime() | date():
            return value.isoformat()
        case Range():
            return [as_json(value.lower), as_json(value.upper)]
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [as_json(item) for item in value]
        case _:
            return value.pk if isinstance(value, get_user_model()) else str(value)  # no person's name (X7)
