"""What must be deleted one day lies beside the entries, outside the chain. Entries written before keep what they say."""

import django.db.models.deletion
from django.db import migrations, models

from ksf.immutable import never_changed


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_chain_what_is_there")]

    operations = [
        migrations.CreateModel(
            name="AuditPersonal",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="personal",
                        serialize=False,
                        to="audit.auditentry",
                    ),
                ),
                ("data", models.JSONField()),
                ("salt", models.CharField(max_length=32)),
            ],
        ),
        never_changed("audit_auditpersonal"),
    ]
