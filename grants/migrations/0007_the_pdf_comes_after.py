import django.db.models.deletion
from django.db import migrations, models

ONLY_THE_PDF_IS_ADDED = """
DROP TRIGGER grants_submission_write_once ON grants_submission;
CREATE TRIGGER grants_submission_write_once BEFORE DELETE ON grants_submission
    FOR EACH ROW EXECUTE FUNCTION ksf_refuse_change();
CREATE TRIGGER grants_submission_only_pdf_added BEFORE UPDATE ON grants_submission
    FOR EACH ROW
    WHEN (OLD.document_id IS NOT NULL OR to_jsonb(NEW) - 'document_id' <> to_jsonb(OLD) - 'document_id')
    EXECUTE FUNCTION ksf_refuse_change();
"""

NOTHING_IS_CHANGED = """
DROP TRIGGER grants_submission_write_once ON grants_submission;
DROP TRIGGER grants_submission_only_pdf_added ON grants_submission;
CREATE TRIGGER grants_submission_write_once BEFORE UPDATE OR DELETE ON grants_submission
    FOR EACH ROW EXECUTE FUNCTION ksf_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_renderings"),
        ("grants", "0006_complaints_decided_anew"),
    ]

    operations = [
        migrations.AlterField(
            model_name="submission",
            name="document",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.document",
            ),
        ),
        migrations.RunSQL(ONLY_THE_PDF_IS_ADDED, NOTHING_IS_CHANGED),
    ]
