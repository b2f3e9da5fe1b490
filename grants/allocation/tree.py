"""Branch and bound on the linear relaxation, the most promising first, for when few applications are in doubt.

A program of this size is solved again in well under a millisecond after one more decision, so this beats a solver that
first prepares. It is also told every set, and so ends with all that are worth as much as the best, not with one.
"""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any

from grants.allocation.model import Model, Point
from grants.allocation.program import Terms

#: A part nearer than this to 0 or 1 is that.
NOTHING = 1e-6
#: Simplex iterations; a count and not a time, so that the answer is the same everywhere.
_LIMIT = 20_000


@dataclass(frozen=True)
class Decision:
    """An item decided on, how far it was from that in the relaxation, and the bound before it."""

    number: int
    funded: bool
    distance: float
    bound: float


@dataclass(frozen=True)
class Node:
    """The sets that agree with ``fixed``; ``basis`` is where the relaxation before the last decision ended."""

    fixed: dict[int, bool]
    basis: Any = None
    decision: Decision | None = None


@dataclass
class Losses:
    """What deciding on an item has cost the bound so far, by item and direction, per unit of distance."""

    seen: dict[tuple[int, bool], list[float]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, decision: Decision, bound: float) -> None:
        loss = max(0.0, decision.bound - bound) / max(decision.distance, NOTHING)
        self.seen[decision.number, decision.funded].append(loss)

    def expected(self, number: int, *, funded: bool, low: int) -> float:
        """The mean; for an item not yet decided on, in proportion to its size."""
        losses = self.seen.get((number, funded))
        return sum(losses) / len(losses) if losses else float(low)


class Tree:
    """The sets of a model, those that can be worth most first, until none is left that can be worth more than is known.

    ``tell`` is called with each set found, and may raise what ``known`` answers. ``proven`` when no set is worth more
    than that, ``complete`` when also all that are worth as much have been told.
    """

    def __init__(self, model: Model, tell: Callable[[frozenset[int]], Any], known: Callable[[], int]) -> None:
        self.model = model
        self.tell = tell
        self.known = known
        self.losses = Losses()
        self.nodes: list[tuple[float, int, Node]] = []
        self.serial = count()
        self.proven = False
        self.complete = False

    def run(self, terms: Terms, most: Callable[[float], int], *, rivals: int = 0) -> None:
        """``most`` tells what whole worth a bound allows. ``rivals``: iterations to spend when the best is proven."""
        left = _LIMIT
        self._push(math.inf, Node({}))
        with self.model.relaxed(terms) as relax:
            while self.nodes and left > 0:
                before, _, node = heappop(self.nodes)
                if -before <= self.known() and not self.proven:
                    self.proven, left = True, rivals
                if -before < self.known():
                    self.nodes.clear()
                    break
                point = relax(node.fixed, node.basis)
                left -= point.iterations
                if not point.solved:
                    return
                if node.decision:
                    self.losses.learn(node.decision, point.bound)
                if point.bound > -math.inf and most(point.bound) >= self.known():
                    self._branch(node, point, most(point.bound))
        self.complete = not self.nodes
        self.proven = self.proven or self.complete

    def _push(self, most: float, node: Node) -> None:
        heappush(self.nodes, (-most, -next(self.serial), node))

    def _branch(self, node: Node, point: Point, most: int) -> None:
        between = [number for number, part in enumerate(point.funded) if NOTHING < part < 1 - NOTHING]
        if not between:
            self._leaf(node, point, most)
            return
        number = max(between, key=lambda one: (self._expected(one, point.funded[one]), -one))
        part = point.funded[number]
        for choice, distance in ((False, part), (True, 1 - part)):
            decision = Decision(number, choice, distance, point.bound)
            self._push(most, Node({**node.fixed, number: choice}, point.basis, decision))

    def _expected(self, number: int, part: float) -> float:
        """What deciding on the item is expected to cost the bound, in both directions."""
        low = self.model.units.items[number].low
        product = 1.0
        for funded, distance in ((False, part), (True, 1 - part)):
            product *= distance * max(self.losses.expected(number, funded=funded, low=low), NOTHING * low)
        return product

    def _leaf(self, node: Node, point: Point, most: int) -> None:
        """Tell the set, and go on with the others of the node if they can still be worth enough."""
        numbers = frozenset(number for number, part in enumerate(point.funded) if part >= 1 - NOTHING)
        self.tell(numbers)
        if most < self.known():
            return
        fixed = {**node.fixed}
        for number in range(len(point.funded)):
            if number not in fixed and number not in self.model.fixed:
                self._push(most, Node({**fixed, number: number not in numbers}, point.basis))
                fixed[number] = number in numbers
