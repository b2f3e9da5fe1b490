"""Every state against every step, for the lives of a call, an application, a review, a proposal and an award."""

import pytest

from grants import lifecycle as life
from ksf.lifecycle import StepNotAllowed

ALLOWED = {
    ("call", "draft", "publish", "published"),
    ("call", "published", "correct", "published"),
    ("call", "published", "extend", "published"),
    ("call", "published", "close", "closed"),
    ("call", "closed", "decide", "decided"),
    ("application", "draft", "submit", "submitted"),
    ("application", "submitted", "withdraw", "withdrawn"),
    ("application", "under_review", "withdraw", "withdrawn"),
    ("application", "withdrawn", "reopen", "draft"),
    ("application", "submitted", "begin_review", "under_review"),
    ("application", "submitted", "dismiss", "ineligible"),
    ("application", "under_review", "dismiss", "ineligible"),
    ("application", "under_review", "award", "awarded"),
    ("application", "under_review", "reject", "rejected"),
    ("application", "ineligible", "readmit", "under_review"),
    ("application", "awarded", "award_again", "awarded"),
    ("application", "rejected", "award_again", "awarded"),
    ("application", "ineligible", "award_again", "awarded"),
    ("review", "assigned", "declare_impartial", "writing"),
    ("review", "assigned", "declare_conflict", "conflicted"),
    ("review", "writing", "declare_conflict", "conflicted"),
    ("review", "writing", "hand_in", "handed_in"),
    ("review", "handed_in", "give_back", "writing"),
    ("review", "assigned", "release", "released"),
    ("review", "writing", "release", "released"),
    ("proposal", "chosen", "propose", "proposed"),
    ("proposal", "proposed", "send_back", "chosen"),
    ("proposal", "chosen", "drop", "dropped"),
    ("proposal", "proposed", "decide", "decided"),
    ("award", "decided", "accept", "accepted"),
    ("award", "decided", "decline", "declined"),
    ("award", "decided", "lapse", "lapsed"),
    ("award", "decided", "decide_again", "decided"),
    ("award", "accepted", "decide_again", "decided"),
    ("award", "declined", "decide_again", "decided"),
    ("award", "lapsed", "decide_again", "decided"),
    ("complaint", "received", "uphold", "upheld"),
    ("complaint", "received", "readmit", "readmitted"),
    ("redecision", "proposed", "decide", "decided"),
    ("complaint", "received", "dismiss", "dismissed"),
}
ALLOWED_WITHOUT_MOVING = {
    ("call", "draft", "write", ""),
    ("application", "draft", "write", ""),
    ("application", "under_review", "settle", ""),
    ("review", "writing", "write", ""),
    ("proposal", "chosen", "change", ""),
    ("complaint", "upheld", "redecide", ""),
}
LIVES = [
    (life.CALL, life.CallState),
    (life.APPLICATION, life.ApplicationState),
    (life.REVIEW, life.ReviewState),
    (life.PROPOSAL, life.ProposalState),
    (life.AWARD, life.AwardState),
    (life.COMPLAINT, life.ComplaintState),
    (life.REDECISION, life.RedecisionState),
]
ACTIONS = [
    (life.CALL_ACTIONS, life.CallState),
    (life.APPLICATION_ACTIONS, life.ApplicationState),
    (life.REVIEW_ACTIONS, life.ReviewState),
    (life.PROPOSAL_ACTIONS, life.ProposalState),
    (life.COMPLAINT_ACTIONS, life.ComplaintState),
]


class Anybody:
    def has_perm(self, perm, obj=None):
        return True


class Thing:
    def __init__(self, state):
        self.state = state


def reached(table, name, state):
    try:
        return str(table.check(name, Thing(state), by=Anybody()).target)
    except StepNotAllowed:
        return None


def allowed_by(table, states):
    return {
        (table.name, str(state), name, target)
        for state in states
        for name in table.steps
        if (target := reached(table, name, state)) is not None
    }


@pytest.mark.parametrize(("table", "states"), LIVES, ids=lambda value: getattr(value, "name", ""))
def test_every_state_against_every_step(table, states):
    assert allowed_by(table, states) == {row for row in ALLOWED if row[0] == table.name}


@pytest.mark.parametrize(("table", "states"), ACTIONS, ids=lambda value: getattr(value, "name", ""))
def test_what_may_be_done_without_moving(table, states):
    assert allowed_by(table, states) == {row for row in ALLOWED_WITHOUT_MOVING if row[0] == table.name}
