"""What a reader may do with a priority round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf.actor import Actor
from ksf.web.actions import Action
from needs.rounds.lifecycle import ACTIONS, ROUND
from needs.rounds.models import Candidate, Participant, Round


@dataclass(frozen=True)
class RoundActions:
    """What stands on top of the page of a round, and what may be done to a draft."""

    main: Sequence[Action]
    draft: Sequence[Action]


def actions_on_round(user: Actor, subject: Round, own: Iterable[Participant], *, may_publish: bool) -> RoundActions:
    """``own`` are the municipalities the reader casts a ballot for, with their turnout."""
    main = [
        *_ballots(subject, own),
        *(_publishing(subject) if may_publish else ()),
        *_steps(user, subject),
        *_minutes(subject),
    ]
    return RoundActions(main, _on_draft(subject) if ACTIONS.allows("discard", subject, by=user) else [])


def remove(subject: Round, candidate: Candidate) -> Action:
    """A need is taken out of a draft again."""
    url = reverse("round_candidate_remove", args=[subject.pk, candidate.pk])
    return Action(_("Take out"), url, is_post=True, look="tertiary", about=candidate)


def set_up(user: Actor) -> Action | None:
    return Action(_("Set up a round"), reverse("round_new")) if user.has_perm("needs.set_up_round") else None


def _ballots(subject: Round, own: Iterable[Participant]) -> list[Action]:
    """A ballot for each municipality while the round is open, the first as the main thing to do; then those cast."""
    addresses = [(row, reverse("round_ballot", args=[subject.pk, row.municipality.number])) for row in own]
    if not subject.takes_ballots:
        return [Action(_("Our ballot"), url, look="link") for row, url in addresses if row.has_cast]
    cast, change = _("Cast the ballot of %(name)s"), _("Change the ballot of %(name)s")
    labels = [(change if row.has_cast else cast) % {"name": row.municipality} for row, _url in addresses]
    return [
        Action(label, url, look="secondary" if number else "primary")
        for number, (label, (_row, url)) in enumerate(zip(labels, addresses, strict=True))
    ]


def _publishing(subject: Round) -> list[Action]:
    return [
        Action(_("Publish the result"), reverse("round_publish", args=[subject.pk])),
        Action(_("Change the order"), reverse("round_change", args=[subject.pk]), look="secondary"),
    ]


def _steps(user: Actor, subject: Round) -> list[Action]:
    """Opening, or closing before the time is out."""
    return [
        Action(
            step.label,
            reverse("round_step", args=[subject.pk, step.name]),
            is_post=True,
            look="primary" if step.name == "open" else "secondary",
        )
        for step in ROUND.steps_for(user, subject)
        if step.name != "publish"
    ]


def _minutes(subject: Round) -> list[Action]:
    number = subject.document_number
    return [Action(_("Minutes as PDF"), reverse("document", args=[number]), look="secondary")] if number else []


def _on_draft(subject: Round) -> list[Action]:
    return [
        Action(_("Choose needs"), reverse("round_candidates", args=[subject.pk]), look="secondary"),
        Action(_("Fetch from a list"), reverse("round_lift", args=[subject.pk]), look="secondary"),
        Action(_("Change the round"), reverse("round_edit", args=[subject.pk]), look="tertiary"),
        Action(_("Discard the draft"), reverse("round_discard", args=[subject.pk]), look="tertiary"),
    ]
