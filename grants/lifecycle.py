"""The lives of a call, an application, a review, a proposal and an award. One table each; no ORM."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class CallState(models.TextChoices):
    DRAFT = "draft", _p("call state", "Draft")
    PUBLISHED = "published", _p("call state", "Published")
    CLOSED = "closed", _p("call state", "Closed")
    DECIDED = "decided", _p("call state", "Decided")


class CallPhase(models.TextChoices):
    """A call's state as readers are shown it; what is published is shown by its days."""

    DRAFT = "draft", _p("call state", "Draft")
    COMING = "coming", _("Coming")
    OPEN = "open", _("Open")
    OVER = "over", _("Deadline over")
    CLOSED = "closed", _p("call state", "Closed")
    DECIDED = "decided", _p("call state", "Decided")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", _p("application state", "Draft")
    SUBMITTED = "submitted", _p("application state", "Submitted")
    WITHDRAWN = "withdrawn", _p("application state", "Withdrawn")
    UNDER_REVIEW = "under_review", _p("application state", "Under review")
    INELIGIBLE = "ineligible", _p("application state", "Dismissed as ineligible")
    AWARDED = "awarded", _p("application state", "Awarded")
    REJECTED = "rejected", _p("application state", "Rejected")


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", _p("review state", "Waiting for declaration")
    WRITING = "writing", _p("review state", "Being written")
    CONFLICTED = "conflicted", _p("review state", "Reviewer is not impartial")
    RELEASED = "released", _p("review state", "Taken off the reviewer")
    HANDED_IN = "handed_in", _p("review state", "Handed in")


class ProposalState(models.TextChoices):
    CHOSEN = "chosen", _p("proposal state", "Chosen")
    PROPOSED = "proposed", _p("proposal state", "Waiting for decision")
    DECIDED = "decided", _p("proposal state", "Decided")
    DROPPED = "dropped", _p("proposal state", "Dropped")


class AwardState(models.TextChoices):
    DECIDED = "decided", _p("award state", "Waiting for acceptance")
    ACCEPTED = "accepted", _p("award state", "Accepted")
    DECLINED = "declined", _p("award state", "Declined")
    LAPSED = "lapsed", _p("award state", "Lapsed")


class ComplaintState(models.TextChoices):
    RECEIVED = "received", _p("complaint state", "Received")
    UPHELD = "upheld", _p("complaint state", "Upheld")
    READMITTED = "readmitted", _p("complaint state", "Upheld, the application is assessed")
    DISMISSED = "dismissed", _p("complaint state", "Not upheld")


class RedecisionState(models.TextChoices):
    PROPOSED = "proposed", _p("redecision state", "Waiting for another person")
    DECIDED = "decided", _p("redecision state", "Decided again")


CALL = Lifecycle(
    "call",
    Step("publish", {CallState.DRAFT}, CallState.PUBLISHED, "grants.manage_call", _p("call step", "Publish")),
    Step("correct", {CallState.PUBLISHED}, CallState.PUBLISHED, "grants.manage_call", _p("call step", "Correct")),
    Step(
        "extend",
        {CallState.PUBLISHED},
        CallState.PUBLISHED,
        "grants.manage_call",
        _p("call step", "Extend the deadline"),
    ),
    Step("close", {CallState.PUBLISHED}, CallState.CLOSED, "grants.close_call", _p("call step", "Close")),
    Step("decide", {CallState.CLOSED}, CallState.DECIDED, "grants.decide_call", _p("call step", "Decide")),
)

APPLICATION = Lifecycle(
    "application",
    Step(
        "submit",
        {ApplicationState.DRAFT},
        ApplicationState.SUBMITTED,
        "grants.write_application",
        _p("application step", "Submit"),
    ),
    Step(
        "withdraw",
        {ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW},
        ApplicationState.WITHDRAWN,
        "grants.write_application",
        _p("application step", "Withdraw"),
    ),
    Step(
        "reopen",
        {ApplicationState.WITHDRAWN},
        ApplicationState.DRAFT,
        "grants.write_application",
        _p("application step", "Continue writing"),
    ),
    Step(
        "begin_review",
        {ApplicationState.SUBMITTED},
        ApplicationState.UNDER_REVIEW,
        "grants.assess_application",
        _p("application step", "Send to review"),
    ),
    Step(
        "dismiss",
        {ApplicationState.SUBMITTED, ApplicationState.UNDER_REVIEW},
        ApplicationState.INELIGIBLE,
        "grants.assess_application",
        _p("application step", "Dismiss as ineligible"),
    ),
    Step(
        "award",
        {ApplicationState.UNDER_REVIEW},
        ApplicationState.AWARDED,
        "grants.decide_application",
        _p("application step", "Award"),
    ),
    Step(
        "reject",
        {ApplicationState.UNDER_REVIEW},
        ApplicationState.REJECTED,
        "grants.decide_application",
        _p("application step", "Reject"),
    ),
    Step(
        "readmit",
        {ApplicationState.INELIGIBLE},
        ApplicationState.UNDER_REVIEW,
        "grants.reopen_application",
        _p("application step", "Assess after all"),
    ),
    Step(
        "award_again",
        {ApplicationState.AWARDED, ApplicationState.REJECTED, ApplicationState.INELIGIBLE},
        ApplicationState.AWARDED,
        "grants.reopen_application",
        _p("application step", "Decide again"),
    ),
)

REVIEW = Lifecycle(
    "review",
    Step(
        "declare_impartial",
        {ReviewState.ASSIGNED},
        ReviewState.WRITING,
        "grants.write_review",
        _p("review step", "Declare that I am impartial"),
    ),
    Step(
        "declare_conflict",
        {ReviewState.ASSIGNED, ReviewState.WRITING},
        ReviewState.CONFLICTED,
        "grants.declare_conflict",
        _p("review step", "Declare that I am not impartial"),
    ),
    Step("hand_in", {ReviewState.WRITING}, ReviewState.HANDED_IN, "grants.write_review", _p("review step", "Hand in")),
    Step(
        "give_back",
        {ReviewState.HANDED_IN},
        ReviewState.WRITING,
        "grants.manage_review",
        _p("review step", "Give back to the reviewer"),
    ),
    Step(
        "release",
        {ReviewState.ASSIGNED, ReviewState.WRITING},
        ReviewState.RELEASED,
        "grants.manage_review",
        _p("review step", "Take off the reviewer"),
    ),
)

PROPOSAL = Lifecycle(
    "proposal",
    Step(
        "propose",
        {ProposalState.CHOSEN},
        ProposalState.PROPOSED,
        "grants.propose_allocation",
        _p("proposal step", "Send for decision"),
    ),
    Step(
        "send_back",
        {ProposalState.PROPOSED},
        ProposalState.CHOSEN,
        "grants.decide_allocation",
        _p("proposal step", "Send back"),
    ),
    Step(
        "drop",
        {ProposalState.CHOSEN},
        ProposalState.DROPPED,
        "grants.propose_allocation",
        _p("proposal step", "Choose another"),
    ),
    Step(
        "decide",
        {ProposalState.PROPOSED},
        ProposalState.DECIDED,
        "grants.decide_allocation",
        _p("proposal step", "Decide"),
    ),
)

AWARD = Lifecycle(
    "award",
    Step("accept", {AwardState.DECIDED}, AwardState.ACCEPTED, "grants.accept_award", _p("award step", "Accept")),
    Step("decline", {AwardState.DECIDED}, AwardState.DECLINED, "grants.accept_award", _p("award step", "Decline")),
    Step("lapse", {AwardState.DECIDED}, AwardState.LAPSED, "grants.manage_award", _p("award step", "Let lapse")),
    Step("decide_again", set(AwardState), AwardState.DECIDED, "grants.change_award", _p("award step", "Decide again")),
)

COMPLAINT = Lifecycle(
    "complaint",
    Step(
        "uphold",
        {ComplaintState.RECEIVED},
        ComplaintState.UPHELD,
        "grants.handle_complaint",
        _p("complaint step", "Uphold"),
    ),
    Step(
        "readmit",
        {ComplaintState.RECEIVED},
        ComplaintState.READMITTED,
        "grants.handle_complaint",
        _p("complaint step", "Uphold, and assess the application"),
    ),
    Step(
        "dismiss",
        {ComplaintState.RECEIVED},
        ComplaintState.DISMISSED,
        "grants.handle_complaint",
        _p("complaint step", "Do not uphold"),
    ),
)

REDECISION = Lifecycle(
    "redecision",
    Step(
        "decide",
        {RedecisionState.PROPOSED},
        RedecisionState.DECIDED,
        "grants.decide_redecision",
        _p("redecision step", "Decide again"),
    ),
)

CALL_ACTIONS = Lifecycle(
    "call",
    Step("write", {CallState.DRAFT}, "", "grants.manage_call", _p("call step", "Write")),
    beside=CALL,
)
APPLICATION_ACTIONS = Lifecycle(
    "application",
    Step("write", {ApplicationState.DRAFT}, "", "grants.write_application", _p("application step", "Write")),
    Step(
        "settle",
        {ApplicationState.UNDER_REVIEW},
        "",
        "grants.assess_application",
        _p("application step", "Settle the scores"),
    ),
    beside=APPLICATION,
)
REVIEW_ACTIONS = Lifecycle(
    "review",
    Step("write", {ReviewState.WRITING}, "", "grants.write_review", _p("review step", "Write")),
    beside=REVIEW,
)
PROPOSAL_ACTIONS = Lifecycle(
    "proposal",
    Step("change", {ProposalState.CHOSEN}, "", "grants.propose_allocation", _p("proposal step", "Change a line")),
    beside=PROPOSAL,
)
COMPLAINT_ACTIONS = Lifecycle(
    "complaint",
    Step(
        "redecide",
        {ComplaintState.UPHELD},
        "",
        "grants.propose_redecision",
        _p("complaint step", "Propose a new decision"),
    ),
    beside=COMPLAINT,
)
"""What may be done without moving the object."""

LINE = [
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.UNDER_REVIEW,
    ApplicationState.AWARDED,
]
"""The main line of an application, as its page shows it."""
