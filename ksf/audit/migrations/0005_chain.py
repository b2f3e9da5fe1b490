"""Every entry of the log gets a link in a chain of hashes, so that a changed, removed or forged entry shows (X4).

The link is made at the very end of the transaction that writes the entry, one transaction at a time. To come last, it is
asked for in two turns: the first deferred trigger writes to ``audit_pending``, whose own deferred trigger runs when all
others, among them the checks of foreign keys, have taken their locks. Nobody can then wait for the chain and be waited for.

The functions run as the owner of the tables: the role that serves the portal may write entries, and no links.
"""

import django.db.models.deletion
from django.db import migrations, models

from ksf.immutable import write_once

CHAIN_LOCK = 0x4B53_4C4F

FUNCTIONS = f"""
CREATE TABLE audit_pending (entry_id bigint PRIMARY KEY);

CREATE FUNCTION audit_digest(previous text, entry audit_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(previous || jsonb_build_object(
        'id', entry.id, 'at', extract(epoch FROM entry.at), 'actor', entry.actor_id, 'acting_as', entry.acting_as,
        'verb', entry.verb, 'subject_type', entry.subject_type, 'subject_id', entry.subject_id, 'data', entry.data
    )::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION audit_link_entries(first bigint, last bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE entry audit_auditentry; place bigint; head text;
BEGIN
    PERFORM pg_advisory_xact_lock({CHAIN_LOCK});
    SELECT position, hash INTO place, head FROM audit_auditlink ORDER BY position DESC LIMIT 1;
    place := coalesce(place, 0);
    head := coalesce(head, '');
    FOR entry IN
        SELECT e.* FROM audit_auditentry e LEFT JOIN audit_auditlink l ON l.entry_id = e.id
        WHERE e.id BETWEEN first AND last AND l.entry_id IS NULL ORDER BY e.id
    LOOP
        place := place + 1;
        head := audit_digest(head, entry);
        INSERT INTO audit_auditlink (position, entry_id, hash) VALUES (place, entry.id, head);
    END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION audit_link_entries FROM PUBLIC;

CREATE FUNCTION audit_ask_for_link() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN INSERT INTO audit_pending VALUES (NEW.id); RETURN NULL; END $$;

CREATE FUNCTION audit_make_link() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_link_entries(NEW.entry_id, NEW.entry_id);
    DELETE FROM audit_pending WHERE entry_id = NEW.entry_id;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_entry_asks AFTER INSERT ON audit_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_ask_for_link();
CREATE CONSTRAINT TRIGGER audit_entry_is_linked AFTER INSERT ON audit_pending
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_make_link();
"""

UNDO = """
DROP TRIGGER audit_entry_asks ON audit_auditentry;
DROP TABLE audit_pending;
DROP FUNCTION audit_make_link, audit_ask_for_link, audit_link_entries, audit_digest;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_newest")]

    operations = [
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="audit.auditentry",
                    ),
                ),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        write_once("audit_auditlink"),
        migrations.RunSQL(FUNCTIONS, UNDO),
    ]
