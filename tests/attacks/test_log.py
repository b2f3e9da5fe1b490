"""The log cannot be changed by the portal's own role, and shows it when somebody else has (X4)."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from grants.models import CostCategory
from grants.services import application as applications
from grants.services.application import Edit
from ksf import audit
from ksf.audit import chain
from ksf.audit.models import AuditEntry, AuditLink, AuditPersonal
from tests.grants.helpers import make_draft
from tests.ksf.factories import make_user

ROLE = f"ksf_app_of_test_{os.getpid()}"  # roles are of the whole server, which others test on too
FORGED = "UPDATE audit_auditentry SET verb = 'need.published' WHERE id = %s"


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def write(count):
    """Entries, each in a transaction of its own as far as the chain is concerned."""
    user = make_user()
    for number in range(count):
        audit.record(f"test.{number}", user, by=user)
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute("SET CONSTRAINTS ALL DEFERRED")
    return list(AuditEntry.objects.order_by("pk"))


def verify(**options):
    out = StringIO()
    call_command("verify_audit", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def past_the_triggers(sql, *values):
    execute("SET LOCAL session_replication_role = replica")
    execute(sql, *values)
    execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.django_db
class TestChain:
    def test_what_is_written_is_linked(self):
        write(3)
        assert list(AuditLink.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
        assert list(chain.faults()) == []
        assert chain.head() in verify()

    def test_several_in_one_transaction(self):
        user = make_user()
        entries = [audit.record("test.several", user, by=user) for _time in range(5)]
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        linked = AuditLink.objects.order_by("position").values_list("entry", flat=True)
        assert sorted(linked) == [entry.pk for entry in entries]
        assert list(chain.faults()) == []

    def test_a_changed_entry_shows(self, monkeypatch):
        monkeypatch.setattr(chain, "BATCH", 2)
        entries = write(5)
        past_the_triggers(FORGED, entries[2].pk)
        assert [fault.entry for fault in chain.faults()] == [entries[2].pk]
        with pytest.raises(CommandError, match="was changed"):
            verify()

    def test_a_removed_entry_shows(self):
        entries = write(3)
        past_the_triggers("DELETE FROM audit_auditentry WHERE id = %s", entries[1].pk)
        assert [fault.what for fault in chain.faults()] == ["the entry is gone"]

    def test_an_entry_removed_with_its_link_shows(self):
        entries = write(3)
        past_the_triggers("DELETE FROM audit_auditlink WHERE position = 2")
        past_the_triggers("DELETE FROM audit_auditentry WHERE id = %s", entries[1].pk)
        assert entries[2].pk in [fault.entry for fault in chain.faults()]

    def test_an_entry_written_past_the_triggers_shows(self):
        past_the_triggers(
            "INSERT INTO audit_auditentry (at, actor_id, acting_as, verb, subject_type, subject_id, data)"
            " VALUES (now(), %s, '', 'x', 'y', '1', '{}')",
            make_user().pk,
        )
        assert [fault.what for fault in chain.faults()] == ["the entry was written past the chain"]

    def test_an_end_that_was_cut_off_shows_to_who_noted_the_head(self):
        entries = write(3)
        noted = chain.head()
        assert "as it was written" in verify(noted=noted)
        past_the_triggers("DELETE FROM audit_auditlink WHERE position = 3")
        past_the_triggers("DELETE FROM audit_auditentry WHERE id = %s", entries[2].pk)
        assert list(chain.faults()) == []
        with pytest.raises(CommandError, match="no longer in the chain"):
            verify(noted=noted)

    def test_what_is_kept_beside_an_entry_may_go_and_not_change(self):
        user = make_user()
        entry = audit.record_personal("test.beside", user, {"email": "kari@kommune.example"}, by=user, other=user)
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert "kari" not in str(entry.data)
        assert entry.data["other"] == user.pk
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            execute("UPDATE audit_auditpersonal SET data = '{}'")
        past_the_triggers('UPDATE audit_auditpersonal SET data = \'{"email": "ola@kommune.example"}\'')
        assert [fault.what for fault in chain.faults()] == ["what is kept beside the entry was changed"]
        AuditPersonal.objects.all().delete()
        assert list(chain.faults()) == []

    def test_a_disabled_trigger_shows(self):
        write(1)
        execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_auditentry_write_once")
        with pytest.raises(CommandError, match="audit_auditentry_write_once is disabled"):
            verify()

    def test_what_was_there_before_the_chain_is_linked_in_batches(self, monkeypatch):
        from importlib import import_module

        migration = import_module("ksf.audit.migrations.0006_chain_what_is_there")
        monkeypatch.setattr(migration, "BATCH", 3)
        write(10)
        past_the_triggers("DELETE FROM audit_auditlink")
        with connection.schema_editor(atomic=False) as editor:
            migration.link_what_is_there(None, editor)
            migration.link_what_is_there(None, editor)
        assert AuditLink.objects.count() == 10
        assert list(chain.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_the_link_is_made_when_the_transaction_ends():
    user = make_user()
    with transaction.atomic():
        audit.record("test.end", user, by=user)
        assert not AuditLink.objects.exists()
    assert AuditLink.objects.count() == 1


@pytest.mark.django_db
class TestRole:
    """What the role that serves the portal may do, tried as that role."""

    @pytest.fixture
    def as_app(self):
        write(2)
        execute(f"CREATE ROLE {ROLE} NOLOGIN")
        call_command("grant_app", ROLE, stdout=StringIO())
        execute(f"SET LOCAL ROLE {ROLE}")
        yield
        execute("RESET ROLE")

    def test_it_writes_entries_and_the_database_links_them(self, as_app):
        write(1)
        assert AuditLink.objects.count() == 3
        assert list(chain.faults()) == []

    @pytest.mark.parametrize(
        "attempt",
        [
            "UPDATE audit_auditentry SET verb = 'x'",
            "DELETE FROM audit_auditentry",
            "TRUNCATE audit_auditentry",
            "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
            "DROP TRIGGER audit_entry_asks ON audit_auditentry",
            "SET session_replication_role = replica",
            "INSERT INTO audit_auditlink VALUES (99, 99, 'x')",
            "DELETE FROM audit_auditlink",
            "DELETE FROM audit_pending",
            "UPDATE audit_auditpersonal SET data = '{}'",
            "SELECT audit_link_entries(1, 9)",
            "CREATE OR REPLACE FUNCTION ksf_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
            "ALTER TABLE documents_document DISABLE TRIGGER ALL",
            "DELETE FROM grants_submission",
            "ALTER TABLE grants_pot DISABLE TRIGGER ALL",
            "CREATE TABLE public.mine (id int)",
            "DELETE FROM django_migrations",
        ],
    )
    def test_it_can_forge_nothing(self, as_app, attempt):
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner|must be able"),
            transaction.atomic(),
        ):
            execute(attempt)

    def test_strict_is_content_with_it_and_not_with_the_owner(self, as_app):
        assert "as it was written" in verify(strict=True)
        execute("RESET ROLE")
        with pytest.raises(CommandError, match="could change audit_auditentry"):
            verify(strict=True)

    def test_no_rights_are_given_to_a_superuser(self):
        with pytest.raises(CommandError, match="superuser or the owner"):
            call_command("grant_app", "postgres")


@pytest.mark.django_db
def test_amounts_and_budget_of_a_draft_are_in_the_log():
    application, coordinator = make_draft()
    member = application.members.select_related("municipality").first()
    applications.save_amounts(application, {member.municipality_id: Edit(100_000, 90_000)}, by=coordinator)
    category = CostCategory.objects.get(call=application.call, code="pay")
    applications.save_budget(application, {(category.pk, "grant"): Edit(500_000, 490_000)}, by=coordinator)
    entries = audit.history(application)
    amounts = entries.filter(verb="application.amounts").first()
    assert amounts.data["changes"] == {member.municipality.number: [100_000, 90_000]}
    assert amounts.actor == coordinator
    assert entries.filter(verb="application.budget").first().data["changes"] == {"pay.grant": [500_000, 490_000]}
    before = entries.count()
    applications.save_amounts(application, {member.municipality_id: Edit(90_000, 90_000)}, by=coordinator)
    assert entries.count() == before
