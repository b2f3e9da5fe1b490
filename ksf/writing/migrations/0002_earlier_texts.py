import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from ksf.immutable import never_changed

GONE_WITH_ITS_OBJECT = """
CREATE FUNCTION writing_refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    there boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1)', OLD.subject_table)
        INTO there USING OLD.subject_id;
    IF there THEN
        RAISE EXCEPTION 'Earlier texts go with their object only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER writing_earliertext_kept BEFORE DELETE ON writing_earliertext
    FOR EACH ROW EXECUTE FUNCTION writing_refuse_loss();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('writing', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EarlierText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('subject_table', models.CharField(max_length=63)),
                ('field', models.CharField(max_length=60)),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField(null=True)),
                ('replaced_as', models.CharField(blank=True, max_length=200)),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('replaced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-replaced_at', '-pk'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'field', '-replaced_at'], name='earlier_text_subject')],
            },
        ),
        never_changed("writing_earliertext"),
        migrations.RunSQL(
            GONE_WITH_ITS_OBJECT,
            "DROP TRIGGER writing_earliertext_kept ON writing_earliertext; DROP FUNCTION writing_refuse_loss();",
        ),
    ]
