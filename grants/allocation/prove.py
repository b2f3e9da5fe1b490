"""Branch and bound in integers alone, for scores too fine for floating point to tell apart."""

from collections.abc import Iterator
from dataclasses import dataclass

from grants.allocation.network import Distribution
from grants.allocation.units import Units

_NODE_LIMIT = 400


@dataclass(frozen=True)
class Aims:
    """The regions a set must fund."""

    new_regions: int
    regions: int


@dataclass(frozen=True)
class Node:
    """The sets that hold all items of ``must`` and none of ``out``."""

    must: frozenset[int] = frozenset()
    out: frozenset[int] = frozenset()


class Proof:
    """The set of greatest value among those that fund the regions of the aims, beginning from one that does."""

    def __init__(self, units: Units, aims: Aims, numbers: frozenset[int], value: int) -> None:
        self.units = units
        self.aims = aims
        self.numbers = numbers
        self.value = value

    def run(self) -> bool:
        """Raise ``numbers`` and ``value`` to the greatest; whether that was reached within the node limit."""
        stack = [Node()]
        for _ in range(_NODE_LIMIT):
            if not stack:
                return True
            stack.extend(self._branches(stack.pop()))
        return not stack

    def _branches(self, node: Node) -> Iterator[Node]:
        """The nodes that together hold every set of this one that could be better.

        Letting the items outside ``must`` have anything from 0 gives a bound; when all of them happen to keep their
        bounds, it is a set itself, and the best of the node.
        """
        units = self.units
        allowed = [number for number in range(len(units.items)) if number not in node.out]
        if not self._funds_regions(allowed):
            return
        relaxed = Distribution(units, allowed, node.must)
        if not relaxed.feasible or relaxed.value <= self.value:
            return
        funded = [number for number in allowed if relaxed.award(number)]
        below = [number for number in funded if relaxed.award(number) < units.items[number].low]
        if not below and self._funds_regions(funded):
            self.numbers, self.value = frozenset(funded), relaxed.value
            return
        covered = {units.items[number].region for number in funded}
        undecided = below or [number for number in allowed if units.items[number].region not in covered]
        yield Node(node.must, node.out | {undecided[0]})
        yield Node(node.must | {undecided[0]}, node.out)

    def _funds_regions(self, numbers: list[int]) -> bool:
        regions = {self.units.items[number].region for number in numbers}
        without = regions & self.units.regions_without_cluster
        return len(regions) >= self.aims.regions and len(without) >= self.aims.new_regions
