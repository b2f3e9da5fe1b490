"""Database triggers for tables whose rows are written once."""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION ksf_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def never_changed(table: str) -> migrations.RunSQL:
    """A migration step after which PostgreSQL refuses UPDATE and TRUNCATE of ``table``; a row may be deleted."""
    return migrations.RunSQL(
        sql=f"""{_FUNCTION}
        CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION ksf_refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION ksf_refuse_change();
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_never_changed ON {table};
        DROP TRIGGER {table}_no_truncate ON {table};
        """,
    )


def write_once(table: str) -> migrations.RunSQL:
    """A migration step after which PostgreSQL refuses UPDATE, DELETE and TRUNCATE of ``table``."""
    return migrations.RunSQL(
        sql=f"""{_FUNCTION}
        CREATE TRIGGER {table}_write_once BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION ksf_refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION ksf_refuse_change();
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_write_once ON {table};
        DROP TRIGGER {table}_no_truncate ON {table};
        """,
    )


def keep_history(table: str) -> migrations.RunSQL:
    """A migration step after which each change of a row in ``table`` is kept in the log's history of rows (X4).

    Depends on ``("audit", "0008_row_history")``, which has the function.
    """
    return migrations.RunSQL(
        sql=f"""
        CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION audit_note_row();
        CREATE TRIGGER {table}_history_emptied AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_note_row();
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_history ON {table};
        DROP TRIGGER {table}_history_emptied ON {table};
        """,
    )
