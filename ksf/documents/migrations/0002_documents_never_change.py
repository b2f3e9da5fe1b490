from django.db import migrations

REFUSE = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'document % is sealed and can be neither changed nor deleted', OLD.number
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER documents_never_change BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
"""

ALLOW = """
DROP TRIGGER documents_never_change ON documents_document;
DROP FUNCTION documents_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
