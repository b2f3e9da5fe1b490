"""Whether the log is as it was written (X4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ksf.audit.models import AuditLink, AuditPersonal

BATCH = 10_000

_BATCH_OF_LINKS = """
    SELECT l.position, l.entry_id, l.hash, e.id,
           audit_digest(coalesce(lag(l.hash) OVER (ORDER BY l.position), %(head)s), e)
    FROM audit_auditlink l LEFT JOIN audit_auditentry e ON e.id = l.entry_id
    WHERE l.position > %(after)s ORDER BY l.position LIMIT %(batch)s
"""
_WITHOUT_LINK = """
    SELECT e.id FROM audit_auditentry e LEFT JOIN audit_auditlink l ON l.entry_id = e.id
    WHERE l.entry_id IS NULL ORDER BY e.id
"""
_MAY_CHANGE = """
    SELECT c.relname FROM pg_class c
    WHERE c.relname IN ('audit_auditentry', 'audit_auditlink', 'audit_rowchange') AND c.relkind = 'r'
      AND (pg_has_role(current_user, c.relowner, 'MEMBER') OR has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE'))
    ORDER BY c.relname
"""
_ASLEEP = """
    SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE starts_with(c.relname, 'audit_')
      AND NOT t.tgisinternal AND t.tgenabled <> 'O' ORDER BY t.tgname
"""


@dataclass(frozen=True)
class ChainFault:
    """What is wrong, and with which entry of the log."""

    entry: int
    what: str


def faults() -> Iterator[ChainFault]:
    """Everything that is not as it was written, in the order of the chain."""
    after, head = 0, ""
    while rows := _fetch(_BATCH_OF_LINKS, {"after": after, "head": head, "batch": BATCH}):
        for position, entry, found, there, digest in rows:
            if position != after + 1:
                yield ChainFault(entry, f"links {after + 1} to {position - 1} are gone before it")
            if there is None:
                yield ChainFault(entry, "the entry is gone")
            elif found != digest:
                yield ChainFault(entry, "the entry or the link before it was changed")
            after, head = position, found
    for (entry,) in _fetch(_WITHOUT_LINK, {}):
        yield ChainFault(entry, "the entry was written past the chain")
    for beside in AuditPersonal.objects.select_related("entry").order_by("pk").iterator(BATCH):
        if beside.entry.data.get("personal") != beside.hash:
            yield ChainFault(beside.pk, "what is kept beside the entry was changed")


def head() -> str:
    """The newest link, ``position:hash``; empty for an empty log. Kept elsewhere, it shows when the end is cut off."""
    newest = AuditLink.objects.order_by("-position").first()
    return str(newest) if newest else ""


def holds(noted: str) -> bool:
    """Whether a head that was noted earlier is still in the chain."""
    position, _colon, found = noted.partition(":")
    return position.isdecimal() and AuditLink.objects.filter(position=int(position), hash=found).exists()


def tables_the_role_may_change() -> list[str]:
    """The log's tables that the role we are connected as could change, by owning them or by a right."""
    return [name for (name,) in _fetch(_MAY_CHANGE, {})]


def triggers_asleep() -> list[str]:
    """The log's triggers that somebody has disabled."""
    return [name for (name,) in _fetch(_ASLEEP, {})]


def _fetch(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
