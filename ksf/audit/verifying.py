"""Looking through the log and the history of rows for what was changed past the portal (X4)."""

from collections.abc import Iterator

from django.db import connection

from ksf import audit
from ksf.accounts.models import User
from ksf.audit import chain
from ksf.audit.models import AuditCheck, AuditEntry, RowChange

EXPLAINED = "row_history.explained"
SHOWN = 100
_PAST_THE_PORTAL = """
    SELECT c.transaction, c.role, min(c.at), string_agg(DISTINCT c."table" || ' ' || c."row", ', ')
    FROM audit_rowchange c
    WHERE NOT EXISTS (SELECT FROM audit_auditentry e WHERE e.transaction = c.transaction)
      AND NOT EXISTS (
          SELECT FROM audit_auditentry e WHERE e.verb = %(explained)s AND e.data ->> 'transaction' = c.transaction)
    GROUP BY c.transaction, c.role ORDER BY min(c.id) LIMIT %(shown)s
"""
_HISTORY_ASLEEP = """
    SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE p.proname = 'audit_note_row' AND t.tgenabled <> 'O' ORDER BY t.tgname
"""


def check() -> AuditCheck:
    """Look through all of it and keep what was found; the head of the look before must still be there."""
    before = AuditCheck.objects.exclude(head="").first()
    found = list(faults(noted=before.head if before else ""))
    return AuditCheck.objects.create(faults=found, head=chain.head())


def faults(*, noted: str = "") -> Iterator[str]:
    """All that is wrong, a sentence each. ``noted`` is a head of the chain that was noted earlier."""
    for fault in chain.faults():
        yield f"Entry {fault.entry}: {fault.what}."
    for name in chain.triggers_asleep():
        yield f"The trigger {name} is disabled."
    if noted and not chain.holds(noted):
        yield "The head that was noted is no longer in the chain."
    yield from _history()


def explain(transaction: str, reason: str) -> AuditEntry:
    """Note in the log why rows were changed past the portal, so that it is a fault no more. Raises LookupError."""
    if not RowChange.objects.filter(transaction=transaction).exists():
        raise LookupError(transaction)
    system = User.objects.system()
    return audit.record(EXPLAINED, system, by=system, transaction=transaction, reason=reason)


def _history() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY_ASLEEP)
        for (name,) in cursor.fetchall():
            yield f"The trigger {name} is disabled."
        cursor.execute(_PAST_THE_PORTAL, {"explained": EXPLAINED, "shown": SHOWN})
        for transaction, role, at, rows in cursor.fetchall():
            yield f"Past the portal, by the role {role} at {at:%Y-%m-%d %H:%M:%S}, transaction {transaction}: {rows}."
