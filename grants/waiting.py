"""What waits for a person in grants: drafts with a deadline, reviews to do, calls to close (X3)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

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
def complaints_to_handle(user: Any) -> Iterable[waiting.Item]:
    """Complaints about decisions one took no part in, for KSF."""
    if not user.is_national:
        return
    for complaint in Complaint.objects.to_handle().select_related("application__call"):
        if user.has_perm("grants.handle_complaint", complaint):
            url = complaint.get_absolute_url()
            yield waiting.Item(complaint.application.title, url, _("Handle the complaint"), urgent=True)


@waiting.source
def decisions_to_make_anew(user: Any) -> Iterable[waiting.Item]:
    """Complaints that are upheld and wait for a new decision, for those of KSF who may propose or decide it."""
    if not user.is_national:
        return
    for complaint in Complaint.objects.to_decide_anew().select_related("application__call", "redecision"):
        anew = getattr(complaint, "redecision", None)
        url, title = complaint.get_absolute_url(), complaint.application.title
        if anew is None and user.has_perm("grants.propose_anew", complaint):
            yield waiting.Item(title, url, _("Propose a new decision after the complaint"), urgent=True)
        if anew is not None and user.has_perm("grants.decide_anew", anew):
            yield waiting.Item(title, url, _("Decide anew after the complaint"), urgent=True)
