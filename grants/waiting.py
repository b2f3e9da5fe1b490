"""What waits for a person in grants: drafts with a deadline, reviews to do, calls to close (X3)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.lifecycle import ComplaintState
from grants.models import Application, Award, Call, Complaint, Proposal, Review
from grants.models.application import clusters_to_apply_for
from grants.models.review import to_move_on
from grants.rules.eligibility import MAY_APPLY
from ksf import waiting
from ksf.accounts.roles import Role
from ksf.actor import Actor

APPLICANTS = (Role.CLUSTER_COORDINATOR, Role.RD_CONTACT)
"""Who may write a cluster's applications and accept its grants."""


@waiting.source
def drafts_to_finish(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Applications one may write, while their call is open."""
    if user.has_role(*APPLICANTS):
        drafts = Application.objects.written_by(user).in_draft().select_related("call")
        yield waiting.WaitingKind(
            drafts.only("title", "call__state", "call__opens_at", "call__deadline_at"), _to_finish
        )


def _to_finish(application: Application) -> waiting.WaitingItem | None:
    if not application.call.is_open:
        return None
    what, due = _("Finish and hand in the application"), application.call.deadline_at
    return waiting.WaitingItem(application.title, application.get_absolute_url(), what, due)


@waiting.source
def calls_to_apply_for(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Open calls to which a cluster of one's own may apply and has begun no application."""
    if user.has_role(*APPLICANTS):
        clusters = clusters_to_apply_for(user).filter(state__in=MAY_APPLY)
        begun = Application.objects.filter(call=OuterRef(OuterRef("pk"))).values("cluster")
        left = Exists(clusters.exclude(pk__in=begun))
        yield waiting.WaitingKind(Call.objects.open_at(timezone.now()).filter(left), _to_apply_for)


def _to_apply_for(call: Call) -> waiting.WaitingItem:
    return waiting.WaitingItem(str(call.title), call.get_absolute_url(), _("Consider applying"), call.deadline_at)


@waiting.source
def reviews_to_do(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Reviews assigned to one and not handed in."""
    if user.has_role(Role.REVIEWER) or user.is_national:  # nobody else may open a review
        reviews = Review.objects.visible_to(user).of_reviewer(user).to_do().select_related("application__call")
        yield waiting.WaitingKind(
            reviews.only("pk", "application__title", "application__call__review_due_on"), _to_review
        )


def _to_review(review: Review) -> waiting.WaitingItem:
    what, due = _("Review the application"), review.application.call.review_due_on
    return waiting.WaitingItem(review.application.title, review.get_absolute_url(), what, due)


@waiting.source
def calls_to_close(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Calls whose deadline is over and which nobody has closed, for KSF."""
    if user.has_perm("grants.manage_call"):
        yield waiting.WaitingKind(Call.objects.past_deadline_at(timezone.now()), _to_close)


def _to_close(call: Call) -> waiting.WaitingItem:
    url = reverse("review_overview", args=[call.slug])
    return waiting.WaitingItem(str(call.title), url, _("Close the call and assign reviewers"))


@waiting.source
def calls_to_move_on(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Closed calls, for KSF: assign reviewers; when all have handed in, divide the money and send it to the lead."""
    if user.is_national:
        yield waiting.WaitingKind(to_move_on(), _to_move_on)


def _to_move_on(call: Any) -> waiting.WaitingItem | None:  # Any: a call with the annotations of to_move_on
    if call.lacks_reviewers:
        url, what = reverse("review_overview", args=[call.slug]), _("Assign reviewers to the applications")
    elif call.has_open_reviews:
        return None
    else:
        url, what = reverse("allocation", args=[call.slug]), _("Divide the money and send it for decision")
    return waiting.WaitingItem(str(call.title), url, what, call.decision_on)


@waiting.source
def proposals_to_decide(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Proposals sent for decision by another, for the lead."""
    if user.has_role(Role.NATIONAL_LEAD):
        proposals = Proposal.objects.visible_to(user).waiting_for_decision().select_related("call")
        yield waiting.WaitingKind(proposals, partial(_to_decide, user))


def _to_decide(user: Actor, proposal: Proposal) -> waiting.WaitingItem | None:
    if not user.has_perm("grants.decide_allocation", proposal):
        return None
    url = reverse("proposal", args=[proposal.call.slug])
    return waiting.WaitingItem(
        str(proposal.call.title), url, _("Decide the allocation"), proposal.call.decision_on, urgent=True
    )


@waiting.source
def awards_to_accept(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Grants the municipality has not answered yet."""
    if user.has_role(*APPLICANTS):
        awards = Award.objects.acceptable_by(user).to_accept().select_related("application")
        yield waiting.WaitingKind(awards.only("acceptance_due_on", "application__title"), _to_accept)


def _to_accept(award: Award) -> waiting.WaitingItem:
    url, title = award.get_absolute_url(), award.application.title
    return waiting.WaitingItem(title, url, _("Accept the grant"), award.acceptance_due_on, urgent=True)


@waiting.source
def complaints_to_handle(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Complaints for KSF: those to handle by one who took no part, and those upheld that need a new decision."""
    if user.is_national:
        rows = Complaint.objects.for_ksf().with_participants().select_related("application__call", "redecision")
        yield waiting.WaitingKind(rows, partial(_complaint, user))


def _complaint(user: Actor, complaint: Complaint) -> waiting.WaitingItem | None:
    what = _next_for(user, complaint)
    return (
        waiting.WaitingItem(complaint.application.title, complaint.get_absolute_url(), what, urgent=True)
        if what
        else None
    )


def _next_for(user: Actor, complaint: Complaint) -> str:
    """What this person may do next with the complaint, as a sentence; empty when it is somebody else's turn."""
    redecision = getattr(complaint, "redecision", None)
    if complaint.state == ComplaintState.RECEIVED:
        return _("Handle the complaint") if user.has_perm("grants.handle_complaint", complaint) else ""
    if redecision is None:
        may_propose = user.has_perm("grants.propose_redecision", complaint)
        return _("Propose a new decision after the complaint") if may_propose else ""
    return _("Decide again after the complaint") if user.has_perm("grants.decide_redecision", redecision) else ""
