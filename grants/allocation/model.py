"""The mixed integer program over which applications are funded.

Only the choice of applications is integer; what they get once chosen is settled exactly by
:mod:`grants.allocation.network`. Floating point therefore never decides between two allocations: it proposes sets,
and rules out those that are worse by a clear margin.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from grants.allocation.program import Program, Terms
from grants.allocation.units import Units, conflicts


@dataclass(frozen=True)
class ItemSet:
    """A set of items, and a bound no set left in the model exceeds; no set when the model has none.

    ``nodes`` is how long HiGHS searched.
    """

    numbers: frozenset[int] | None
    bound: float
    proven: bool
    nodes: int


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation: how far each item gets its ``low``, and what loosening each row by one brings."""

    funded: tuple[float, ...]
    prices: dict[int, float]


class Model:
    """Columns: per item funded or not and its award; a share only where it can matter; per region; per municipality.

    A share matters where the cap can bind, or where an application may get fewer steps than it has municipalities:
    all others can always be shared out when the awards are known. For the same reason a municipality is reached when
    one of its applications is funded, and needs a column only when several ask for it.
    """

    def __init__(self, units: Units) -> None:
        self.units = units
        self.program = Program()
        self.fixed: dict[int, bool] = {}
        program, items = self.program, units.items
        self.funded = [program.column(1, integer=True) for _ in items]
        self.award = [program.column(item.high) for item in items]
        self.region = {region: program.column(1) for region in sorted(units.regions)}
        self.share = self._share_columns()
        self.reached = {
            municipality: program.column(1, integer=not units.is_plain(municipality))
            for municipality in sorted(units.askers)
            if not units.comes_with_one(municipality)
        }
        self.signs: dict[int, int] = {}
        self._awards()
        self._limits()
        self._reach()

    def _share_columns(self) -> dict[int, dict[int, int]]:
        """By item and municipality."""
        units = self.units
        return {
            number: {
                municipality: self.program.column(steps)
                for municipality, steps in item.edges
                if municipality in units.crowded or not item.is_plain
            }
            for number, item in enumerate(units.items)
        }

    def _at_least(self, terms: Terms, low: float) -> int:
        row = self.program.row(terms, low=low)
        self.signs[row] = -1
        return row

    def _at_most(self, terms: Terms, high: float) -> int:
        row = self.program.row(terms, high=high)
        self.signs[row] = 1
        return row

    def _awards(self) -> None:
        """The bounds of each award, and of its shares."""
        for number, item in enumerate(self.units.items):
            funded, award, shares = self.funded[number], self.award[number], self.share[number]
            self._at_least([(award, 1), (funded, -item.low)], 0)
            self._at_most([(award, 1), (funded, -item.high)], 0)
            if not shares:
                continue
            rest = sum(steps for municipality, steps in item.edges if municipality not in shares)
            beside = [(award, 1), *((column, -1) for column in shares.values())]
            self._at_least(beside, 0)
            self._at_most([*beside, (funded, -rest)], 0)
            for municipality, steps in item.edges:
                if municipality in shares:
                    self._at_most([(shares[municipality], 1), (funded, -steps)], 0)

    def _limits(self) -> None:
        units = self.units
        self.pot_row = self._at_most([(award, 1) for award in self.award], units.pot)
        self.cap_rows = {}
        for municipality in sorted(units.crowded):
            columns = [self.share[number][municipality] for number in units.askers[municipality]]
            self.cap_rows[municipality] = self._at_most([(column, 1) for column in columns], units.cap)
        self.region_rows = {}
        for region, column in self.region.items():
            members = [self.funded[number] for number, item in enumerate(units.items) if item.region == region]
            self.region_rows[region] = self._at_least([(column, -1), *((member, 1) for member in members)], 0)

    def _reach(self) -> None:
        """A municipality is reached by a funded application, and by a share where that does not follow."""
        units = self.units
        self.reached_rows: dict[int, int] = {}
        self.asker_rows: dict[int, int] = {}
        for municipality, column in self.reached.items():
            askers = units.askers[municipality]
            by = [
                (self.funded[number] if units.items[number].is_plain else self.share[number][municipality], 1)
                for number in askers
            ]
            self.reached_rows[municipality] = self._at_least([(column, -1), *by], 0)
            if not units.is_plain(municipality):
                funded = [(self.funded[number], 1) for number in askers]
                self.asker_rows[municipality] = self._at_least([(column, -1), *funded], 0)

    def reaching(self, municipalities: Iterable[int]) -> list[tuple[int, float]]:
        """The terms that count how many of these are reached."""
        terms: dict[int, float] = {}
        for municipality in municipalities:
            asker = self.units.askers[municipality][0]
            column = self.reached.get(municipality, self.funded[asker])
            terms[column] = terms.get(column, 0) + 1
        return sorted(terms.items())

    def exclude(self, numbers: frozenset[int]) -> int:
        """Leave out exactly this set of items; the number of the row."""
        terms = [(column, -1 if number in numbers else 1) for number, column in enumerate(self.funded)]
        return self._at_least(terms, 1 - len(numbers))

    def exclude_conflicts(self) -> None:
        """Add the groups of items of which only one can be funded, which the linear relaxation does not see."""
        for group in conflicts(self.units, [n for n in range(len(self.funded)) if n not in self.fixed]):
            self._at_most([(self.funded[number], 1) for number in group], 1)

    def require(self, terms: Terms, low: float) -> int:
        """Leave out what is worth less; the number of the row."""
        return self._at_least(terms, low)

    def need_regions(self) -> None:
        """Fund every region."""
        for column in self.region.values():
            self.program.bound(column, 1, 1)

    def fix(self, number: int, *, funded: bool) -> None:
        """Decide about an item."""
        self.fixed[number] = funded
        self.program.bound(self.funded[number], float(funded), float(funded))

    def maximise(self, terms: Terms, start: frozenset[int] | None) -> ItemSet:
        """The set of items with the greatest objective; ``start`` is a set the model allows, if one is known."""
        known = {} if start is None else {self.funded[n]: float(n in start) for n in range(len(self.funded))}
        answer = self.program.maximise(terms, known)
        if answer.values is None:
            return ItemSet(None, answer.bound, answer.proven, answer.nodes)
        chosen = frozenset(number for number, column in enumerate(self.funded) if answer.values[column] > 0.5)  # noqa: PLR2004
        return ItemSet(chosen, answer.bound, answer.proven, answer.nodes)

    def relax(self, terms: Terms) -> Relaxed | None:
        """The linear relaxation, if it has an answer."""
        found = self.program.relax(terms)
        if found is None:
            return None
        values, duals = found
        prices = {row: sign * duals[row] for row, sign in self.signs.items() if row < len(duals) and duals[row]}
        items = self.units.items
        funded = tuple(min(1.0, values[column] / items[number].low) for number, column in enumerate(self.award))
        return Relaxed(funded, prices)
