"""Finds the best set of applications to fund, aim by aim, and proves it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

from grants.allocation.bounds import FINE, Aim, Floors, Prices, Verdict, decided
from grants.allocation.model import Model, Relaxed
from grants.allocation.network import Distribution, Packing
from grants.allocation.program import Terms
from grants.allocation.units import Units

#: Told the stage's number (1 to STAGES) as it begins.
Progress = Callable[[int], None]
STAGES = 5

_TRIES = 20
#: Ties are settled by so many applications at a time, which keeps the weights 1, 2, 4 ... exact.
_BLOCK = 20
#: A part of an item nearer than this to 0 or 1 is that.
_NOTHING = 1e-6
#: What a bound must lack in one whole unit to rule that unit out.
_CLEARLY = 1e-3
#: Bounds from HiGHS are trusted to this part of their size, a hundred thousand times its rounding error.
_TRUST = 1e-9
#: Objective coefficients handed to HiGHS stay below this.
_GREATEST_COEFFICIENT = 10_000


@dataclass(frozen=True)
class Choice:
    """A set of items that can be funded together, with what it is worth, computed exactly."""

    numbers: frozenset[int]
    new_regions: int
    regions: int
    value: int
    small: int
    reached: int

    @property
    def rank(self) -> tuple[int, ...]:
        """A key by which the better of two sets is the greater; of equal ones, that with the first they differ in."""
        first = (-number for number in sorted(self.numbers))
        return (self.new_regions, self.regions, self.value, self.small, self.reached, *first)


#: What an aim makes of a set.
Worth = Callable[[Choice], int]


class Search:
    """Narrows the sets of items down to one, aim by aim.

    ``best`` is the best set seen, ``proven`` that none is better.
    """

    def __init__(self, units: Units, progress: Progress) -> None:
        self.units = units
        self.progress = progress
        self.proven = True
        self.evaluated: dict[frozenset[int], Choice | None] = {}
        self.best = Choice(frozenset(), 0, 0, 0, 0, 0)
        self.model = Model(units)
        self.new_row: int | None = None
        self.regions_row: int | None = None
        self.value_row: int | None = None
        self.value_scale = max([1.0, *(item.score / _GREATEST_COEFFICIENT for item in units.items)])
        self.small_row: int | None = None

    @property
    def undecided(self) -> list[int]:
        """The items that may still be in or out."""
        return [number for number in range(len(self.units.items)) if number not in self.model.fixed]

    def run(self) -> None:
        if not self.units.items:
            return
        self.progress(1)
        self._regions()
        self.progress(2)
        if self._money():
            return
        self.progress(3)
        self._municipalities()
        self.progress(4)
        self._ties()

    def _evaluate(self, numbers: frozenset[int]) -> Choice | None:
        if numbers not in self.evaluated:
            self.evaluated[numbers] = self._computed(numbers)
        return self.evaluated[numbers]

    def _computed(self, numbers: frozenset[int]) -> Choice | None:
        distribution = Distribution(self.units, sorted(numbers))
        if not distribution.feasible:
            return None
        value = distribution.value
        regions = {self.units.items[number].region for number in numbers}
        small, reached = distribution.reach()
        return Choice(numbers, len(regions & self.units.regions_without_cluster), len(regions), value, small, reached)

    def _take(self, numbers: frozenset[int]) -> None:
        """Remember the set if it is the best so far."""
        choice = self._evaluate(numbers)
        if choice and choice.rank > self.best.rank:
            self.best = choice

    def _narrow(self, terms: Terms, worth: Worth, *, scale: float = 1.0) -> bool:
        """Raise ``best`` until no set left in the model can be worth one more; whether that was reached.

        A proposal whose worth, computed exactly, does not settle the matter is left out and the search goes on, so
        rounding can cost time but not the optimum.
        """
        model = self.model
        mark = model.program.rows
        excluded: set[frozenset[int]] = set()
        try:
            for _ in range(_TRIES):
                start = self.best.numbers
                proposal = model.maximise(terms, None if start in excluded else start)
                if proposal.numbers is None:
                    return proposal.proven and start in excluded
                self._take(proposal.numbers)
                bound = proposal.bound * scale
                if bound < worth(self.best) + 1 - max(_CLEARLY, abs(bound) * _TRUST):
                    return True
                if not proposal.proven:
                    return False
                model.exclude(proposal.numbers)
                excluded.add(proposal.numbers)
            return False
        finally:
            if model.program.rows > mark:
                model.program.drop(mark)

    def _regions(self) -> None:
        """Most regions without an established cluster, then most regions."""
        model, units = self.model, self.units
        self._take(self._cover())
        new = [(column, 1.0) for region, column in model.region.items() if region in units.regions_without_cluster]
        self._count(new, lambda choice: choice.new_regions, Aim(0, regions=units.regions_without_cluster))
        self.new_row = model.require(new, self.best.new_regions)
        every = [(column, 1.0) for column in model.region.values()]
        self._count(every, lambda choice: choice.regions, Aim(0, regions=units.regions))
        if self.best.regions == len(every):
            model.need_regions()
        else:
            self.regions_row = model.require(every, self.best.regions)

    def _cover(self) -> frozenset[int]:
        """The cheapest application of each region, the cheapest first, while there is room."""
        items, new = self.units.items, self.units.regions_without_cluster
        packing = Packing(self.units)
        for number in sorted(range(len(items)), key=lambda n: (items[n].region not in new, items[n].low, n)):
            if all(items[number].region != items[other].region for other in packing.numbers):
                packing.add(number)
        return frozenset(packing.numbers)

    def _money(self) -> bool:
        """Find the highest sum of score × amount; whether one set alone has it, so that nothing is left to choose."""
        scores, scale, terms = [item.score for item in self.units.items], self.value_scale, self._money_terms()
        relaxed = self.model.relax(terms)
        if relaxed:
            self._round(relaxed.funded, self._verdict(relaxed, Aim(self.best.value, scores=1), scale).most)
        is_most = self._is_settled(relaxed, Aim(self.best.value, scores=1), scale)
        if not is_most:
            mark = self.model.program.rows
            self.model.exclude_conflicts()
            self.proven &= self._narrow(terms, lambda choice: choice.value, scale=scale)
            self.model.program.drop(mark)
            is_most = self._is_settled(relaxed, Aim(self.best.value, scores=1), scale)
        error = self.units.pot * max(scores) * _TRUST
        self.value_row = self.model.require(terms, (self.best.value - max(1 / 2, error)) / scale)
        return not is_most and self._is_alone(terms)

    def _is_alone(self, terms: Terms) -> bool:
        """Whether no other set is worth as much as the best."""
        row = self.model.exclude(self.best.numbers)
        proposal = self.model.maximise(terms, None)
        self.model.program.drop(row)
        if proposal.numbers is not None:
            self._take(proposal.numbers)
        return proposal.numbers is None and proposal.proven

    def _money_terms(self) -> Terms:
        items, award = self.units.items, self.model.award
        return [(award[number], item.score / self.value_scale) for number, item in enumerate(items)]

    def _round(self, funded: Sequence[float], most: int) -> None:
        """A set near the linear relaxation: what it funds fully, and one by one what it funds in part, up to most."""
        order = sorted((number for number, part in enumerate(funded) if part > _NOTHING), key=lambda n: (-funded[n], n))
        numbers: list[int] = []
        for number in order:
            if funded[number] > 1 - _NOTHING:
                numbers.append(number)
                continue
            before = self._evaluate(frozenset(numbers))
            if before and before.regions == self.best.regions and before.value == most:
                break
            choice = self._evaluate(frozenset([*numbers, number]))
            if choice and (before is None or choice.rank > before.rank):
                numbers.append(number)
        self._take(frozenset(numbers))

    def _municipalities(self) -> None:
        """Most small municipalities, then most municipalities, with a share."""
        model, units = self.model, self.units
        for weight in (1, len(units.askers)):
            self._take(self._spread(weight))
        small = model.reaching(sorted(units.small & units.askers.keys()))
        self._count(small, lambda choice: choice.small, Aim(0, reach=units.small))
        self.small_row = model.require(small, self.best.small)
        every = model.reaching(sorted(units.askers))
        self._count(every, lambda choice: choice.reached, Aim(0, reach=frozenset(units.askers)))
        model.require(every, self.best.reached)

    def _spread(self, weight: int) -> frozenset[int]:
        """A set that reaches many municipalities for its money, small ones counted with the weight."""
        units, packing = self.units, Packing(self.units)
        worth = {municipality: weight if municipality in units.small else 1 for municipality in units.askers}
        unreached = set(worth)

        def gain(number: int) -> float:
            item = units.items[number]
            return sum(worth[one] for one, _ in item.edges if one in unreached) / item.low

        queue = [(-gain(number), number) for number in range(len(units.items))]
        heapify(queue)
        while queue:
            before, number = heappop(queue)
            now = -gain(number)
            if now > before:
                if now:
                    heappush(queue, (now, number))
            elif packing.add(number):
                unreached -= {one for one, _ in units.items[number].edges}
        for number in range(len(units.items)):
            if packing.high < units.pot and number not in packing.numbers:
                packing.add(number)
        return frozenset(packing.numbers)

    def _count(self, terms: Terms, worth: Worth, aim: Aim) -> None:
        """Raise ``best`` to the greatest count there is."""
        if worth(self.best) == sum(weight for _, weight in terms):
            return
        relaxed = self.model.relax(terms)
        if not self._is_settled(relaxed, replace(aim, known=worth(self.best))):
            self.proven &= self._narrow(terms, worth)
            self._is_settled(relaxed, replace(aim, known=worth(self.best)))

    def _is_settled(self, relaxed: Relaxed | None, aim: Aim, scale: float = 1.0) -> bool:
        """Whether integers alone prove what is known to be the most.

        Takes the items that they rule in or out off HiGHS's hands.
        """
        if relaxed is None:
            return False
        verdict = self._verdict(relaxed, aim, scale)
        for number in verdict.funded | verdict.refused:
            self.model.fix(number, funded=number in verdict.funded)
        return verdict.most <= aim.known

    def _verdict(self, relaxed: Relaxed, aim: Aim, scale: float) -> Verdict:
        """What follows from the prices of the relaxation."""
        model, best = self.model, self.best

        def price(row: int | None, unit: float = 1.0) -> int:
            return max(0, round(relaxed.prices.get(row, 0.0) * scale * unit * FINE)) if row is not None else 0

        prices = Prices(
            pot=price(model.pot_row),
            caps={municipality: price(row) for municipality, row in model.cap_rows.items()},
            funded={region: price(row) for region, row in model.region_rows.items()},
            reached={municipality: price(row) for municipality, row in model.reached_rows.items()},
            askers={municipality: price(row) for municipality, row in model.asker_rows.items()},
            new_regions=price(self.new_row),
            regions=price(self.regions_row),
            value=price(self.value_row, 1 / self.value_scale),
            small=price(self.small_row),
        )
        floors = Floors(best.new_regions, best.regions, best.value, best.small, model.fixed)
        return decided(self.units, aim, floors, prices)

    def _ties(self) -> None:
        """The first set in the order of score and id: each application funded if it can be."""
        self._take(self._filled())
        undecided = self.undecided
        for start in range(0, len(undecided), _BLOCK):
            block = undecided[start : start + _BLOCK]
            if not all(number in self.best.numbers for number in block):
                self._first_of(block)
            for number in block:
                self.model.fix(number, funded=number in self.best.numbers)

    def _filled(self) -> frozenset[int]:
        """The best set and what there is room for beside it."""
        packing = Packing(self.units)
        for number in (*sorted(self.best.numbers), *self.undecided):
            if number not in packing.numbers:
                packing.add(number)
        return frozenset(packing.numbers)

    def _first_of(self, block: Sequence[int]) -> None:
        weights = {number: 1 << place for place, number in enumerate(reversed(block))}

        def worth(choice: Choice) -> int:
            return sum(weights.get(number, 0) for number in choice.numbers)

        self.proven &= self._narrow([(self.model.funded[number], weights[number]) for number in block], worth)
