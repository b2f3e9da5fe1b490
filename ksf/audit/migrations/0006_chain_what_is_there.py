"""Links for the entries written before there was a chain, a batch to each transaction: the portal may run meanwhile."""

from django.db import migrations, transaction

BATCH = 10_000


def link_what_is_there(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM audit_auditentry")
        first, last = cursor.fetchone()
    for begin in range(first, last + 1, BATCH):
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT audit_link_entries(%s, %s)", [begin, begin + BATCH - 1])


class Migration(migrations.Migration):
    atomic = False  # begun again where it stopped: what has a link is passed over
    dependencies = [("audit", "0005_chain")]

    operations = [migrations.RunPython(link_what_is_there, migrations.RunPython.noop)]
