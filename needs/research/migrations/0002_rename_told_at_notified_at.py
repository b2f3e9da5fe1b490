from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('needs_research', '0001_initial'),
    ]

    operations = [
        migrations.RenameField(
            model_name='savedsearch',
            old_name='told_at',
            new_name='notified_at',
        ),
    ]
