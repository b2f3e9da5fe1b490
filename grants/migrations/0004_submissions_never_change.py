from django.db import migrations

from ksf.immutable import write_once


class Migration(migrations.Migration):
    dependencies = [("grants", "0003_hold_the_sums")]

    operations = [write_once("grants_submission")]
