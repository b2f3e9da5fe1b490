"""G7-G8: computing an allocation, choosing one, changing a line."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from grants import notifications
from grants.lifecycle import (
    ApplicationState,
    ProposalState,
)
from grants.models import (
    Award,
    Line,
    Scenario,
)
from grants.services import allocation, decision
from ksf.jobs.models import Job, JobState
from ksf.jobs.tasks import run
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from tests.grants.factories import POT, make_application, make_call, make_closed_call
from tests.grants.helpers import compute_scenario, propose_allocation
from tests.ksf.factories import make_lead, make_staff, make_user

UNDER_REVIEW = ApplicationState.UNDER_REVIEW


@pytest.mark.django_db
def test_a_scenario_is_computed_once_with_reasons_and_is_the_same_each_time():
    call, staff = make_closed_call(), make_staff()
    first, second = compute_scenario(call, staff), compute_scenario(call, staff)
    assert first.input_hash == second.input_hash
    assert json.dumps(first.result) == json.dumps(second.result)
    assert [line.amount for line in first.lines.all()] == [500_000, 500_000, 0]
    lines = [[(line.amount, line.shares, line.reason) for line in one.lines.all()] for one in (first, second)]
    assert lines[0] == lines[1]
    assert first.lines.last().reason["code"] == "pot_used"
    assert [change["code"] for change in first.lines.last().reason["changes"]] == ["needs_score", "needs_pot"]
    run(first.job_id)
    assert Line.objects.filter(scenario=first).count() == 3


@pytest.mark.django_db
def test_what_nobody_is_known_to_have_proposed_goes_back_to_whoever_chose_the_scenario():
    staff, other = make_staff(), make_staff()
    sent = propose_allocation(make_closed_call(), staff)
    notifications.sent_back(sent, "Mer om Nord")
    sent.chosen_by, sent.proposed_by = other, None
    notifications.sent_back(sent, "Mer om Nord")
    notices = Notice.objects.filter(body__contains="Mer om Nord")
    assert [notice.user for notice in notices.order_by("pk")] == [staff, other]


@pytest.mark.django_db
def test_nothing_is_computed_without_scores_or_from_an_open_call():
    call, staff = make_closed_call(), make_staff()
    unread = make_application(call, state=UNDER_REVIEW)
    with pytest.raises(allocation.NotComputable, match=unread.number):
        allocation.compute(call, kind="optimum", pot=POT, cap=100_000, by=staff)
    with pytest.raises(allocation.NotComputable):
        allocation.compute(make_call(), kind="optimum", pot=POT, cap=100_000, by=staff)
    with pytest.raises(allocation.NotComputable):
        allocation.compute(call, kind="optimum", pot=POT + 1000, cap=100_000, by=staff)
    with pytest.raises(allocation.NotComputable):
        allocation.compute(call, kind="optimum", pot=POT, cap=101_000, by=staff)
    with pytest.raises(PermissionDenied):
        allocation.compute(call, kind="optimum", pot=POT, cap=100_000, by=make_user())
    assert not Scenario.objects.exists()


@pytest.mark.django_db
def test_a_killed_worker_leaves_nothing_and_the_job_finishes_once(monkeypatch):
    """A killed process runs no handler: its transaction is gone and its job is as it was while running."""
    call, staff = make_closed_call(), make_staff()
    scenario = allocation.compute(call, kind="optimum", pot=POT, cap=100_000, by=staff)

    class Killed(BaseException):
        pass

    def killed_midway(*_arguments, **_values):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Line.objects, "bulk_create", killed_midway)
        with pytest.raises(Killed):
            run(scenario.job_id)
    scenario.refresh_from_db()
    job = Job.objects.get(pk=scenario.job_id)
    assert (scenario.computed_at, scenario.lines.count(), job.state) == (None, 0, JobState.RUNNING)
    run(scenario.job_id)
    run(scenario.job_id)
    scenario.refresh_from_db()
    job.refresh_from_db()
    assert (scenario.lines.count(), job.state, job.attempts) == (3, JobState.DONE, 2)
    assert scenario.computed_at is not None


@pytest.mark.django_db
def test_choosing_another_drops_the_first_and_a_proposed_one_stands():
    call, staff = make_closed_call(), make_staff()
    optimum, strict = compute_scenario(call, staff), compute_scenario(call, staff, kind="strict")
    first = allocation.choose(optimum, by=staff)
    second = allocation.choose(strict, by=staff)
    first.refresh_from_db()
    assert (first.state, second.state) == (ProposalState.DROPPED, ProposalState.CHOSEN)
    assert allocation.choose(strict, by=staff) == second
    decision.propose(second, grounds="x", by=staff)
    with pytest.raises(StepNotAllowed):
        allocation.choose(optimum, by=staff)


def wrong_shares(line, **change):
    """The line's own shares with some changed, by place among its municipalities."""
    numbers = sorted(line.application.members.values_list("municipality__number", flat=True))
    return numbers, dict.fromkeys(numbers, 60_000) | {numbers[int(place[1:])]: to for place, to in change.items()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"m0": 60_500}, "m0"),
        ({"m0": 101_000}, "m0"),
        ({"m0": -1000}, "m0"),
        ({"m0": 0, "m1": 0, "m2": 0}, "whole"),
        ({f"m{n}": 100_000 for n in range(5)}, "whole"),
    ],
)
def test_a_changed_amount_keeps_to_every_rule(change, where):
    call, staff = make_closed_call(), make_staff()
    scenario = compute_scenario(call, staff)
    allocation.choose(scenario, by=staff)
    line = scenario.lines.last()
    numbers, shares = wrong_shares(line, **change)
    with pytest.raises(allocation.WrongShares) as wrong:
        allocation.override(line, shares=shares, reason="Fordi", by=staff)
    if where == "whole":
        assert wrong.value.whole
    else:
        assert list(wrong.value.errors) == [numbers[0]]
    line.refresh_from_db()
    assert not line.is_overridden


@pytest.mark.django_db
def test_a_stranger_to_the_application_and_the_cap_are_refused_in_a_changed_amount():
    call, staff = make_closed_call(pot=1_500_000, cap=80_000), make_staff()
    scenario = compute_scenario(call, staff)
    allocation.choose(scenario, by=staff)
    line = scenario.lines.first()
    shares = {share["municipality"]: share["amount"] for share in line.shares}
    number = line.shares[0]["municipality"]
    with pytest.raises(allocation.WrongShares) as over:
        allocation.override(line, shares={**shares, number: 90_000}, reason="Fordi", by=staff)
    assert list(over.value.errors) == [number]
    with pytest.raises(allocation.WrongShares):
        allocation.override(line, shares={"0000": 10_000}, reason="Fordi", by=staff)


@pytest.mark.django_db
def test_a_line_is_changed_and_restored_and_a_changed_one_is_what_is_decided():
    call, staff, lead = make_closed_call(), make_staff(), make_lead()
    scenario = compute_scenario(call, staff)
    chosen = allocation.choose(scenario, by=staff)
    low = scenario.lines.all()[1]
    numbers = sorted(low.application.members.values_list("municipality__number", flat=True))
    allocation.override(low, shares=dict.fromkeys(numbers, 0), reason="Trukket fra", by=staff)
    low.refresh_from_db()
    assert (low.final_amount, low.overridden_by) == (0, staff)
    allocation.undo_override(low, by=staff)
    low.refresh_from_db()
    assert low.final_amount == 500_000
    allocation.override(low, shares=dict.fromkeys(numbers, 70_000), reason="Mindre plan", by=staff)
    decision.propose(chosen, grounds="x", by=staff)
    with pytest.raises(StepNotAllowed):
        allocation.override(low, shares=dict.fromkeys(numbers, 80_000), reason="For sent", by=staff)
    chosen.refresh_from_db()
    decision.decide(chosen, by=lead)
    given = Award.objects.get(application=low.application)
    assert (given.amount, given.reason) == (350_000, {"override": "Mindre plan"})
