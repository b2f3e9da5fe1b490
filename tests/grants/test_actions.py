"""What each reader may do on the pages of grants, in each state, and which is the main button."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grants.actions.allocation import (
    action_to_change,
    action_to_choose,
    actions_on_allocation,
    actions_on_proposal,
)
from grants.actions.application import (
    action_to_settle,
    actions_on_application,
    actions_on_receipt,
    rules_to_fix,
    rules_to_judge,
)
from grants.actions.award import actions_on_decision
from grants.actions.call import actions_on_call, actions_on_calls
from grants.actions.complaint import actions_on_complaint
from grants.actions.review import actions_on_review, main_of_reviews
from grants.lifecycle import (
    ApplicationState,
    AwardState,
    CallState,
    ComplaintState,
    ProposalState,
    RedecisionState,
    ReviewState,
)
from grants.models import Complaint, Line, Proposal, Redecision, Rejection, Scenario, Submission
from grants.rules.eligibility import Finding, RuleOutcome
from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.jobs.models import Job
from tests.clusters.factories import make_cluster
from tests.grants.factories import make_application, make_award, make_call, make_review
from tests.ksf.factories import appoint, make_lead, make_staff, make_user
from tests.ksf.helpers import name_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def award():
    return make_award(make_application(state=ApplicationState.AWARDED))


@pytest.fixture
def readers(award):
    return {
        "its contact": appoint(Role.RD_CONTACT, award.application.motor),
        "its coordinator": appoint(Role.CLUSTER_COORDINATOR, award.application.cluster),
        "staff": make_staff(),
        "a member": make_user(),
        "a visitor": Visitor(),
    }


def found(readers, award):
    """For each who may do anything: the names of the addresses."""
    may = {who: actions_on_decision(reader, award.application) for who, reader in readers.items()}
    actions = {who: [*one.answers, *([one.complain] if one.complain else [])] for who, one in may.items()}
    return {who: [name_of(action) for action in all_] for who, all_ in actions.items() if all_}


@pytest.mark.parametrize("state", list(AwardState))
@pytest.mark.parametrize("days", [-1, 0])
def test_an_award_is_answered_by_its_own_while_there_is_time(award, readers, state, days):
    award.state, award.acceptance_due_on = state, timezone.localdate() + timedelta(days=days)
    answers = ["award_accept", "award_decline"] if (state, days) == (AwardState.DECIDED, 0) else []
    assert found(readers, award) == {
        "its contact": [*answers, "complaint_new"],
        "its coordinator": [*answers, "complaint_new"],
    }


def test_after_three_weeks_nobody_complains(award, readers):
    award.decided_at -= timedelta(days=22)
    award.acceptance_due_on -= timedelta(days=22)
    assert found(readers, award) == {}


def test_a_letter_that_is_not_written_is_not_offered(award, readers):
    assert actions_on_decision(readers["its contact"], award.application).letter is None


def names(*actions):
    """Where each leads, with a star for what is done at once."""
    return [name_of(one) + "*" * one.is_post for one in actions if one]


WORK = ["application_list", "review_overview", "allocation"]
CALLS = {  # by state, and days to its opening and its deadline: the way to apply, and what KSF may do
    ("draft", -1, 1): ([], ["call_edit", "call_publish", "call_answer_new"]),
    ("published", 1, 2): ([], [*WORK, "call_correct", "call_extend", "call_close*", "call_answer_new"]),
    ("published", -1, 1): (
        ["application_start"],
        [*WORK, "call_correct", "call_extend", "call_close* early", "call_answer_new"],
    ),
    ("published", -2, -1): ([], [*WORK, "call_correct", "call_extend", "call_close*", "call_answer_new"]),
    ("closed", -2, -1): ([], [*WORK, "call_answer_new"]),
    ("decided", -2, -1): ([], [*WORK, "call_answer_new"]),
}


@pytest.mark.parametrize(("state", "opens", "deadline"), CALLS)
def test_a_call_is_applied_to_while_it_is_open_and_handled_by_ksf(state, opens, deadline):
    call = make_call(CallState(state), opens=opens, deadline=deadline)
    apply, handle = CALLS[state, opens, deadline]
    coordinator = appoint(Role.CLUSTER_COORDINATOR, make_cluster(members=5))
    for reader, head, steps in (
        (coordinator, apply, []),
        (Visitor(), apply, []),
        (make_user(), [], []),
        (make_staff(), [], handle),
        (make_lead(), [], handle),
    ):
        found = actions_on_call(reader, call, [])
        early = [f"{name} early" for name in names(found.close_early)]
        assert names(*found.head) == head
        assert [
            *names(*found.work, *found.changes, found.publish), *early, *names(found.close, found.answer)
        ] == steps  # fmt: skip


def test_whoever_has_applied_goes_to_the_own_application():
    application = make_application()
    own = actions_on_call(appoint(Role.RD_CONTACT, application.motor), application.call, [application])
    assert names(*own.head) == ["application"]


def test_a_visitor_signs_in_first_and_closing_early_looks_dangerous():
    call = make_call()
    assert str(actions_on_call(Visitor(), call, []).head[0].label) == "Logg inn og søk"
    assert actions_on_call(make_staff(), call, []).close_early.look == "danger"


APPLICATIONS = {  # by state: what its own may do, and what KSF may do
    "draft": ([], []),
    "submitted": (["application_withdraw"], ["application_dismiss"]),
    "under_review": (["application_withdraw"], ["application_dismiss"]),
    "withdrawn": (["application_reopen*"], []),
    "ineligible": ([], []),
    "awarded": (["application_decision"], ["application_decision"]),
    "rejected": (["application_decision"], ["application_decision"]),
}


@pytest.mark.parametrize("state", ApplicationState)
def test_an_application_is_withdrawn_by_its_own_and_dismissed_by_ksf(state):
    application = make_application(state=state)
    own, ksf = APPLICATIONS[state]
    for reader, steps in (
        (appoint(Role.RD_CONTACT, application.motor), own),
        (appoint(Role.CLUSTER_COORDINATOR, application.cluster), own),
        (make_staff(), ksf),
        (appoint(Role.RD_CONTACT, application.members.last().municipality), [s for s in own if "decision" in s]),
    ):
        found = actions_on_application(reader, application, None)
        assert names(found.decision, *found.pages, found.reopen) == steps
        assert found.head == []


def test_what_is_withdrawn_is_taken_up_again_only_while_the_call_is_open():
    application = make_application(make_call(deadline=-1), state=ApplicationState.WITHDRAWN)
    assert actions_on_application(appoint(Role.RD_CONTACT, application.motor), application, None).reopen is None


def test_a_dismissal_is_read_once_it_has_a_letter_to_come():
    application = make_application(state=ApplicationState.INELIGIBLE)
    now = timezone.now()
    Rejection.objects.create(
        application=application, decided_at=now, decided_by=make_staff(), complaint_due_on=now.date()
    )
    application.refresh_from_db()
    assert names(actions_on_application(make_staff(), application, None).decision) == ["application_decision"]


@pytest.mark.parametrize("state", ApplicationState)
def test_a_joint_score_is_settled_while_the_application_is_assessed(state):
    application = make_application(state=state)
    criterion = application.call.criteria.first()
    first, later = (action_to_settle(application, criterion, is_joint=is_joint) for is_joint in (False, True))
    assert names(first) == names(later) == (["application_settle"] if state == "under_review" else [])
    assert first is None or first.label != later.label


@pytest.fixture
def proposer():
    return make_staff()


@pytest.fixture
def proposal(proposer):
    """Chosen in a closed call, with one line."""
    application = make_application(make_call(CallState.CLOSED), state=ApplicationState.UNDER_REVIEW)
    scenario = Scenario.objects.create(call=application.call, created_by=proposer)
    Line.objects.create(scenario=scenario, application=application, amount=0, score=1)
    return Proposal.objects.create(call=application.call, scenario=scenario, chosen_by=proposer, proposed_by=proposer)


PROPOSALS = {  # by state: what is said on the way to it, and what staff, the lead and whoever proposed it may do
    "chosen": ("Til forslaget", ["proposal_propose*"], ["proposal_propose*"], ["proposal_propose*"]),
    "proposed": ("Se forslaget", [], ["proposal_decide*", "proposal_send_back*"], []),
    "decided": ("Se vedtaket", [], [], []),
}


@pytest.mark.parametrize("state", PROPOSALS)
def test_a_proposal_is_sent_by_staff_and_decided_by_a_lead_who_did_not_send_it(proposal, proposer, state):
    proposal.state = state
    label, *steps = PROPOSALS[state]
    readers = (make_staff(), make_lead(), appoint(Role.NATIONAL_LEAD, user=proposer))
    for reader, names_of_steps in zip(readers, steps, strict=True):
        found = actions_on_proposal(reader, proposal)
        assert names(found.propose, found.decide, found.send_back) == names_of_steps
        assert names(found.compare) == ["allocation"]
        (way,) = actions_on_allocation(reader, proposal.call, proposal, is_first=False).proposals
        assert (str(way.label), names(way)) == (label, ["proposal"])


@pytest.mark.parametrize("state", CallState)
@pytest.mark.parametrize("is_first", [True, False])
def test_an_allocation_is_computed_when_the_call_is_closed(state, is_first):
    found = actions_on_allocation(make_staff(), make_call(state), None, is_first=is_first)
    assert names(found.compute) == (["allocation_new"] if state == CallState.CLOSED else [])
    assert found.proposals == []
    assert found.compute is None or found.compute.look == ("primary" if is_first else "secondary")


@pytest.mark.parametrize("state", [None, *ProposalState])
def test_another_scenario_is_chosen_until_the_lead_has_the_proposal(proposal, state):
    call, chosen = proposal.call, proposal.scenario
    other = Scenario.objects.create(call=call, created_by=proposal.chosen_by)
    proposal.state = state
    live = proposal if state else None
    first, second = (action_to_choose(call, one, "A", live, is_likely=True) for one in (chosen, other))
    assert names(first) == ([] if state else ["allocation_choose*"])
    assert names(second) == ([] if state == ProposalState.PROPOSED else ["allocation_choose*"])
    assert second is None or second.look == ("secondary" if state else "primary")


@pytest.mark.parametrize("state", ProposalState)
def test_an_amount_of_the_chosen_scenario_is_changed_until_it_is_sent(proposal, proposer, state):
    proposal.state, line = state, proposal.scenario.lines.get()
    found = action_to_change(proposer, proposal.call, line, proposal)
    assert names(found) == (["allocation_line"] if state == ProposalState.CHOSEN else [])
    assert action_to_change(proposer, proposal.call, line, None) is None
    assert action_to_change(proposer, proposal.call, None, proposal) is None


REVIEWS = {
    "assigned": ["review_release*"],
    "writing": ["review_release*"],
    "handed_in": ["review_give_back*"],
    "conflicted": [],
    "released": [],
}


@pytest.mark.parametrize("state", ReviewState)
def test_ksf_takes_a_review_off_until_it_is_in_and_gives_it_back_after(state):
    review = make_review(make_application(state=ApplicationState.UNDER_REVIEW), state=state)
    assert names(*actions_on_review(make_staff(), review)) == REVIEWS[state]
    assert actions_on_review(review.reviewer, review) == []


def test_reviewers_are_assigned_when_the_call_is_over_and_the_money_divided_when_all_is_in():
    lacking = make_application(make_call(CallState.CLOSED), state=ApplicationState.SUBMITTED)
    of_open_call = make_application(state=ApplicationState.SUBMITTED)
    decided = make_application(make_call(CallState.DECIDED), state=ApplicationState.AWARDED)
    for application, is_complete, expected in (
        (lacking, True, ["review_assign*"]),
        (lacking, False, ["review_assign*"]),
        (of_open_call, False, []),
        (decided, False, []),
        (decided, True, ["allocation"]),
    ):
        assert names(main_of_reviews(application.call, [application], is_complete=is_complete)) == expected


@pytest.fixture
def complaint(award):
    sent_by = appoint(Role.RD_CONTACT, award.application.motor)
    sent = {"text": "x", "received_at": timezone.now(), "sent_by": sent_by}
    return Complaint.objects.create(application=award.application, **sent)


def redecide(complaint, proposer, state):
    Redecision.objects.create(
        complaint=complaint,
        state=state,
        proposed_by=proposer,
        proposed_at=timezone.now(),
        decided_by=make_staff() if state == RedecisionState.DECIDED else None,
        decided_at=timezone.now() if state == RedecisionState.DECIDED else None,
        overturned={"letter": "B-2026-0007"} if state == RedecisionState.DECIDED else {},
    )
    return Complaint.objects.get(pk=complaint.pk)


@pytest.mark.parametrize("state", ComplaintState)
def test_a_new_decision_is_proposed_when_the_complaint_is_upheld(complaint, state):
    complaint.state = state
    staff, own = make_staff(), complaint.sent_by
    found = actions_on_complaint(staff, complaint)
    assert names(found.propose, found.decide, *found.after) == ["complaint_propose*"] * (state == "upheld")
    assert actions_on_complaint(own, complaint).propose is None
    assert names(*found.head) == ["application_decision", "application"]


def test_another_than_the_proposer_decides_and_then_nobody(complaint):
    proposer = make_staff()
    complaint.state = ComplaintState.UPHELD
    complaint.save()
    found = redecide(complaint, proposer, RedecisionState.PROPOSED)
    own, another = (actions_on_complaint(reader, found) for reader in (proposer, make_staff()))
    assert names(own.propose, own.decide) == ["complaint_propose*"]
    assert own.propose.look == "secondary"
    assert names(another.propose, another.decide) == ["complaint_propose*", "complaint_decide*"]
    found.redecision.delete()
    found = redecide(complaint, proposer, RedecisionState.DECIDED)
    decided = actions_on_complaint(make_staff(), found)
    assert names(decided.propose, decided.decide) == []
    assert names(*decided.after) == ["application_decision", "document"]


def test_only_ksf_drafts_calls_and_handles_what_they_brought():
    assert names(*actions_on_calls(make_staff())) == ["call_new", "application_list", "money"]
    assert [actions_on_calls(reader) for reader in (make_user(), Visitor())] == [[], []]


@pytest.mark.parametrize("outcome", RuleOutcome)
@pytest.mark.parametrize("can_be_waived", [True, False])
def test_a_rule_in_the_way_is_fixed_by_the_writer_or_waived_by_ksf(outcome, can_be_waived):
    application = make_application(state=ApplicationState.SUBMITTED)
    finding = Finding("members", outcome, "Fem kommuner", "Tre deltar", anchor="members", can_be_waived=can_be_waived)
    (written,) = rules_to_fix([finding])
    (judged,) = rules_to_judge(make_staff(), application, [finding])
    (read,) = rules_to_judge(appoint(Role.RD_CONTACT, application.motor), application, [finding])
    in_the_way = outcome == RuleOutcome.MISSING
    assert (written.is_missing, judged.is_missing, read.is_missing) == (in_the_way,) * 3
    assert (written.fix.url if written.fix else "") == ("#members" if in_the_way else "")
    waive = ["application_waive"] if in_the_way and can_be_waived else []
    assert names(judged.fix) == (["application_take_back_waiver*"] if outcome == RuleOutcome.WAIVED else waive)
    assert read.fix is None


def test_what_was_handed_in_is_read_as_pdf_once_it_is_made():
    application = make_application(state=ApplicationState.SUBMITTED)
    own, staff = appoint(Role.RD_CONTACT, application.motor), make_staff()
    waiting, made = Submission(), Submission(document=Document(number="S-2026-0001"))
    heads = [
        names(*actions_on_application(reader, application, submission).head)
        for submission in (waiting, made)
        for reader in (own, staff)
    ]
    assert heads == [["application_receipt"], [], ["document", "application_receipt"], ["document"]]
    assert names(*actions_on_receipt(application, waiting, None)) == ["application"]
    assert names(*actions_on_receipt(application, waiting, Job(pk=1))) == ["job", "application"]
    assert names(*actions_on_receipt(application, made, None)) == ["document", "application"]
