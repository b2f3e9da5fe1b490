"""The published methods of a priority round (N5): pure functions from ballots to an order (docs/rounds.md).

A ballot is a municipality's order of some of the candidates, best first; those it leaves out share the last place.
Every ballot weighs the same, whatever the size of the municipality.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

C = TypeVar("C", bound=Hashable)
Ballot = Sequence[C]


@dataclass(frozen=True)
class SharedRank(Generic[C]):
    """A place in the order: one candidate, or several that are tied. ``rank`` counts those before it, plus one."""

    rank: int
    candidates: tuple[C, ...]


@dataclass(frozen=True)
class MethodResult(Generic[C]):
    """The order a method gives, and the figures behind it.

    ``points`` are the Borda points, whichever method it is; ``preferred`` says on how many ballots the first of a pair
    stands before the second.
    """

    places: tuple[SharedRank[C], ...]
    points: dict[C, Fraction]
    preferred: dict[tuple[C, C], int]
    ballots: int


class BallotError(ValueError):
    """A ballot names a candidate twice, or one that does not stand."""


def borda(candidates: Sequence[C], ballots: Sequence[Ballot[C]]) -> MethodResult[C]:
    """The order by points: on each ballot a candidate gets one point for every candidate after it.

    Those left out share the points of the places that are left, so a short ballot gives away no power and wins none.
    """
    _check(candidates, ballots)
    points = dict.fromkeys(candidates, Fraction(0))
    for ballot in ballots:
        for place, candidate in enumerate(ballot):
            points[candidate] += len(candidates) - 1 - place
        left_out = len(candidates) - len(ballot)
        for candidate in set(candidates) - set(ballot):
            points[candidate] += Fraction(left_out - 1, 2)
    return MethodResult(_places(candidates, points), points, _preferred(candidates, ballots), len(ballots))


def schulze(candidates: Sequence[C], ballots: Sequence[Ballot[C]]) -> MethodResult[C]:
    """The order by strongest paths of pairwise victories (Schulze 2011).

    One candidate stands before another when the strongest path from it to the other is stronger than the one back; a
    path is as strong as its weakest victory, and a victory as the ballots that prefer the winner.
    """
    _check(candidates, ballots)
    preferred = _preferred(candidates, ballots)
    strength = {
        (a, b): preferred[a, b] if preferred[a, b] > preferred[b, a] else 0
        for a in candidates
        for b in candidates
        if a != b
    }
    for via in candidates:
        for a in candidates:
            for b in candidates:
                if len({a, b, via}) == 3:  # noqa: PLR2004 - all three different
                    strength[a, b] = max(strength[a, b], min(strength[a, via], strength[via, b]))
    points = borda(candidates, ballots).points
    return MethodResult(_layers(candidates, strength), points, preferred, len(ballots))


METHODS = {"borda": borda, "schulze": schulze}


def _layers(candidates: Sequence[C], strength: dict[tuple[C, C], int]) -> tuple[SharedRank[C], ...]:
    """Those nobody left stands before come first, together; then those nobody of the rest stands before, and so on."""
    left, places, before = list(candidates), [], 0
    while left:
        first = tuple(a for a in left if all(strength[b, a] <= strength[a, b] for b in left if b != a))
        places.append(SharedRank(before + 1, first))
        before += len(first)
        left = [a for a in left if a not in first]
    return tuple(places)


def _places(candidates: Sequence[C], points: dict[C, Fraction]) -> tuple[SharedRank[C], ...]:
    places: list[SharedRank[C]] = []
    before = 0
    for value in sorted(set(points.values()), reverse=True):
        tied = tuple(candidate for candidate in candidates if points[candidate] == value)
        places.append(SharedRank(before + 1, tied))
        before += len(tied)
    return tuple(places)


def _preferred(candidates: Sequence[C], ballots: Sequence[Ballot[C]]) -> dict[tuple[C, C], int]:
    counts = {(a, b): 0 for a in candidates for b in candidates if a != b}
    for ballot in ballots:
        named = set(ballot)
        for place, candidate in enumerate(ballot):
            for later in ballot[place + 1 :]:
                counts[candidate, later] += 1
            for left_out in candidates:
                if left_out not in named:
                    counts[candidate, left_out] += 1
    return counts


def _check(candidates: Sequence[C], ballots: Sequence[Ballot[C]]) -> None:
    known = set(candidates)
    if len(known) != len(candidates):
        raise BallotError("A candidate stands twice.")
    for ballot in ballots:
        if len(set(ballot)) != len(ballot):
            raise BallotError("A ballot names a candidate twice.")
        if not known.issuperset(ballot):
            raise BallotError("A ballot names somebody who does not stand.")
