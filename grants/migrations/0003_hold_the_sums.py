"""What the sums of money may not exceed, held by the database also when decisions are made at once (G1, G7).

Every award locks its pot's row and every pot its appropriation's row before the sum is read, so that two who decide at
the same time are served one after the other and the second sees what the first took. Shares are checked when the
transaction commits: by then the pot has been locked by the award they belong to.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION grants_check_pots(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE granted bigint; parted bigint;
BEGIN
    SELECT amount INTO granted FROM grants_appropriation WHERE id = checked FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO parted FROM grants_pot WHERE appropriation_id = checked;
    IF parted > granted THEN
        RAISE EXCEPTION 'pots of % kr exceed the appropriation of % kr', parted, granted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pots_within_appropriation';
    END IF;
END $$;

CREATE FUNCTION grants_check_awards(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE set_aside bigint; decided bigint;
BEGIN
    SELECT amount INTO set_aside FROM grants_pot WHERE id = checked FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO decided FROM grants_award
        WHERE pot_id = checked AND state IN ('decided', 'accepted');
    IF decided > set_aside THEN
        RAISE EXCEPTION 'awards of % kr exceed the pot of % kr', decided, set_aside
            USING ERRCODE = 'check_violation', CONSTRAINT = 'awards_within_pot';
    END IF;
END $$;

CREATE FUNCTION grants_check_shares(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE award record; shared bigint; cap bigint; over record;
BEGIN
    SELECT w.amount, w.state, w.pot_id, a.call_id INTO award
        FROM grants_award w JOIN grants_application a ON a.id = w.application_id WHERE w.id = checked;
    IF NOT FOUND OR award.state NOT IN ('decided', 'accepted') THEN
        RETURN;
    END IF;
    PERFORM 1 FROM grants_pot WHERE id = award.pot_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO shared FROM grants_awardshare WHERE award_id = checked;
    IF shared <> award.amount THEN
        RAISE EXCEPTION 'shares of % kr are not the award of % kr', shared, award.amount
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_sum_to_award';
    END IF;
    SELECT cap_per_municipality INTO cap FROM grants_call WHERE id = award.call_id;
    SELECT s.municipality_id, sum(s.amount) AS got INTO over
        FROM grants_awardshare s
        JOIN grants_award w ON w.id = s.award_id AND w.state IN ('decided', 'accepted')
        JOIN grants_application a ON a.id = w.application_id AND a.call_id = award.call_id
        GROUP BY s.municipality_id HAVING sum(s.amount) > cap ORDER BY s.municipality_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'municipality % gets % kr, over the cap of % kr', over.municipality_id, over.got, cap
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_within_cap';
    END IF;
END $$;

CREATE FUNCTION grants_guard_appropriation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM grants_check_pots(NEW.id); RETURN NULL; END $$;

CREATE FUNCTION grants_guard_pot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM grants_check_pots(NEW.appropriation_id); PERFORM grants_check_awards(NEW.id); RETURN NULL; END $$;

CREATE FUNCTION grants_guard_award() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM grants_check_awards(NEW.pot_id); RETURN NULL; END $$;

CREATE FUNCTION grants_guard_award_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM grants_check_shares(NEW.id); RETURN NULL; END $$;

CREATE FUNCTION grants_guard_share() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM grants_check_shares(OLD.award_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM grants_check_shares(NEW.award_id); END IF;
    RETURN NULL;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER grants_appropriation_holds_pots AFTER INSERT OR UPDATE OF amount ON grants_appropriation
    FOR EACH ROW EXECUTE FUNCTION grants_guard_appropriation();
CREATE TRIGGER grants_pot_holds_awards AFTER INSERT OR UPDATE OF amount, appropriation_id ON grants_pot
    FOR EACH ROW EXECUTE FUNCTION grants_guard_pot();
CREATE TRIGGER grants_award_within_pot AFTER INSERT OR UPDATE OF amount, state, pot_id ON grants_award
    FOR EACH ROW EXECUTE FUNCTION grants_guard_award();
CREATE CONSTRAINT TRIGGER grants_award_is_shared AFTER INSERT OR UPDATE OF amount, state ON grants_award
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grants_guard_award_shares();
CREATE CONSTRAINT TRIGGER grants_share_within_cap AFTER INSERT OR UPDATE OR DELETE ON grants_awardshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grants_guard_share();
"""

UNDO = """
DROP TRIGGER grants_share_within_cap ON grants_awardshare;
DROP TRIGGER grants_award_is_shared ON grants_award;
DROP TRIGGER grants_award_within_pot ON grants_award;
DROP TRIGGER grants_pot_holds_awards ON grants_pot;
DROP TRIGGER grants_appropriation_holds_pots ON grants_appropriation;
DROP FUNCTION grants_guard_share, grants_guard_award_shares, grants_guard_award, grants_guard_pot,
    grants_guard_appropriation, grants_check_shares, grants_check_awards, grants_check_pots;
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0002_seed_grants")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
