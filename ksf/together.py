"""The rows of several querysets, or of several relations of one object, in one query."""

# ruff: noqa: SLF001 -- what is kept on the object is what Django itself keeps there

from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from json import loads
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import RangeField
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.query import get_related_populators
from psycopg import sql


def rows(*querysets: Any) -> list[list[Any]]:
    """What each of these querysets of models gives, with what it selects along and its annotations.

    Annotations come as JSON has them: text, numbers, truth values, lists.
    """
    if not querysets:
        return []
    compilers = [queryset.query.get_compiler(queryset.db) for queryset in querysets]
    parts = [_as_json(compiler) for compiler in compilers]
    text = ", ".join(part for part, _params in parts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {text}", [value for _part, params in parts for value in params])
        found = cursor.fetchone()
    return [list(_models(compiler, part or "[]")) for compiler, part in zip(compilers, found, strict=True)]


def _as_json(compiler: Any) -> tuple[str, tuple[Any, ...]]:
    try:
        text, params = compiler.as_sql(with_col_aliases=True)
    except EmptyResultSet:  # Django sees by itself that no row can fit
        return "NULL", ()
    return f"(SELECT jsonb_agg(t) FROM ({text}) t)", params  # noqa: S608 - what Django wrote


def _models(compiler: Any, found: str) -> Iterator[models.Model]:
    """As Django's own ``ModelIterable`` makes models of rows."""
    if found == "[]":
        return
    select, made_of = compiler.select, compiler.klass_info
    start, end = made_of["select_fields"][0], made_of["select_fields"][-1] + 1
    names = [column.target.attname for column, _sql, _alias in select[start:end]]
    using = compiler.using
    populators = get_related_populators(made_of, select, using)  # type: ignore[call-arg]  # the stubs are newer
    for values in loads(found, parse_float=Decimal):
        row = [_value(column, values[alias]) for column, _sql, alias in select]
        made = made_of["model"].from_db(using, names, row[start:end])
        for populator in populators:
            populator.populate(row, made)
        for name, at in compiler.annotation_col_map.items():
            setattr(made, name, row[at])
        yield made


def _value(column: Any, value: Any) -> Any:
    """What JSON holds of a column as the column's field has it."""
    field: Any = getattr(column, "target", None)
    if field is None or value is None:
        return value
    if isinstance(field, RangeField):
        base: Any = field.base_field
        lower, upper = (base.to_python(day or None) for day in value[1:-1].split(","))
        return field.range_type(lower, upper, value[0] + value[-1])
    return field.to_python(value)


def prefetch(obj: models.Model, *lookups: str | models.Prefetch) -> None:
    """``prefetch_related_objects([obj], …)`` for what has a foreign key to one object, or to what it has one to."""
    wanted = [lookup if isinstance(lookup, models.Prefetch) else models.Prefetch(lookup) for lookup in lookups]
    ways = [one.prefetch_through.split("__") for one in wanted]
    holders = [reduce(getattr, way[:-1], obj) for way in ways]
    fields: list[Any] = [holder._meta.get_field(way[-1]) for holder, way in zip(holders, ways, strict=True)]
    querysets = [
        (field.related_model.objects.all() if one.queryset is None else one.queryset).filter(
            **{field.field.name: holder}
        )
        for one, holder, field in zip(wanted, holders, fields, strict=True)
    ]
    found = rows(*querysets)
    for one, holder, field, its in zip(wanted, holders, fields, found, strict=True):
        for row in its:
            field.field.set_cached_value(row, holder)
        if one.to_attr:
            setattr(holder, one.to_attr, its)
        else:
            keep(holder, field.name, its)


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
    for name, its in found.items():
        keep(obj, name, _in_order(its))


def _instance(obj: models.Model, name: str, row: Any) -> models.Model:
    related: Any = obj._meta.get_field(name)
    values = {
        field.attname: field.to_python(row[field.column]) for field in related.related_model._meta.concrete_fields
    }
    made: models.Model = related.related_model(**values)
    made._state.adding, made._state.db = False, obj._state.db
    setattr(made, related.field.name, obj)
    return made


def _in_order(found: list[models.Model]) -> list[models.Model]:
    ordering: Any = found[0]._meta.ordering if found else ()
    for term in reversed(ordering):
        found.sort(key=attrgetter(term.lstrip("-")), reverse=term.startswith("-"))
    return found


def keep(obj: models.Model, name: str, found: list[models.Model]) -> None:
    """Have these rows as all of a reverse relation, as ``prefetch_related`` would."""
    queryset = getattr(obj, name).all()
    queryset._result_cache, queryset._prefetch_done = found, True
    cache = obj.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = queryset
