"""What waits for a person in grants: drafts with a deadline, reviews to do, calls to close (X3)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.lifecycle import ComplaintState
from grants.models import Application, Award, Call, Complaint, Proposal, Review
from ksf import waiting
from ksf.accounts.roles import Role


@waiting.source
def drafts_to_finish(user: Any) -> Iterable[waiting.Item]:
    """Applications one may write, while their call is open."""
    drafts = Application.objects.written_by(user).in_draft().select_related("call")
    for application in drafts:
        if application.call.is_open:
            yield waiting.Item(
                application.title,
                application.get_absolute_url(),
                _("Finish and hand in the application"),
                application.call.deadline_at,
            )


@waiting.source
def reviews_to_do(user: Any) -> Iterable[waiting.Item]:
    """Reviews assigned to one and not handed in."""
    reviews = Review.objects.visible_to(user).of_reviewer(user).to_do().select_related("application__call")
    for review in reviews:
        yield waiting.Item(
            review.application.title,
            review.get_absolute_url(),
            _("Review the application"),
            review.application.call.review_due_on,
        )


@waiting.source
def calls_to_close(user: Any) -> Iterable[waiting.Item]:
    """Calls whose deadline is over and which nobody has closed, for KSF."""
    if not user.has_perm("grants.manage_call"):
        return
    for call in Call.objects.past_deadline_at(timezone.now()):
        url = reverse("review_overview", args=[call.slug])
        yield waiting.Item(str(call.title), url, _("Close the call and assign reviewers"))


@waiting.source
def proposals_to_decide(user: Any) -> Iterable[waiting.Item]:
    """Proposals sent for decision by another, for the lead."""
    if not user.has_role(Role.NATIONAL_LEAD):
        return
    for proposal in Proposal.objects.visible_to(user).waiting_for_decision().select_related("call"):
        if user.has_perm("grants.decide_allocation", proposal):
            url = reverse("proposal", args=[proposal.call.slug])
            what, due = _("Decide the allocation"), proposal.call.decision_on
            yield waiting.Item(str(proposal.call.title), url, what, due, urgent=True)


@waiting.source
def awards_to_accept(user: Any) -> Iterable[waiting.Item]:
    """Grants the municipality has not answered yet."""
    for award in Award.objects.acceptable_by(user).to_accept().select_related("application"):
        yield waiting.Item(
            award.application.title,
            award.get_absolute_url(),
            _("Accept the grant"),
            award.acceptance_due_on,
            urgent=True,
        )


@waiting.source
def complaints(user: Any) -> Iterable[waiting.Item]:
    """Complaints for KSF: those to handle by one who took no part, and those upheld that need a new decision."""
    if not user.is_national:
        return
    for complaint in Complaint.objects.for_ksf().select_related("application__call", "redecision"):
        if what := _next_for(user, complaint):
            yield waiting.Item(complaint.application.title, complaint.get_absolute_url(), what, urgent=True)


def _next_for(user: Any, complaint: Complaint) -> str:
    """What this person may do next with the complaint, in words; empty when it is somebody else's turn."""
    anew = getattr(complaint, "redecision", None)
    if complaint.state == ComplaintState.RECEIVED:
        return _("Handle the complaint") if user.has_perm("grants.handle_complaint", complaint) else ""
    if anew is None:
        may_propose = user.has_perm("grants.propose_anew", complaint)
        return _("Propose a new decision after the complaint") if may_propose else ""
    return _("Decide anew after the complaint") if user.has_perm("grants.decide_anew", anew) else ""
