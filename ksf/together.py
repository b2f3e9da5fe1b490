"""The rows of several relations of one object, in one query."""

# ruff: noqa: SLF001 -- what is kept on the object is what Django itself keeps there

from json import loads
from typing import Any

from django.db import connection, models
from psycopg import sql


def fetch(obj: models.Model, *names: str) -> None:
    """Bring along the rows of these reverse relations, as ``prefetch_related`` does with a query for each.

    The rows come as JSON, so it is for what is text, whole numbers, truth values, dates and moments, and in an order
    of its own columns.
    """
    parts = []
    for name in names:
        field: Any = obj._meta.get_field(name)
        parts.append(
            sql.SQL("SELECT {name}, to_jsonb(t) FROM {table} t WHERE {column} = {pk}").format(
                name=sql.Literal(name),
                table=sql.Identifier(field.related_model._meta.db_table),
                column=sql.Identifier(field.field.column),
                pk=sql.Literal(obj.pk),
            )
        )
    found: dict[str, list[models.Model]] = {name: [] for name in names}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts).as_string(cursor.connection))
        for name, row in cursor.fetchall():
            found[name].append(_instance(obj, name, loads(row)))
    for name, rows in found.items():
        _keep(obj, name, rows)


def _instance(obj: models.Model, name: str, row: Any) -> models.Model:
    related: Any = obj._meta.get_field(name)
    values = {
        field.attname: field.to_python(row[field.column]) for field in related.related_model._meta.concrete_fields
    }
    made: models.Model = related.related_model(**values)
    made._state.adding, made._state.db = False, obj._state.db
    setattr(made, related.field.name, obj)
    return made


def _keep(obj: models.Model, name: str, rows: list[models.Model]) -> None:
    queryset = getattr(obj, name).all()
    for term in reversed(queryset.model._meta.ordering):
        rows.sort(key=lambda row, term=term: getattr(row, term.lstrip("-")), reverse=term.startswith("-"))  # type: ignore[misc]
    queryset._result_cache, queryset._prefetch_done = rows, True
    cache = obj.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = queryset
