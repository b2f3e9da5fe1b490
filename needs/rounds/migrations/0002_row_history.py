from django.db import migrations

from ksf.immutable import keep_history


class Migration(migrations.Migration):
    dependencies = [("needs_rounds", "0001_initial"), ("audit", "0008_row_history")]

    operations = [
        keep_history("needs_rounds_ballot"),
        keep_history("needs_rounds_ballotline"),
    ]
