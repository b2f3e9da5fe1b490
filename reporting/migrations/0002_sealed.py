"""What is sealed is never changed: the database refuses it."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION reporting_keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a sealed report is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reporting_regionalreport_sealed BEFORE UPDATE ON reporting_regionalreport FOR EACH ROW
    WHEN (OLD.state = 'approved' AND (NEW.state <> 'approved' OR NEW.snapshot IS DISTINCT FROM OLD.snapshot
          OR NEW.sha256 <> OLD.sha256 OR NEW.year <> OLD.year OR NEW.region_id <> OLD.region_id))
    EXECUTE FUNCTION reporting_keep_sealed();
CREATE TRIGGER reporting_regionalreport_kept BEFORE DELETE ON reporting_regionalreport FOR EACH ROW
    WHEN (OLD.state = 'approved') EXECUTE FUNCTION reporting_keep_sealed();
CREATE TRIGGER reporting_nationalreport_sealed BEFORE UPDATE ON reporting_nationalreport FOR EACH ROW
    WHEN (OLD.state = 'published' AND (NEW.state <> 'published' OR NEW.data IS DISTINCT FROM OLD.data
          OR NEW.sha256 <> OLD.sha256 OR NEW.year <> OLD.year))
    EXECUTE FUNCTION reporting_keep_sealed();
CREATE TRIGGER reporting_nationalreport_kept BEFORE DELETE ON reporting_nationalreport FOR EACH ROW
    WHEN (OLD.state = 'published') EXECUTE FUNCTION reporting_keep_sealed();
"""
BACK = """
DROP TRIGGER reporting_nationalreport_kept ON reporting_nationalreport;
DROP TRIGGER reporting_nationalreport_sealed ON reporting_nationalreport;
DROP TRIGGER reporting_regionalreport_kept ON reporting_regionalreport;
DROP TRIGGER reporting_regionalreport_sealed ON reporting_regionalreport;
DROP FUNCTION reporting_keep_sealed();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_plans_and_reports")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
