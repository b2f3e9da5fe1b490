"""The history of rows, written by a trigger, and in each entry of the log the transaction it was written in.

The functions run as the owner of the tables: the role that serves the portal can write no history. Entries from before
this say nothing of their transaction, and keep their hash.
"""

from django.db import migrations, models

from ksf.immutable import write_once

FUNCTIONS = """
CREATE FUNCTION audit_transaction() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT pg_current_xact_id()::text || '@' || extract(epoch FROM transaction_timestamp())::text
$$;

CREATE FUNCTION audit_set_transaction() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN NEW.transaction := audit_transaction(); RETURN NEW; END $$;

CREATE TRIGGER audit_entry_has_transaction BEFORE INSERT ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_set_transaction();

CREATE OR REPLACE FUNCTION audit_digest(previous text, entry audit_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(previous || (jsonb_build_object(
        'id', entry.id, 'at', extract(epoch FROM entry.at), 'actor', entry.actor_id, 'acting_as', entry.acting_as,
        'verb', entry.verb, 'subject_type', entry.subject_type, 'subject_id', entry.subject_id, 'data', entry.data
    ) || CASE WHEN entry.transaction IS NULL THEN '{}' ELSE jsonb_build_object('transaction', entry.transaction) END
    )::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION audit_note_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_rowchange ("table", "row", transaction, at, role, before, after) VALUES (
        TG_TABLE_NAME,
        coalesce(to_jsonb(NEW) ->> 'id', to_jsonb(OLD) ->> 'id', '*'),
        audit_transaction(), clock_timestamp(), session_user, to_jsonb(OLD), to_jsonb(NEW)
    );
    RETURN NULL;
END $$;
"""

UNDO = """
DROP TRIGGER audit_entry_has_transaction ON audit_auditentry;
DROP FUNCTION audit_note_row, audit_set_transaction, audit_transaction;
CREATE OR REPLACE FUNCTION audit_digest(previous text, entry audit_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(previous || jsonb_build_object(
        'id', entry.id, 'at', extract(epoch FROM entry.at), 'actor', entry.actor_id, 'acting_as', entry.acting_as,
        'verb', entry.verb, 'subject_type', entry.subject_type, 'subject_id', entry.subject_id, 'data', entry.data
    )::text, 'UTF8')), 'hex')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_personal")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="transaction",
            field=models.CharField(db_index=True, editable=False, max_length=60, null=True),
        ),
        migrations.CreateModel(
            name="RowChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=63)),
                ("row", models.CharField(help_text="The key; * where the whole table was emptied.", max_length=40)),
                ("transaction", models.CharField(db_index=True, max_length=60)),
                ("at", models.DateTimeField()),
                ("role", models.CharField(help_text="Of the database.", max_length=63)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["table", "row"], name="audit_rowchange_of_row")]},
        ),
        migrations.CreateModel(
            name="AuditCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("faults", models.JSONField(default=list)),
                ("head", models.CharField(blank=True, max_length=90)),
            ],
            options={"ordering": ["-pk"]},
        ),
        write_once("audit_rowchange"),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
