from django.db import migrations

from ksf.immutable import write_once


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [write_once("audit_auditentry")]
