from django.db import migrations

from ksf.immutable import keep_history


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_erased_at"), ("audit", "0008_row_history")]

    operations = [
        keep_history("accounts_appointment"),
    ]
