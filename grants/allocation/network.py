"""Exact distribution over a given set of funded applications, in integers.

With the set fixed, what is left is a circulation: source → score level → application → municipality → sink. Filling
it by score downwards is optimal (the awards that can be paid form a polymatroid), and every further aim is a question
of raising one arc as far as the residual network allows. See ``docs/allocation.md``.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from grants.allocation.units import Units

_SOURCE, _SINK = 0, 1


@dataclass
class Circulation:
    """Arcs with bounds and an integer flow that is kept feasible."""

    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    flow: list[int] = field(default_factory=list)
    around: list[list[int]] = field(default_factory=list)
    #: Sets of nodes with no way out, found since the flow last changed.
    closed: list[set[int]] = field(default_factory=list)

    def node(self) -> int:
        self.around.append([])
        return len(self.around) - 1

    def arc(self, tail: int, head: int, upper: int) -> int:
        number = len(self.tails)
        self.tails.append(tail)
        self.heads.append(head)
        self.lower.append(0)
        self.upper.append(upper)
        self.flow.append(0)
        self.around[tail].append(number)
        self.around[head].append(number)
        return number

    def fix(self, arc: int) -> None:
        """Keep the flow of the arc as it is from now on."""
        self.lower[arc] = self.upper[arc] = self.flow[arc]

    def increase(self, arc: int, target: int) -> int:
        """Raise the flow of the arc to the target, or as near as the bounds of all arcs allow; what it became."""
        target = min(target, self.upper[arc])
        while self.flow[arc] < target:
            path = self._path(self.heads[arc], self.tails[arc], arc)
            if path is None:
                break
            self._push(arc, path, target)
        return self.flow[arc]

    def increase_along(self, arc: int, path: Sequence[tuple[int, bool]], target: int) -> None:
        """The same by one known way back from the head of the arc to its tail, as far as that goes."""
        self._push(arc, path, min(target, self.upper[arc]))

    def _push(self, arc: int, path: Sequence[tuple[int, bool]], target: int) -> None:
        room = min(self._room(step, forward=forward) for step, forward in path)
        amount = min(target - self.flow[arc], room)
        if amount <= 0:
            return
        self.closed.clear()
        self.flow[arc] += amount
        for step, forward in path:
            self.flow[step] += amount if forward else -amount

    def _room(self, arc: int, *, forward: bool) -> int:
        return self.upper[arc] - self.flow[arc] if forward else self.flow[arc] - self.lower[arc]

    def _path(self, start: int, goal: int, without: int) -> list[tuple[int, bool]] | None:
        """A path with room in the residual network; searched from the start, each set in vain only once."""
        if any(start in nodes and goal not in nodes for nodes in self.closed):
            return None
        came: dict[int, tuple[int, bool] | None] = {start: None}
        queue = deque([start])
        tails, heads, flow, lower, upper = self.tails, self.heads, self.flow, self.lower, self.upper
        while queue:
            node = queue.popleft()
            for arc in self.around[node]:
                forward = tails[arc] == node
                other = heads[arc] if forward else tails[arc]
                if other in came or arc == without:
                    continue
                if flow[arc] < upper[arc] if forward else flow[arc] > lower[arc]:
                    came[other] = (arc, forward)
                    if other == goal:
                        return self._walk_back(came, goal)
                    queue.append(other)
        self.closed.append(set(came))
        return None

    def _walk_back(self, came: dict[int, tuple[int, bool] | None], goal: int) -> list[tuple[int, bool]]:
        path = []
        step = came[goal]
        while step is not None:
            path.append(step)
            arc, forward = step
            step = came[self.tails[arc] if forward else self.heads[arc]]
        return path


class Distribution:
    """What the items of ``numbers`` get when exactly they are funded, filled by score downwards.

    ``must`` are those that have to reach their ``low``; the others, if any, may get anything from 0 (a relaxation,
    used for bounds). ``feasible`` is false when the ``must`` cannot all reach it.
    """

    def __init__(
        self, units: Units, numbers: Sequence[int], must: frozenset[int] | None = None, *, fill: bool = True
    ) -> None:
        self.units = units
        self.numbers = sorted(numbers)
        must = frozenset(numbers) if must is None else must
        self._build()
        net = self.net
        self.feasible = True
        for number in self.numbers:
            if number in must:
                low = units.items[number].low
                if self.pay(number, low) < low:
                    self.feasible = False
                    return
                net.lower[self.award_arcs[number]] = low
        if fill:
            self._fill()

    def pay(self, number: int, target: int) -> int:
        """Raise the award as far as the target, or as near as what is kept allows; what it became."""
        net, arc = self.net, self.award_arcs[number]
        level = self.level_arcs[self.units.items[number].score]
        for municipality, share in self.share_arcs[number].items():
            if net.flow[arc] >= target:
                break
            way = [(share, True), (self.municipality_arcs[municipality], True), (self.total_arc, True), (level, True)]
            net.increase_along(arc, way, target)
        return net.increase(arc, target)

    def _fill(self) -> None:
        """Raise the awards, in order, until the money is given. Nothing given before is taken back."""
        net, units = self.net, self.units
        lows = {number: net.lower[self.award_arcs[number]] for number in self.numbers}
        for number in self.numbers:
            if net.flow[self.total_arc] == units.pot:
                break
            net.lower[self.award_arcs[number]] = self.pay(number, units.items[number].high)
        for number, low in lows.items():
            net.lower[self.award_arcs[number]] = low

    def _build(self) -> None:
        units, net = self.units, Circulation()
        net.node(), net.node()
        self.net = net
        self.total_arc = net.arc(_SINK, _SOURCE, units.pot)
        self.level_arcs: dict[int, int] = {}
        self.award_arcs: dict[int, int] = {}
        self.share_arcs: dict[int, dict[int, int]] = {}
        self.municipality_arcs: dict[int, int] = {}
        self.askers: dict[int, list[int]] = {}
        levels: dict[int, int] = {}
        places: dict[int, int] = {}
        for number in self.numbers:
            item = units.items[number]
            if item.score not in levels:
                levels[item.score] = net.node()
                self.level_arcs[item.score] = net.arc(_SOURCE, levels[item.score], units.pot)
            node = net.node()
            self.award_arcs[number] = net.arc(levels[item.score], node, item.high)
            self.share_arcs[number] = {}
            for municipality, steps in item.edges:
                if municipality not in places:
                    places[municipality] = net.node()
                    self.municipality_arcs[municipality] = net.arc(places[municipality], _SINK, units.cap)
                self.askers.setdefault(municipality, []).append(number)
                self.share_arcs[number][municipality] = net.arc(node, places[municipality], steps)

    def award(self, number: int) -> int:
        return self.net.flow[self.award_arcs[number]]

    @property
    def value(self) -> int:
        """The sum of score × award, in score units and steps."""
        return sum(self.units.items[number].score * self.award(number) for number in self.numbers)

    def reach(self) -> tuple[int, int]:
        """Reach as many small municipalities, then as many municipalities, as the best value allows; their numbers.

        Keeps the value: what each score level gets is fixed from here on. The sets of municipalities that can be
        reached together form a matroid, so taking them in order (small first) finds the most, and the first.
        """
        net = self.net
        for score, arc in self.level_arcs.items():
            if score:
                net.fix(arc)
        reached = []
        for municipality, arc in sorted(self.municipality_arcs.items()):
            if net.flow[arc] or self._borrow(municipality) or net.increase(arc, 1):
                net.lower[arc] = 1
                reached.append(municipality)
        return sum(1 for number in reached if number in self.units.small), len(reached)

    def _borrow(self, municipality: int) -> bool:
        """Give the municipality a step from another in one of its applications, if one can spare it."""
        net, arc = self.net, self.municipality_arcs[municipality]
        for number in self.askers[municipality]:
            shares = self.share_arcs[number]
            for other, share in shares.items():
                way = [(self.municipality_arcs[other], False), (share, False), (shares[municipality], True)]
                net.increase_along(arc, way, 1)
                if net.flow[arc]:
                    return True
        return False

    def settle(self) -> None:
        """Fix awards, then shares, each as large as possible in the order of the tie-break (after :meth:`reach`)."""
        net = self.net
        for number in self.numbers:
            self.pay(number, self.units.items[number].high)
            net.fix(self.award_arcs[number])
        for number in self.numbers:
            for municipality, arc in sorted(self.share_arcs[number].items()):
                self._move(number, municipality)
                net.increase(arc, net.upper[arc])
                net.fix(arc)

    def _move(self, number: int, municipality: int) -> None:
        """Raise the share by lowering the application's other shares, as far as that goes."""
        net, shares = self.net, self.share_arcs[number]
        arc = shares[municipality]
        for other, share in shares.items():
            if other != municipality:
                way = [
                    (self.municipality_arcs[municipality], True), (self.municipality_arcs[other], False),
                    (share, False),
                ]  # fmt: skip
                net.increase_along(arc, way, net.upper[arc])

    def shares(self, number: int) -> dict[int, int]:
        """Steps per municipality of an item, without the zeros."""
        arcs = self.share_arcs[number].items()
        return {municipality: self.net.flow[arc] for municipality, arc in arcs if self.net.flow[arc]}

    def score_amount(self, step: int) -> Fraction:
        """The sum of score × award in kroner, exactly."""
        return self.value * self.units.score_unit * step


class Packing:
    """Items taken one by one, each if all so far can still reach their ``low`` together."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.numbers: list[int] = []
        self.wanted = 0
        self.high = 0
        self.whole = Distribution(units, range(len(units.items)), frozenset(), fill=False)

    def add(self, number: int) -> bool:
        """Take the item if there is room for it; whether there was."""
        net, low = self.whole.net, self.units.items[number].low
        if self.wanted + low > self.units.pot:
            return False
        before = net.flow.copy()
        if self.whole.pay(number, low) < low:
            net.flow[:] = before
            net.closed.clear()
            return False
        net.lower[self.whole.award_arcs[number]] = low
        self.wanted += low
        self.high += self.units.items[number].high
        self.numbers.append(number)
        return True
