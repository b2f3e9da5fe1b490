"""Every state against every step: only what stands here is allowed."""

from types import SimpleNamespace

import pytest

from reporting import lifecycle as life

ALL = SimpleNamespace(has_perm=lambda *_args: True)
NOBODY = SimpleNamespace(has_perm=lambda *_args: False)
ALLOWED = {
    life.PLAN: {
        ("draft", "hand_in", "submitted"),
        ("returned", "hand_in", "submitted"),
        ("submitted", "return", "returned"),
        ("submitted", "approve", "approved"),
    },
    life.REPORT: {
        ("draft", "hand_in", "submitted"),
        ("returned", "hand_in", "submitted"),
        ("submitted", "return", "returned"),
        ("submitted", "approve", "approved"),
    },
    life.SECTION: {
        ("draft", "finish", "done"),
        ("returned", "finish", "done"),
        ("done", "reopen", "draft"),
        ("done", "return", "returned"),
        ("done", "accept", "accepted"),
    },
    life.NATIONAL: {("built", "publish", "published")},
    life.PLAN_WRITING: {("draft", "write", ""), ("returned", "write", "")},
    life.REPORT_WRITING: {("draft", "write", ""), ("returned", "write", "")},
    life.SECTION_WRITING: {("draft", "write", ""), ("returned", "write", ""), ("done", "write", "")},
}
STATES = {
    "regional_plan": life.PlanState,
    "regional_report": life.ReportState,
    "report_section": life.SectionState,
    "national_report": life.NationalState,
}


@pytest.mark.parametrize("table", ALLOWED, ids=lambda table: "-".join([table.name, *table.steps]))
def test_state_by_step(table):
    found = {
        (str(state), name, str(step.target))
        for state in STATES[table.name]
        for name, step in table.steps.items()
        if table.allows(name, SimpleNamespace(state=state), by=ALL)
    }
    assert found == ALLOWED[table]
    assert not any(
        table.allows(name, SimpleNamespace(state=state), by=NOBODY)
        for state in STATES[table.name]
        for name in table.steps
    )
