"""Finds the best set of applications to fund, aim by aim, and proves it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grants.allocation.bounds import FINE, Aim, Floors, Prices, decided
from grants.allocation.model import Model
from grants.allocation.network import Distribution
from grants.allocation.prove import Aims, Proof
from grants.allocation.units import Units

#: Told the stage's number (1 to STAGES) as it begins.
Progress = Callable[[int], None]
STAGES = 5

#: Columns of the model and their weights in the objective.
Terms = Sequence[tuple[int, float]]

_TRIES = 20
#: Ties are settled by so many applications at a time, which keeps the weights 1, 2, 4 ... exact.
_BLOCK = 20
#: After so many nodes of branching it pays to ask first whether the best set has any rival.
_LABORIOUS = 5
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
    def rank(self) -> tuple[int, int, int, int, int]:
        return (self.new_regions, self.regions, self.value, self.small, self.reached)


class Search:
    """Narrows the sets of items down to one, aim by aim.

    ``best`` is the best set seen, ``proven`` that none is better.
    """

    def __init__(self, units: Units, progress: Progress) -> None:
        self.units = units
        self.progress = progress
        self.proven = True
        self.best = Choice(frozenset(), 0, 0, 0, 0, 0)
        self.model = Model(units)
        self.nodes = 0
        self.value_row: int | None = None
        self.value_scale = 1.0
        self.small_row: int | None = None
        self.undecided = list(range(len(units.items)))

    def run(self) -> None:
        if not self.units.items:
            return
        self.progress(1)
        self._regions()
        self.progress(2)
        self._money()
        if self.nodes > _LABORIOUS and self._is_alone():
            return
        self.progress(3)
        self._municipalities()
        self.progress(4)
        self._ties()

    def _evaluate(self, numbers: frozenset[int]) -> Choice | None:
        distribution = Distribution(self.units, sorted(numbers))
        if not distribution.feasible:
            return None
        value = distribution.value
        regions = {self.units.items[number].region for number in numbers}
        small, reached = distribution.reach()
        return Choice(numbers, len(regions & self.units.regions_without_cluster), len(regions), value, small, reached)

    def _narrow(self, terms: Terms, worth: Callable[[Choice], int], *, scale: float = 1.0) -> bool:
        """Raise ``best`` until no set left in the model can be worth one more; whether that was reached.

        A proposal whose worth, computed exactly, does not settle the matter is left out and the search goes on, so
        rounding can cost time but not the optimum.
        """
        mark = self.model.rows.mark()
        excluded = set()
        self.nodes = 0
        try:
            for _ in range(_TRIES):
                proposal = self.model.maximise(terms)
                self.nodes += proposal.nodes
                if proposal.numbers is None:
                    return proposal.proven and self.best.numbers in excluded
                choice = self._evaluate(proposal.numbers)
                if choice and (choice.rank, worth(choice)) > (self.best.rank, worth(self.best)):
                    self.best = choice
                bound = proposal.bound * scale
                if bound < worth(self.best) + 1 - max(_CLEARLY, abs(bound) * _TRUST):
                    return True
                if not proposal.proven:
                    return False
                self.model.exclude(proposal.numbers)
                excluded.add(proposal.numbers)
            return False
        finally:
            self.model.rows.back_to(mark)

    def _is_alone(self) -> bool:
        """Whether no other set is worth as much as the best, so that nothing is left to choose."""
        mark = self.model.rows.mark()
        self.model.exclude(self.best.numbers)
        proposal = self.model.maximise([])
        self.model.rows.back_to(mark)
        return proposal.numbers is None and proposal.proven

    def _regions(self) -> None:
        """Most regions without an established cluster, then most regions."""
        units, columns = self.units, self.model.region
        weight = len(columns) + 1
        new = {region: weight * (region in units.regions_without_cluster) + 1 for region in columns}
        self.proven &= self._narrow(
            [(columns[region], new[region]) for region in columns],
            lambda choice: weight * choice.new_regions + choice.regions,
        )
        new_columns = [(columns[region], 1) for region in columns if region in units.regions_without_cluster]
        self.model.require(new_columns, self.best.new_regions)
        self.model.require([(column, 1) for column in columns.values()], self.best.regions)

    def _money(self) -> None:
        """The highest sum of score × amount."""
        scores = [item.score for item in self.units.items]
        scale = max(1.0, max(scores) / _GREATEST_COEFFICIENT)
        terms = [(column, score / scale) for column, score in zip(self.model.award, scores, strict=True)]
        if not self._narrow(terms, lambda choice: choice.value, scale=scale):
            self._money_exactly()
        error = self.units.pot * max(scores) * _TRUST
        self._decide(terms, Aim(self.best.value, scores=1), scale)
        self.value_row = self.model.require(terms, (self.best.value - max(1 / 2, error)) / scale)
        self.value_scale = scale

    def _money_exactly(self) -> None:
        """The same where many sets are too near each other for floating point: the proof in integers alone."""
        best = self.best
        proof = Proof(self.units, Aims(best.new_regions, best.regions), best.numbers, best.value)
        self.proven &= proof.run()
        if proof.numbers != best.numbers:
            self.best = self._evaluate(proof.numbers) or best

    def _municipalities(self) -> None:
        """Most small municipalities, then most municipalities, with a share."""
        self.model.add_reached()
        columns = self.model.reached
        small = [(column, 1) for number, column in columns.items() if number in self.units.small]
        self.proven &= self._narrow(small, lambda choice: choice.small)
        self._decide(small, Aim(self.best.small, reach=self.units.small))
        self.small_row = self.model.require(small, self.best.small)
        every = [(column, 1) for column in columns.values()]
        self.proven &= self._narrow(every, lambda choice: choice.reached)
        self._decide(every, Aim(self.best.reached, reach=frozenset(columns)))
        self.model.require(every, self.best.reached)

    def _decide(self, terms: Terms, aim: Aim, scale: float = 1.0) -> None:
        """Take the items that integers alone rule in or out off HiGHS's hands."""
        model, units = self.model, self.units
        found = model.prices(terms)

        def price(row: int | None, unit: float = 1.0) -> int:
            return max(0, round(found.get(row, 0.0) * scale * unit * FINE)) if row is not None else 0

        everywhere = units.regions if self.best.regions == len(units.regions) else frozenset()
        prices = Prices(
            pot=price(model.pot_row),
            caps={municipality: price(row) for municipality, row in model.cap_rows.items()},
            regions={region: price(model.region_rows[region]) for region in everywhere},
            reached={municipality: price(row) for municipality, row in model.reached_rows.items()},
            askers={municipality: price(row) for municipality, row in model.asker_rows.items()},
            value=price(self.value_row, 1 / self.value_scale),
            small=price(self.small_row),
        )
        verdict = decided(units, aim, Floors(everywhere, self.best.value, self.best.small), prices)
        for number in verdict.funded | verdict.refused:
            model.fix(number, funded=number in verdict.funded)
        self.undecided = [number for number in self.undecided if not model.is_fixed(number)]

    def _ties(self) -> None:
        """The first set in the order of score and id: each application funded if it can be."""
        for start in range(0, len(self.undecided), _BLOCK):
            block = self.undecided[start : start + _BLOCK]
            if not all(number in self.best.numbers for number in block):
                self._first_of(block)
            for number in block:
                self.model.fix(number, funded=number in self.best.numbers)

    def _first_of(self, block: Sequence[int]) -> None:
        weights = {number: 1 << place for place, number in enumerate(reversed(block))}

        def worth(choice: Choice) -> int:
            return sum(weights.get(number, 0) for number in choice.numbers)

        self.proven &= self._narrow([(self.model.funded[number], weights[number]) for number in block], worth)
