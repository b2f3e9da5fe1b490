"""What one may do with a complaint, and with the decision that follows (G9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.lifecycle import REDECISION
from grants.models import Complaint, Redecision
from ksf.actor import Actor
from ksf.web.actions import Action


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
