"""What KSF does with the reviews of a call (G6)."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.lifecycle import REVIEW
from grants.models import Application, Call, Review
from ksf.actor import Actor
from ksf.web.actions import Action


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
