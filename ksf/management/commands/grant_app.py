import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

#: A role that serves the portal: reads and writes rows, and owns nothing. What a trigger keeps from being changed it
#: has no right to change either.
GRANTS = """
    GRANT USAGE ON SCHEMA public TO "{role}";
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}";
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}";
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}";
    REVOKE INSERT, UPDATE, DELETE ON audit_auditlink, audit_pending, audit_rowchange, django_migrations FROM "{role}";
"""
#: The tables whose rows a trigger keeps from being changed, and whether from being deleted too (bit 8 of its type).
WRITE_ONCE = """
    SELECT c.relname, bool_or(t.tgtype::int & 8 > 0)
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
    WHERE p.proname = 'ksf_refuse_change' GROUP BY c.relname ORDER BY c.relname
"""
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class Command(BaseCommand):
    help = "Gives the role that serves the portal its rights, and no more. Run as the owner after each migration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role in the portal's own DATABASE_URL")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        role = options["role"]
        if not NAME.fullmatch(role):
            raise CommandError("A role's name is small letters, digits and underscores.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper, current_user = rolname FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no role {role}. Make it first: docs/operations.md says how.")
            if any(found):
                raise CommandError(f"{role} is a superuser or the owner, from whom no right can be kept.")
            cursor.execute(GRANTS.format(role=role))
            cursor.execute(WRITE_ONCE)
            for table, is_kept in cursor.fetchall():
                rights = "UPDATE, TRUNCATE, DELETE" if is_kept else "UPDATE, TRUNCATE"
                cursor.execute(f'REVOKE {rights} ON "{table}" FROM "{role}"')
        self.stdout.write(f"{role} reads and writes, and can alter nothing.")
