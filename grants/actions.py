"""What a reader may do on the pages of grants: the life cycles say which steps, this which is the main button."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.lifecycle import (
    APPLICATION,
    AWARD,
    CALL,
    PROPOSAL,
    REDECISION,
    REVIEW,
    ApplicationState,
    CallState,
    ProposalState,
)
from grants.models import (
    Application,
    Call,
    Complaint,
    Criterion,
    Line,
    Proposal,
    Redecision,
    Review,
    Scenario,
    Submission,
)
from grants.models.application import clusters_to_apply_for
from grants.rules.eligibility import Finding
from ksf.actor import Actor
from ksf.jobs.models import Job
from ksf.web.actions import Action, Look

Label = str | Promise


@dataclass(frozen=True)
class DecisionActions:
    """What one may do about a decision: read its letter once it is written, accept or decline, complain (G9)."""

    letter: Action | None
    answers: Sequence[Action]
    complain: Action | None


def actions_on_decision(user: Actor, application: Application) -> DecisionActions:
    letter = application.decision.letter
    return DecisionActions(
        letter=Action(_("Read the letter (PDF)"), letter.get_absolute_url(), look="secondary") if letter else None,
        answers=_answers(user, application),
        complain=_complain(application) if _may_complain(user, application) else None,
    )


def _answers(user: Actor, application: Application) -> list[Action]:
    """Accept, or decline, for those who may and while there is time."""
    award = getattr(application, "award", None)
    if award is None or not (award.is_open_for_answer and AWARD.allows("accept", award, by=user)):
        return []
    return [
        Action(_("Accept the grant"), reverse("award_accept", args=[application.pk]), is_post=True),
        Action(_("Decline"), reverse("award_decline", args=[application.pk]), look="link"),
    ]


def _may_complain(user: Actor, application: Application) -> bool:
    return user.has_perm("grants.complain", application) and application.decision.may_be_complained_about


def _complain(application: Application) -> Action:
    return Action(_("Complain about the decision"), reverse("complaint_new", args=[application.pk]), look="link")


@dataclass(frozen=True)
class CallActions:
    """What one may do with a call, by where it stands on its page.

    ``head`` is about one's own application; ``work`` is where KSF handles what came in, ``changes`` what it changes of
    the call itself. ``close_early`` is asked for twice: nobody can hand in after it.
    """

    head: Sequence[Action]
    work: Sequence[Action]
    changes: Sequence[Action]
    publish: Action | None
    close_early: Action | None
    close: Action | None
    answer: Action | None


CHANGES = {"publish": ("call_edit", "main"), "correct": ("call_correct",), "extend": ("call_extend",)}
"""The page for each step that changes a call before or after it is published."""


def actions_on_call(user: Actor, call: Call, own: Iterable[Application]) -> CallActions:
    """``own`` are the applications to the call that ``user`` writes."""
    labels = {step.name: step.label for step in CALL.steps_for(user, call)}
    may_manage, is_open = user.has_perm("grants.manage_call", call), call.is_open
    named: Mapping[str, Label] = {**labels, "publish": _("Edit the draft"), "correct": _("Correct the call")}
    return CallActions(
        head=[Action(_("To our application"), one.get_absolute_url()) for one in own] or _ways_to_apply(user, call),
        work=_work(call) if may_manage and call.state != CallState.DRAFT else [],
        changes=[
            Action(named[step], reverse(page, args=[call.slug, *part]), look="link")
            for step, (page, *part) in CHANGES.items()
            if step in labels
        ],
        publish=_at_once("call_publish", call, labels["publish"], "primary") if "publish" in labels else None,
        close_early=_at_once("call_close", call, _("Close now"), "danger") if "close" in labels and is_open else None,
        close=_at_once("call_close", call, labels["close"]) if "close" in labels and not is_open else None,
        answer=_page("call_answer_new", call, _("Publish a question and an answer")) if may_manage else None,
    )


def _ways_to_apply(user: Actor, call: Call) -> list[Action]:
    """To start an application, or to sign in first; nothing unless the call is open and one has a cluster (G4)."""
    if not call.is_open:
        return []
    start = reverse("application_start", args=[call.slug])
    if not user.is_authenticated:
        return [Action(_("Sign in and apply"), start)]
    return [Action(_("Start an application"), start)] if clusters_to_apply_for(user).exists() else []


def _work(call: Call) -> list[Action]:
    applications = f"{reverse('application_list')}?{urlencode({'call': call.slug})}"
    return [
        Action(_("Applications"), applications, look="link"),
        _page("review_overview", call, _("Reviews")),
        _page("allocation", call, _("Allocation")),
    ]


def _page(name: str, call: Call, label: Label) -> Action:
    return Action(label, reverse(name, args=[call.slug]), look="link")


def _at_once(name: str, call: Call, label: Label, look: Look = "secondary") -> Action:
    return Action(label, reverse(name, args=[call.slug]), is_post=True, look=look)


@dataclass(frozen=True)
class ApplicationActions:
    """What one may do with an application that one reads, by where it stands on its page.

    ``head`` is what was handed in; ``decision`` leads to what was decided, once it is; ``pages`` are steps that are
    asked about first.
    """

    head: Sequence[Action]
    decision: Action | None
    pages: Sequence[Action]
    reopen: Action | None


def actions_on_application(user: Actor, application: Application, submission: Submission | None) -> ApplicationActions:
    labels = {step.name: step.label for step in APPLICATION.steps_for(user, application)}
    may_reopen = "reopen" in labels and application.call.is_open
    reopen = reverse("application_reopen", args=[application.pk])
    return ApplicationActions(
        head=_handed_in(user, application, submission) if submission else [],
        decision=_decision(application),
        pages=[
            Action(label, reverse(f"application_{step}", args=[application.pk]), look=look)
            for step, label, look in _ASKED_FIRST
            if step in labels
        ],
        reopen=Action(labels["reopen"], reopen, is_post=True) if may_reopen else None,
    )


_ASKED_FIRST: Sequence[tuple[str, Label, Look]] = (
    ("withdraw", gettext_lazy("Withdraw the application"), "secondary"),
    ("dismiss", gettext_lazy("Dismiss the application as ineligible"), "link"),
)


def _handed_in(user: Actor, application: Application, submission: Submission) -> list[Action]:
    shown = []
    if submission.document:
        shown.append(Action(_("The sealed application (PDF)"), submission.document.get_absolute_url(), look="link"))
    if user.has_perm("grants.write_application", application):
        shown.append(Action(_("Receipt"), reverse("application_receipt", args=[application.pk]), look="link"))
    return shown


def actions_on_receipt(application: Application, submission: Submission, job: Job | None) -> list[Action]:
    """The sealed PDF, or how far ``job`` has come with it; and the application itself (G4)."""
    shown = []
    if submission.document:
        shown.append(Action(_("Open the sealed application (PDF)"), submission.document.get_absolute_url()))
    elif job:
        label = _("The PDF is being made: see how far it has come")
        shown.append(Action(label, job.get_absolute_url(), look="link"))
    return [*shown, Action(_("To the application"), application.get_absolute_url(), look="link")]


def _decision(application: Application) -> Action | None:
    """What has been dismissed has a decision once its letter is asked for; earlier ones have none."""
    url = reverse("application_decision", args=[application.pk])
    if application.state == ApplicationState.AWARDED:
        return Action(_("Shares, dates and letter"), url, look="link")
    is_dismissed = application.state == ApplicationState.INELIGIBLE and hasattr(application, "rejection")
    if application.state == ApplicationState.REJECTED or is_dismissed:
        return Action(_("The letter, and how to complain"), url, look="link")
    return None


def action_to_settle(application: Application, criterion: Criterion, *, is_joint: bool) -> Action | None:
    """The panel settles a joint score on a criterion, or changes it, while the application is assessed (G6)."""
    if not application.is_under_review:
        return None
    label = _("Change the joint score") if is_joint else _("Settle a joint score")
    return Action(label, reverse("application_settle", args=[application.pk, criterion.pk]), look="link")


@dataclass(frozen=True)
class AllocationActions:
    """What one may do where allocations are compared (G8): compute more of them, and go on with the chosen one."""

    compute: Action | None
    proposals: Sequence[Action]


def actions_on_allocation(user: Actor, call: Call, proposal: Proposal | None, *, is_first: bool) -> AllocationActions:
    """``is_first`` when nothing is computed yet: then that is the main button."""
    compute = Action(
        _("Compute an allocation"),
        reverse("allocation_new", args=[call.slug]),
        look="primary" if is_first else "secondary",
    )
    return AllocationActions(
        compute=compute if is_to_be_divided(call) else None,
        proposals=[_proposal(user, call, proposal)] if proposal else [],
    )


def is_to_be_divided(call: Call) -> bool:
    """Whether the money of the call can be divided now: it is closed, and not decided (G7)."""
    return call.state in CALL.steps["decide"].sources


def _proposal(user: Actor, call: Call, proposal: Proposal) -> Action:
    if PROPOSAL.allows("propose", proposal, by=user):
        label = _("To the proposal")
    elif proposal.state == ProposalState.DECIDED:
        label = _("See the decision")
    else:
        label = _("See the proposal")
    return Action(label, reverse("proposal", args=[call.slug]))


def action_to_choose(
    call: Call, scenario: Scenario, letter: str, proposal: Proposal | None, *, is_likely: bool
) -> Action | None:
    """To choose the scenario as what is proposed, unless it is chosen or the lead has the other one (G8)."""
    is_taken = proposal is not None and (
        proposal.scenario_id == scenario.pk or proposal.state == ProposalState.PROPOSED
    )
    if is_taken or not is_to_be_divided(call):
        return None
    look: Look = "primary" if is_likely and proposal is None else "secondary"
    url = reverse("allocation_choose", args=[call.slug, scenario.pk])
    return Action(_("Choose %(letter)s") % {"letter": letter}, url, is_post=True, look=look)


def action_to_change(user: Actor, call: Call, line: Line | None, proposal: Proposal | None) -> Action | None:
    """To change an amount of the chosen scenario by hand, until it is proposed (G8)."""
    if line is None or proposal is None or line.scenario_id != proposal.scenario_id:
        return None
    if not PROPOSAL.allows("propose", proposal, by=user):
        return None
    return Action(_("Change the amount"), reverse("allocation_line", args=[call.slug, line.pk]), look="link")


@dataclass(frozen=True)
class ProposalActions:
    """What one may do with a proposal: change it and send it to the lead; the lead decides, or sends it back (G8)."""

    compare: Action
    propose: Action | None
    decide: Action | None
    send_back: Action | None


def actions_on_proposal(user: Actor, proposal: Proposal) -> ProposalActions:
    slug = proposal.call.slug
    steps = {
        step.name: Action(step.label, reverse(f"proposal_{step.name}", args=[slug]), is_post=True)
        for step in PROPOSAL.steps_for(user, proposal)
        if step.name != "drop"  # that is done by choosing another
    }
    is_chosen = proposal.state == ProposalState.CHOSEN
    compare = _("Change an amount or choose another") if is_chosen else _("Compare with another allocation")
    return ProposalActions(
        compare=Action(compare, reverse("allocation", args=[slug]), look="link"),
        propose=steps.get("propose"),
        decide=steps.get("decide"),
        send_back=steps.get("send_back"),
    )


def actions_on_review(user: Actor, review: Review) -> list[Action]:
    """What KSF does with somebody's review: give it back to be completed, or take it off the reviewer (G6)."""
    labels = {step.name: step.label for step in REVIEW.steps_for(user, review)}
    return [
        Action(labels[step], reverse(f"review_{step}", args=[review.pk]), is_post=True, look="secondary")
        for step in ("give_back", "release")
        if step in labels
    ]


def main_of_reviews(call: Call, applications: Iterable[Application], *, is_complete: bool) -> Action | None:
    """To assign reviewers to those that lack any once the call is over, then to divide the money when all is in."""
    if not call.is_open and any(application.lacks_reviewers for application in applications):
        return Action(_("Assign reviewers evenly"), reverse("review_assign", args=[call.slug]), is_post=True)
    return Action(_("To the allocation"), reverse("allocation", args=[call.slug])) if is_complete else None


@dataclass(frozen=True)
class ComplaintActions:
    """What one may do with a complaint, and with the decision that follows when it is upheld (G9).

    ``head`` and ``after`` lead to what was decided before, and to what holds now.
    """

    head: Sequence[Action]
    propose: Action | None
    decide: Action | None
    after: Sequence[Action]


def actions_on_complaint(user: Actor, complaint: Complaint) -> ComplaintActions:
    decision = reverse("application_decision", args=[complaint.application_id])
    redecision = getattr(complaint, "redecision", None)
    may_propose = complaint.is_to_be_decided_again and user.has_perm("grants.propose_redecision", complaint)
    return ComplaintActions(
        head=[
            Action(_("The decision, with the letter"), decision, look="link"),
            Action(_("The application"), complaint.application.get_absolute_url(), look="link"),
        ],
        propose=_propose_redecision(complaint, is_first=redecision is None) if may_propose else None,
        decide=_decide_again(user, redecision) if redecision else None,
        after=_after(redecision, decision) if redecision and redecision.decided_at else [],
    )


def _propose_redecision(complaint: Complaint, *, is_first: bool) -> Action:
    url = reverse("complaint_propose", args=[complaint.pk])
    return Action(_("Propose the new decision"), url, is_post=True, look="primary" if is_first else "secondary")


def _decide_again(user: Actor, redecision: Redecision) -> Action | None:
    if not REDECISION.allows("decide", redecision, by=user):
        return None
    url = reverse("complaint_decide", args=[redecision.complaint_id])
    return Action(REDECISION.steps["decide"].label, url, is_post=True)


def _after(redecision: Redecision, decision: str) -> list[Action]:
    now = Action(_("Shares, dates and letter"), decision, look="link")
    letter = redecision.overturned["letter"]
    if not letter:
        return [now]
    return [now, Action(_("The letter that no longer holds (PDF)"), reverse("document", args=[letter]), look="link")]


@dataclass(frozen=True)
class ShownRule:
    """How one of the call's rules stands for an application, and what the reader may do about it (G5)."""

    title: str
    detail: str
    is_missing: bool
    fix: Action | None


def rules_to_fix(findings: Iterable[Finding]) -> list[ShownRule]:
    """For the writer: the way to the place on the page where a rule that stands in the way is met."""
    go = _("Go there")
    return [_rule(one, Action(go, f"#{one.anchor}", look="link") if one.anchor else None) for one in findings]


def rules_to_judge(user: Actor, application: Application, findings: Iterable[Finding]) -> list[ShownRule]:
    """For other readers: KSF may make an exception from a rule that stands in the way, if it is one of those."""
    may_waive = user.has_perm("grants.assess_application", application)
    return [_rule(one, _waive(application, one) if may_waive and one.can_be_waived else None) for one in findings]


def _waive(application: Application, finding: Finding) -> Action:
    url = reverse("application_waive", args=[application.pk, finding.code])
    return Action(_("Make an exception"), url, look="link")


def _rule(finding: Finding, fix: Action | None) -> ShownRule:
    return ShownRule(finding.title, finding.detail, finding.blocks, fix if finding.blocks else None)


def actions_on_calls(user: Actor) -> list[Action]:
    """What KSF does on the list of calls."""
    if not user.has_perm("grants.manage_call"):
        return []
    return [
        Action(_("Draft a call"), reverse("call_new")),
        Action(_("All applications"), reverse("application_list"), look="link"),
        Action(_("Appropriations and pots"), reverse("money"), look="link"),
    ]
