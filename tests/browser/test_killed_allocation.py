"""X8: a worker that is killed in the middle of an allocation loses nothing, and the allocation is made once."""

import re

from playwright.sync_api import expect

FINISHED_WITHIN = 120_000.0  # milliseconds; the sweeper takes a job up again 20 seconds after its last sign of life
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'grants_line'::regclass"
LINES = "SELECT count(*), count(DISTINCT application_id) FROM grants_line WHERE scenario_id = %s"
REMEMBERED = "SELECT count(*) FROM audit_auditentry WHERE verb = %s AND subject_id = %s"
UNDER_REVIEW = """
    SELECT count(*) FROM grants_application a JOIN grants_call c ON c.id = a.call_id
    WHERE c.slug = '2026' AND a.state = 'under_review'
"""


def ask_for_an_allocation(page):
    page.goto("/tilskudd/2026/fordeling/ny/")
    page.get_by_label("Flest mulig regioner, så kvalitet").check()
    page.locator("main").get_by_role("button", name="Regn ut").click()
    page.wait_for_url("**/jobber/*/")
    return int(re.search(r"/jobber/(\d+)/", page.url)[1])


def test_allocation(portal, visit):
    """Killed with the result found and the first half written: it waits for the table of the other half."""
    page = visit("nasjonalt")
    with portal.connect() as holder, holder.transaction():
        holder.execute("LOCK TABLE grants_line IN SHARE MODE")
        job = ask_for_an_allocation(page)
        portal.wait_until(lambda: portal.rows(WAITING)[0][0] > 0, 60)
        portal.kill_worker()
    [(scenario, computed_at)] = portal.rows("SELECT id, computed_at FROM grants_scenario WHERE job_id = %s", job)
    assert computed_at is None
    assert portal.rows(LINES, scenario) == [(0, 0)]
    assert portal.rows("SELECT state FROM jobs_job WHERE id = %s", job) == [("running",)]
    portal.start_worker()
    result = page.get_by_role("link", name="Se resultatet")  # the page asks by itself how far it has come
    expect(result).to_be_visible(timeout=FINISHED_WITHIN)
    [(applications,)] = portal.rows(UNDER_REVIEW)
    assert portal.rows(LINES, scenario) == [(applications, applications)]
    assert portal.rows(REMEMBERED, "job.done", str(job)) == [(1,)]
    assert portal.rows(REMEMBERED, "scenario.computed", str(scenario)) == [(1,)]
    result.click()
    expect(page.get_by_role("heading", name="A. Flest mulig regioner")).to_be_visible()
