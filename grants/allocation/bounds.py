"""Rules items in or out for good: an upper bound in integers on what any set with, or without, an item is worth.

The limits that tie applications together (pot, caps, regions, what earlier aims have reached) are given prices; each
application is then on its own and solved by hand. Any prices give a true bound, so those of the linear relaxation are
simply rounded to integers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grants.allocation.units import FundableItem, Units

#: Prices are whole numbers of this part of one unit of the aim.
FINE = 1 << 64


@dataclass(frozen=True)
class Aim:
    """What is maximised: one of funded ``regions``, score × amount in score units, municipalities with a share.

    ``known`` is what the best set seen is worth.
    """

    known: int
    scores: int = 0
    regions: frozenset[int] = frozenset()
    reach: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Floors:
    """What every set still in question has, at least.

    That is: so many regions funded, of them so many without an established cluster; this value; so many small
    municipalities. ``fixed`` are the items already known to be in, or out.
    """

    new_regions: int = 0
    regions: int = 0
    value: int = 0
    small: int = 0
    fixed: Mapping[int, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Prices:
    """What loosening a limit by one brings, in `FINE`.

    Limits: a step of the pot, a step under each cap, a region's having a funded application, a municipality's being
    reached (by its first step, or by an application that is plain) and its having a funded application, and the
    floors.
    """

    pot: int = 0
    caps: Mapping[int, int] = field(default_factory=dict)
    funded: Mapping[int, int] = field(default_factory=dict)
    reached: Mapping[int, int] = field(default_factory=dict)
    askers: Mapping[int, int] = field(default_factory=dict)
    new_regions: int = 0
    regions: int = 0
    value: int = 0
    small: int = 0


@dataclass(frozen=True)
class Verdict:
    """What no set exceeds, and the items that are in, and out, of every set worth at least what is known."""

    most: int
    funded: frozenset[int]
    refused: frozenset[int]


def decided(units: Units, aim: Aim, floors: Floors, prices: Prices) -> Verdict:
    """What is settled by a set worth ``aim.known`` having been found."""
    worth = {
        municipality: FINE * (municipality in aim.reach) + prices.small * (municipality in units.small)
        for municipality in units.askers
    }
    reached = {
        municipality: worth[municipality] if units.comes_with_one(municipality) else price
        for municipality, price in ((one, prices.reached.get(one, 0)) for one in worth)
    }
    prices = replace(prices, reached=reached)
    gains = [_gain(item, aim, prices) for item in units.items]
    bound = units.pot * prices.pot + units.cap * sum(prices.caps.values())
    bound -= prices.new_regions * floors.new_regions + prices.regions * floors.regions
    bound -= prices.value * floors.value + prices.small * floors.small
    bound += sum(max(0, worth[one] - reached[one] - prices.askers.get(one, 0)) for one in worth)
    bound += sum(_region(units, aim, floors, prices, region) for region in units.regions)
    fixed = floors.fixed
    bound += sum(gain * fixed[number] if number in fixed else max(0, gain) for number, gain in enumerate(gains))
    slack = bound - aim.known * FINE
    return Verdict(
        bound // FINE,
        frozenset(number for number, gain in enumerate(gains) if gain > slack and number not in fixed),
        frozenset(number for number, gain in enumerate(gains) if -gain > slack and number not in fixed),
    )


def _region(units: Units, aim: Aim, floors: Floors, prices: Prices, region: int) -> int:
    """The most that a region brings; less than nothing if it has to be funded at a loss."""
    gain = FINE * (region in aim.regions) + prices.regions - prices.funded.get(region, 0)
    gain += prices.new_regions * (region in units.regions_without_cluster)
    return gain if floors.regions == len(units.regions) else max(0, gain)


def _gain(item: FundableItem, aim: Aim, prices: Prices) -> int:
    """The most that funding the item alone brings at these prices; not funding it brings 0."""
    base = item.score * (aim.scores * FINE + prices.value) - prices.pot
    gain, given = prices.funded.get(item.region, 0), 0
    each = []
    for municipality, steps in item.edges:
        profit = base - prices.caps.get(municipality, 0)
        gain += prices.askers.get(municipality, 0)
        if item.is_plain:
            gain += prices.reached.get(municipality, 0)
        else:
            profit += prices.reached.get(municipality, 0)
        each.append((profit, steps))
    for profit, steps in sorted(each, reverse=True):
        wanted = item.high if profit > 0 else item.low
        amount = max(0, min(steps, wanted - given))
        gain, given = gain + profit * amount, given + amount
    return gain
