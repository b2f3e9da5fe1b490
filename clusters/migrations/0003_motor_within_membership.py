"""The motor municipality is a member of its cluster for its whole term: held by the database, from both sides (S5)."""

from django.db import migrations

SQL = """
CREATE FUNCTION clusters_motor_within_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM clusters_membership
        WHERE id = NEW.membership_id AND cluster_id = NEW.cluster_id AND period @> NEW.period
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'motor term % is not within a membership of its cluster', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'motor_term_within_membership';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION clusters_membership_around_motor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM clusters_motorterm
        WHERE membership_id = NEW.id AND (cluster_id <> NEW.cluster_id OR NOT NEW.period @> period);
    IF FOUND THEN
        RAISE EXCEPTION 'membership % does not hold for the whole of its motor term', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'motor_term_within_membership';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER motor_term_within_membership
    AFTER INSERT OR UPDATE ON clusters_motorterm DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW EXECUTE FUNCTION clusters_motor_within_membership();
CREATE CONSTRAINT TRIGGER membership_around_motor_term
    AFTER UPDATE OF period, cluster_id ON clusters_membership DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW EXECUTE FUNCTION clusters_membership_around_motor();
"""

BACK = """
DROP TRIGGER membership_around_motor_term ON clusters_membership;
DROP TRIGGER motor_term_within_membership ON clusters_motorterm;
DROP FUNCTION clusters_membership_around_motor();
DROP FUNCTION clusters_motor_within_membership();
"""


class Migration(migrations.Migration):
    dependencies = [("clusters", "0002_dissolved_reason")]
    operations = [migrations.RunSQL(SQL, BACK)]
