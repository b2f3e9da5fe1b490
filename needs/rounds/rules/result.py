"""The result of a round as plain data, and the order that stands after the chair's changes. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from needs.rounds.rules.methods import METHODS, MethodResult


class Cast(NamedTuple):
    """One ballot: the size group of the municipality and its order of candidates, best first."""

    size: str
    order: Sequence[int]


class Move(NamedTuple):
    candidate: int
    to_rank: int


class Rank(NamedTuple):
    """A candidate's rank in an order, and whether it shares it."""

    rank: int
    is_shared: bool


Places = list[list[int]]


def compute(candidates: Sequence[int], ballots: Sequence[Cast], *, eligible: Mapping[str, int]) -> dict[str, Any]:
    """The result by every published method, for all and by size group, as JSON can keep it.

    ``eligible`` counts the municipalities that may take part in each size group.
    """
    orders = [ballot.order for ballot in ballots]
    outcomes = {name: method(candidates, orders) for name, method in METHODS.items()}
    sizes = {}
    for size, count in eligible.items():
        own = [ballot.order for ballot in ballots if ballot.size == size]
        sizes[size] = {
            "eligible": count,
            "cast": len(own),
            "orders": {name: _as_lists(method(candidates, own)) for name, method in METHODS.items()} if own else {},
        }
    return {
        "candidates": list(candidates),
        "eligible": sum(eligible.values()),
        "cast": len(ballots),
        "orders": {name: _as_lists(outcome) for name, outcome in outcomes.items()},
        "points": {str(candidate): float(points) for candidate, points in outcomes["borda"].points.items()},
        "sizes": sizes,
    }


def _as_lists(outcome: MethodResult[int]) -> Places:
    return [list(place.candidates) for place in outcome.places]


def moved(places: Places, moves: Iterable[Move]) -> Places:
    """The order after the moves, one by one: each puts its candidate at a rank of its own.

    A rank within a shared place puts the candidate behind those who share it.
    """
    order = [list(place) for place in places]
    for move in moves:
        order = [rest for place in order if (rest := [one for one in place if one != move.candidate])]
        before, index = 0, 0
        while index < len(order) and before < move.to_rank - 1:
            before += len(order[index])
            index += 1
        order.insert(index, [move.candidate])
    return order


def ranks_in(places: Places) -> dict[int, Rank]:
    """Each candidate's rank: those before it, plus one."""
    found, before = {}, 0
    for place in places:
        for candidate in place:
            found[candidate] = Rank(before + 1, len(place) > 1)
        before += len(place)
    return found
