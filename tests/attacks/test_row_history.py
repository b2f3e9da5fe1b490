"""What is changed of money, ballots and appointments shows, also when somebody changes it past the portal (X4)."""

import logging
import os
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from ksf import audit
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.audit import verifying
from ksf.audit.models import AuditCheck, AuditEntry, AuditLink, RowChange
from ksf.notifications.models import Notice
from ksf.tasks import verify_audit
from tests.grants.factories import make_pot
from tests.ksf.factories import appoint, make_lead, make_user

ROLE = f"ksf_app_of_history_{os.getpid()}"  # roles are of the whole server, which others test on too
KEPT = {
    "accounts_appointment",
    "grants_appropriation",
    "grants_applicationmember",
    "grants_award",
    "grants_awardshare",
    "grants_budgetline",
    "grants_instalment",
    "grants_pot",
    "needs_rounds_ballot",
    "needs_rounds_ballotline",
}
AMOUNTS_ELSEWHERE = {
    "grants_application": "the least amount that makes sense, which is in the log and sealed when handed in",
    "grants_call": "the rules of a call, whose changes are in the log",
    "grants_line": "computed from an input with a checksum; what is decided of it is an award",
    "grants_review": "advice, sealed when handed in",
    "needs_research_researchproject": "what a project has told of itself",
}


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def with_triggers(function):
    return {table for (table,) in execute(
        "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c"
        " ON c.oid = t.tgrelid WHERE p.proname = %s", function
    )}  # fmt: skip


@pytest.mark.django_db
class TestWhatIsKept:
    def test_the_tables(self):
        assert with_triggers("audit_note_row") == KEPT

    def test_no_table_with_amounts_is_forgotten(self):
        """A new table with an amount gets a history, is written once, or has its reason above."""
        found = {
            model._meta.db_table
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, models.IntegerField) and "amount" in field.name
        }
        assert found - KEPT - with_triggers("ksf_refuse_change") <= set(AMOUNTS_ELSEWHERE)

    def test_what_a_row_was_and_became(self):
        pot = make_pot()
        RowChange.objects.all()
        execute("UPDATE grants_pot SET amount = amount - 1000 WHERE id = %s", pot.pk)
        execute("UPDATE grants_pot SET amount = amount WHERE id = %s", pot.pk)  # changes nothing
        made, changed = RowChange.objects.filter(table="grants_pot", row=str(pot.pk)).order_by("pk")
        assert (made.before, made.after["amount"]) == (None, pot.amount)
        assert (changed.before["amount"], changed.after["amount"]) == (pot.amount, pot.amount - 1000)
        assert changed.role == connection.settings_dict["USER"]
        user = appoint(Role.OBSERVER)
        Appointment.objects.filter(user=user).delete()
        gone = RowChange.objects.filter(table="accounts_appointment").last()
        assert (gone.before["user_id"], gone.after) == (user.pk, None)

    def test_a_change_has_the_transaction_of_its_entry_in_the_log(self):
        user = appoint(Role.OBSERVER)
        entry = audit.record("test", user, by=user)
        entry.refresh_from_db()
        assert entry.transaction == RowChange.objects.last().transaction

    def test_nobody_says_another_transaction(self):
        user = make_user()
        entry = AuditEntry.objects.create(actor=user, verb="x", subject_type="y", subject_id="1", transaction="1@2")
        entry.refresh_from_db()
        assert entry.transaction != "1@2"

    def test_history_can_not_be_changed(self):
        appoint(Role.OBSERVER)
        for attempt in (
            "UPDATE audit_rowchange SET role = 'x'",
            "DELETE FROM audit_rowchange",
            "TRUNCATE audit_rowchange",
        ):
            with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
                execute(attempt)


@pytest.mark.django_db
class TestRole:
    """As the role that serves the portal."""

    @pytest.fixture
    def as_app(self):
        appoint(Role.OBSERVER)
        execute(f"CREATE ROLE {ROLE} NOLOGIN")
        call_command("grant_app", ROLE, stdout=StringIO())
        execute(f"SET LOCAL ROLE {ROLE}")
        yield
        execute("RESET ROLE")

    def test_its_raw_sql_is_in_the_history(self, as_app):
        execute("UPDATE accounts_appointment SET position_percentage = 40")
        assert RowChange.objects.last().after["position_percentage"] == 40

    @pytest.mark.parametrize(
        "attempt",
        [
            "INSERT INTO audit_rowchange (\"table\", \"row\", transaction, at, role) VALUES ('x', '1', '', now(), 'x')",
            "UPDATE audit_rowchange SET role = 'x'",
            "DELETE FROM audit_rowchange",
            "TRUNCATE accounts_appointment",
            "ALTER TABLE accounts_appointment DISABLE TRIGGER accounts_appointment_history",
            "DROP TRIGGER accounts_appointment_history ON accounts_appointment",
            "CREATE OR REPLACE FUNCTION audit_note_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        ],
    )
    def test_it_can_hide_nothing(self, as_app, attempt):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            execute(attempt)


@pytest.mark.django_db(transaction=True)
class TestLookingThrough:
    def test_a_change_past_the_portal_shows_until_it_is_explained(self):
        with transaction.atomic():
            pot = make_pot()
            audit.record("pot.made", pot, by=make_user())
        assert list(verifying.faults()) == []
        execute("UPDATE grants_pot SET amount = 1 WHERE id = %s", pot.pk)
        (found,) = verifying.faults()
        assert f"grants_pot {pot.pk}" in found
        which = RowChange.objects.last().transaction
        assert which in found
        with pytest.raises(CommandError, match="--reason"):
            call_command("verify_audit", explain=which)
        with pytest.raises(CommandError, match="no transaction"):
            call_command("verify_audit", explain="1@1", reason="Rettet")
        out = StringIO()
        call_command("verify_audit", explain=which, reason="Feil pott, rettet for hånd", stdout=out, stderr=StringIO())
        assert "as it was written" in out.getvalue()
        assert AuditEntry.objects.get(verb="row_history.explained").data["reason"].startswith("Feil pott")

    def test_every_night_the_leads_get_mail_when_it_is_broken_and_the_watch_sees_it(self, client, caplog):
        with transaction.atomic():
            lead = make_lead()
            audit.record("appointment.made", lead, by=lead)
        assert "ksf_audit_faults -1" in client.get("/metrics").text
        with caplog.at_level(logging.WARNING):
            assert verify_audit() == 0
        assert AuditCheck.objects.first().head in caplog.text
        assert not Notice.objects.exists()
        assert "ksf_audit_faults 0" in client.get("/metrics").text
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE audit_auditentry SET verb = 'forged'")
            cursor.execute("RESET session_replication_role")
        assert verify_audit() == 1
        notice = Notice.objects.get()
        assert (notice.user, notice.is_urgent) == (lead, True)
        assert "the link before it was changed" in notice.body
        assert "ksf_audit_faults 1" in client.get("/metrics").text

    def test_the_head_of_last_night_must_still_be_there(self):
        with transaction.atomic():
            user = make_user()
            audit.record("test", user, by=user)
        verify_audit()
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM audit_auditlink")
            cursor.execute("DELETE FROM audit_auditentry")
            cursor.execute("RESET session_replication_role")
        assert not AuditLink.objects.exists()
        assert verify_audit() == 1
        assert "no longer in the chain" in AuditCheck.objects.first().faults[0]

    def test_a_trigger_that_is_disabled_shows(self):
        execute("ALTER TABLE grants_award DISABLE TRIGGER grants_award_history")
        try:
            assert list(verifying.faults()) == ["The trigger grants_award_history is disabled."]
        finally:
            execute("ALTER TABLE grants_award ENABLE TRIGGER grants_award_history")
