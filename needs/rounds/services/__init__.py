"""What is done with a round: made ready, voted in, closed and decided (N5)."""

from needs.rounds.services.deciding import change_order, publish
from needs.rounds.services.preparing import (
    add_candidates,
    create_round,
    discard_round,
    edit_round,
    lift_candidates,
    open_round,
    remove_candidate,
    scopes_of,
)
from needs.rounds.services.voting import cast_ballot

__all__ = [
    "add_candidates",
    "cast_ballot",
    "change_order",
    "create_round",
    "discard_round",
    "edit_round",
    "lift_candidates",
    "open_round",
    "publish",
    "remove_candidate",
    "scopes_of",
]
