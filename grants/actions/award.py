"""What one may do about a decision (G9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.lifecycle import AWARD
from grants.models import Application
from ksf.actor import Actor
from ksf.web.actions import Action


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
