"""A worker that is killed in the middle of the national report loses nothing, and nothing happens twice (X8)."""

import pytest

FINISHED_WITHIN = 180.0  # the sweeper takes a job up again 20 seconds after its last sign of life
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
KEPT = "SELECT count(*) FROM reporting_nationalreport WHERE year = %s"
DONE = "SELECT count(*) FROM audit_auditentry WHERE verb = 'job.done' AND subject_id = %s"


def state_of(portal, job):
    return portal.rows("SELECT state FROM jobs_job WHERE id = %s", job)[0][0]


@pytest.mark.parametrize(
    ("year", "table", "lock"),
    [(2023, "reporting_regionalreport", "ACCESS EXCLUSIVE"), (2024, "reporting_nationalreport", "SHARE")],
    ids=["while it reads", "while it writes"],
)
def test_national_report(year, table, lock, portal, visit):
    """Killed where it waits for a table: when it gathers figures, and with the report half written."""
    page = visit("nasjonalt")
    page.goto("/rapportering/")
    with portal.connect() as holder, holder.transaction():
        holder.execute(f"LOCK TABLE {table} IN {lock} MODE")
        page.request.post(
            f"/rapportering/{year}/nasjonal/bygg/",
            form={"csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.input_value()},
            headers={"Referer": page.url},
            max_redirects=0,
        )
        [(job,)] = portal.rows("SELECT id FROM jobs_job WHERE params->>'year' = %s", str(year))
        portal.wait_until(lambda: portal.rows(WAITING, table)[0][0] > 0, FINISHED_WITHIN)
        assert state_of(portal, job) == "running"
        portal.kill_worker()
    assert portal.rows(KEPT, year) == [(0,)]
    portal.start_worker()
    portal.wait_until(lambda: state_of(portal, job) == "done", FINISHED_WITHIN)
    assert portal.rows(KEPT, year) == [(1,)]
    assert portal.rows(DONE, str(job)) == [(1,)]
    page.goto(f"/jobber/{job}/")
    page.get_by_role("link", name="Se resultatet").click(timeout=FINISHED_WITHIN * 1000)
    page.get_by_role("link", name="Les utkastet som PDF").wait_for()
