"""The problem in whole steps and whole score units, in an order that does not depend on the input's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import gcd

from grants.allocation.problem import ApplicationInput, Problem


@dataclass(frozen=True)
class FundableItem:
    """An application that can be funded: ``low`` to ``high`` steps over its ``edges`` (municipality number, steps)."""

    application: ApplicationInput
    region: int
    score: int
    low: int
    high: int
    edges: tuple[tuple[int, int], ...]

    @property
    def is_plain(self) -> bool:
        """Whether each of its municipalities can have a step whenever it is funded."""
        return self.low >= len(self.edges)


@dataclass(frozen=True)
class Units:
    """Amounts in steps, scores in multiples of ``score_unit``.

    ``items`` stand by score downwards, then id; ``municipalities`` by small first, population, then id: the order of
    the tie-breaks.
    """

    pot: int
    cap: int
    score_unit: Fraction
    items: tuple[FundableItem, ...]
    regions_without_cluster: frozenset[int]
    municipalities: tuple[str, ...]
    small: frozenset[int]

    @property
    def regions(self) -> frozenset[int]:
        """The regions that have an application that can be funded."""
        return frozenset(item.region for item in self.items)

    @cached_property
    def askers(self) -> dict[int, tuple[int, ...]]:
        """The items that ask for each municipality that is asked for."""
        found: dict[int, list[int]] = {}
        for number, item in enumerate(self.items):
            for municipality, _ in item.edges:
                found.setdefault(municipality, []).append(number)
        return {municipality: tuple(numbers) for municipality, numbers in found.items()}

    @cached_property
    def crowded(self) -> frozenset[int]:
        """The municipalities for which more is asked than the cap."""
        asked: Counter[int] = Counter()
        for item in self.items:
            asked.update(dict(item.edges))
        return frozenset(municipality for municipality, steps in asked.items() if steps > self.cap)

    def is_plain(self, municipality: int) -> bool:
        """Whether it can have a step whenever one of its items is funded."""
        return all(self.items[number].is_plain for number in self.askers[municipality])

    def comes_with_one(self, municipality: int) -> bool:
        """Whether it can have a step exactly when its only item is funded."""
        return len(self.askers[municipality]) == 1 and self.is_plain(municipality)


def by_score(application: ApplicationInput) -> tuple[Decimal, str]:
    """The order of the ranking: score downwards, then id."""
    return (application.score.copy_negate(), application.id)


def in_units(problem: Problem) -> Units:
    """The problem in whole steps, without applications that could not be funded even alone."""
    step, pot = problem.step, problem.pot // problem.step
    cap = min(problem.cap_per_municipality // step, pot)
    municipalities = sorted(problem.municipalities, key=lambda one: (not one.is_small, one.population, one.id))
    numbers = {municipality.id: number for number, municipality in enumerate(municipalities)}
    regions = sorted(problem.regions, key=lambda region: region.id)
    region_numbers = {region.id: number for number, region in enumerate(regions)}
    scores, unit = _whole_scores([application.score for application in problem.applications])
    items = []
    for application in sorted(problem.applications, key=by_score):
        wanted = sorted((numbers[request.municipality], request.asked // step) for request in application.requests)
        edges = tuple((number, min(steps, cap)) for number, steps in wanted if min(steps, cap) > 0)
        low = max(1, -(-application.least // step))
        high = min(sum(steps for _, steps in edges), pot)
        if low <= high:
            region = region_numbers[application.region]
            items.append(FundableItem(application, region, scores[application.score], low, high, edges))
    return Units(
        pot=pot,
        cap=cap,
        score_unit=unit,
        items=tuple(items),
        regions_without_cluster=frozenset(
            number for number, region in enumerate(regions) if not region.has_established_cluster
        ),
        municipalities=tuple(municipality.id for municipality in municipalities),
        small=frozenset(number for number, municipality in enumerate(municipalities) if municipality.is_small),
    )


def _whole_scores(scores: list[Decimal]) -> tuple[dict[Decimal, int], Fraction]:
    """Each score as a whole number of the returned unit, the greatest that allows it."""
    exact = {score: Fraction(score) for score in scores}
    denominator = 1
    for score in exact.values():
        denominator = denominator * score.denominator // gcd(denominator, score.denominator)
    whole = {score: int(value * denominator) for score, value in exact.items()}
    divisor = gcd(*whole.values()) or 1
    return {score: value // divisor for score, value in whole.items()}, Fraction(divisor, denominator)


def as_decimal(value: Fraction) -> Decimal:
    """The fraction of decimals and whole numbers as an exact decimal."""
    return Context(prec=200).divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(Context(prec=200))


def conflicts(units: Units, numbers: Sequence[int]) -> list[list[int]]:
    """Groups of these items of which the caps allow only one, so that every two that exclude each other share one."""
    wanted = {number: dict(units.items[number].edges) for number in numbers}
    against: dict[int, set[int]] = {number: set() for number in numbers}
    for municipality in sorted(units.crowded):
        askers = [number for number in units.askers[municipality] if number in wanted]
        for one, other in combinations(askers, 2):
            if other not in against[one] and _exclude(units, wanted[one], wanted[other], one, other):
                against[one].add(other)
                against[other].add(one)
    groups: list[list[int]] = []
    done: set[tuple[int, int]] = set()
    for pair in [(one, other) for one in numbers for other in sorted(against[one]) if one < other]:
        if pair not in done:
            groups.append(_group(pair, against))
            done.update(combinations(groups[-1], 2))
    return groups


def _group(pair: tuple[int, int], against: dict[int, set[int]]) -> list[int]:
    """The pair and others, as many as are easily found, of which every two exclude each other."""
    group, common = [*pair], against[pair[0]] & against[pair[1]]
    while common:
        group.append(max(common, key=lambda number: (len(against[number] & common), -number)))
        common &= against[group[-1]]
    return sorted(group)


def _exclude(units: Units, wanted: dict[int, int], others: dict[int, int], one: int, other: int) -> bool:
    """Whether two items cannot both reach their ``low`` under the caps."""
    room = sum(min(units.cap, wanted.get(place, 0) + others.get(place, 0)) for place in wanted.keys() | others.keys())
    return units.items[one].low + units.items[other].low > room
