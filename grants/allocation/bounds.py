"""Rules items in or out for good: an upper bound in integers on what any set with, or without, an item is worth.

The limits that tie applications together (pot, caps, regions, what earlier aims have reached) are given prices; each
application is then on its own and solved by hand. Any prices give a true bound, so those of the linear relaxation are
simply rounded to integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from grants.allocation.units import Item, Units

#: Prices are whole numbers of this part of one unit of the aim.
FINE = 1 << 64


@dataclass(frozen=True)
class Aim:
    """What is maximised: score × amount in score units (``scores`` 1), or municipalities of ``reach`` with a share.

    ``known`` is what the best set seen is worth.
    """

    known: int
    scores: int = 0
    reach: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Floors:
    """What every set still in question has: these regions funded, this value, so many small municipalities."""

    regions: frozenset[int]
    value: int
    small: int


@dataclass(frozen=True)
class Prices:
    """What loosening a limit by one brings, in `FINE`.

    Limits: a step of the pot, a step under each cap, a funded application in each region, a municipality's being
    reached by its first step and by a funded application, and the floors on the value and on small municipalities.
    """

    pot: int = 0
    caps: Mapping[int, int] = field(default_factory=dict)
    regions: Mapping[int, int] = field(default_factory=dict)
    reached: Mapping[int, int] = field(default_factory=dict)
    askers: Mapping[int, int] = field(default_factory=dict)
    value: int = 0
    small: int = 0


@dataclass(frozen=True)
class Verdict:
    """The items that are in, and those that are out, of every set worth at least what is known."""

    funded: frozenset[int]
    refused: frozenset[int]


def decided(units: Units, aim: Aim, floors: Floors, prices: Prices) -> Verdict:
    """What is settled about the items by a set worth ``aim.known`` having been found."""
    gains = [_gain(item, aim, prices) for item in units.items]
    bound = units.pot * prices.pot + units.cap * sum(prices.caps.values())
    bound -= sum(prices.regions.get(region, 0) for region in floors.regions)
    bound -= prices.value * floors.value + prices.small * floors.small
    for municipality in {municipality for item in units.items for municipality, _ in item.edges}:
        worth = FINE * (municipality in aim.reach) + prices.small * (municipality in units.small)
        bound += max(0, worth - prices.reached.get(municipality, 0) - prices.askers.get(municipality, 0))
    slack = bound + sum(max(0, gain) for gain in gains) - aim.known * FINE
    return Verdict(
        frozenset(number for number, gain in enumerate(gains) if gain > slack),
        frozenset(number for number, gain in enumerate(gains) if -gain > slack),
    )


def _gain(item: Item, aim: Aim, prices: Prices) -> int:
    """The most that funding the item alone brings at these prices; not funding it brings 0."""
    base = item.score * (aim.scores * FINE + prices.value) - prices.pot
    each = sorted(
        (
            (base + prices.reached.get(municipality, 0) - prices.caps.get(municipality, 0), steps)
            for municipality, steps in item.edges
        ),
        reverse=True,
    )
    gain, given = prices.regions.get(item.region, 0), 0
    gain += sum(prices.askers.get(municipality, 0) for municipality, _ in item.edges)
    for profit, steps in each:
        wanted = item.high if profit > 0 else item.low
        amount = max(0, min(steps, wanted - given))
        gain, given = gain + profit * amount, given + amount
    return gain
