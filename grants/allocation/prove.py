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


@dataclass
class Proof:
    """The set of greatest value found, and whether no other is greater."""

    numbers: frozenset[int]
    value: int
    complete: bool = True


def greatest_value(units: Units, aims: Aims, start: frozenset[int], value: int) -> Proof:
    """The greatest value over all sets that fund the regions of ``aims``, beginning from one that does.

    A node says which items must be funded and which must not; letting the others have anything from 0 gives a bound.
    """
    proof = Proof(start, value)
    stack: list[tuple[frozenset[int], frozenset[int]]] = [(frozenset(), frozenset())]
    for _ in range(_NODE_LIMIT):
        if not stack:
            return proof
        must, out = stack.pop()
        allowed = [number for number in range(len(units.items)) if number not in out]
        if not _funds(units, aims, allowed):
            continue
        relaxed = Distribution(units, allowed, must)
        if relaxed.feasible and relaxed.value > proof.value:
            stack.extend(_branches(units, aims, relaxed, must, out, proof))
    proof.complete = not stack
    return proof


def _funds(units: Units, aims: Aims, numbers: list[int]) -> bool:
    regions = {units.items[number].region for number in numbers}
    return len(regions) >= aims.regions and len(regions & units.regions_without_cluster) >= aims.new_regions


def _branches(
    units: Units, aims: Aims, relaxed: Distribution, must: frozenset[int], out: frozenset[int], proof: Proof
) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
    """The nodes that together hold every set of this one; none when the relaxation is itself a set, now the best."""
    funded = [number for number in relaxed.numbers if relaxed.award(number)]
    below = [number for number in funded if relaxed.award(number) < units.items[number].low]
    if not below and _funds(units, aims, funded):
        proof.numbers, proof.value = frozenset(funded), relaxed.value
        return
    covered = {units.items[number].region for number in funded if number not in below}
    missing = [number for number in relaxed.numbers if units.items[number].region not in covered]
    undecided = below or missing
    number = undecided[0]
    yield must, out | {number}
    yield must | {number}, out
