"""What a merger or split means for an open round: the heir votes where the old municipality had not (S11)."""

from collections.abc import Sequence
from datetime import date

from ksf.actor import Actor
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Participant
from regions.models import Municipality
from regions.services import moves


@moves
def move_participants(old: Municipality, successors: Sequence[Municipality], on: date, by: Actor) -> None:  # noqa: ARG001
    """A ballot that is cast stands; the place of one that is not goes to the heir, who has one vote and not two."""
    heir = successors[0]
    waiting = Participant.objects.filter(municipality=old, round__state=RoundState.OPEN, ballot=None)
    waiting.filter(round__participants__municipality=heir).delete()
    waiting.update(municipality=heir)
