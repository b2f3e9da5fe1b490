"""A database where hostile text stands in every column that people write in."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from tests.hostile import TEXTS

FEWEST_LETTERS = 60
"""A shorter column holds a code, a number or a name of a register, not what people write."""
NOT_WRITTEN_BY_PEOPLE = {
    "sort_key", "sha256", "checksum", "input_hash", "token_hash", "hash", "password", "kind", "verb", "key", "version",
    "acting_as", "rule", "subject_type", "content_type", "url", "next_url", "website", "method_assessment_url",
    "subject_table", "field", "replaced_as", "page", "form", "basis",
    "ror_id", "external_id", "external_source", "email", "to", "legal_basis_nb", "legal_basis_nn",
}  # fmt: skip


def fill() -> None:
    """Write hostile text over everything people have written, past the triggers that guard what is sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for model in apps.get_models():
            for field in columns_of_text(model):
                _fill_column(cursor, model._meta.db_table, field)
        cursor.execute("SET session_replication_role = DEFAULT")


def columns_of_text(model: type[models.Model]) -> Iterator[models.Field]:
    """The columns of the model that hold what people write."""
    if not model.__module__.startswith(("ksf.", "regions.", "clusters.", "needs.", "grants.", "reporting.")):
        return
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
        if not is_text or field.choices or field.unique or field.name in NOT_WRITTEN_BY_PEOPLE:
            continue
        if field.max_length is None or field.max_length >= FEWEST_LETTERS:
            yield field


def _fill_column(cursor: Any, table: str, field: models.Field) -> None:
    """A different text from row to row; what is empty stays empty, as the database may demand it."""
    texts = json.dumps(
        [_as_name(text)[: field.max_length] if "name" in field.name else text[: field.max_length] for text in TEXTS]
    )
    column = connection.ops.quote_name(field.column)
    cursor.execute(
        f"UPDATE {connection.ops.quote_name(table)} SET {column} = %s::jsonb ->> (ascii({column}) %% {len(TEXTS)})"  # noqa: S608  our own names
        f" WHERE {column} <> ''",
        [texts],
    )


def _as_name(text: str) -> str:
    """The database takes no path for a file's name."""
    return text.replace("/", "_")
