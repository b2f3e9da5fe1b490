"""The mixed integer program over which applications are funded, given to HiGHS.

Only the choice of applications is integer; what they get once chosen is settled exactly by
:mod:`grants.allocation.network`. Floating point therefore never decides between two allocations: it proposes sets,
and rules out those that are worse by a clear margin.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from grants.allocation.units import Units

_INFEASIBLE = 2
_NODE_LIMIT = 5_000


@dataclass
class Rows:
    """Sparse rows ``low <= row · x <= high``."""

    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, terms: Iterable[tuple[int, float]], low: float = -np.inf, high: float = np.inf) -> int:
        """Add a row; its number."""
        for column, value in terms:
            self.columns.append(column)
            self.values.append(value)
        self.starts.append(len(self.columns))
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def matrix(self, columns: int) -> csr_array:
        return csr_array((self.values, self.columns, self.starts), shape=(len(self.low), columns))

    def mark(self) -> int:
        """How many rows there are, for :meth:`back_to`."""
        return len(self.low)

    def back_to(self, mark: int) -> None:
        """Take away the rows added since the mark."""
        terms = self.starts[mark]
        del self.columns[terms:], self.values[terms:]
        del self.starts[mark + 1 :], self.low[mark:], self.high[mark:]


@dataclass(frozen=True)
class Proposal:
    """A set of items, and a bound no set left in the model exceeds; no set when the model has none.

    ``nodes`` is how long HiGHS searched.
    """

    numbers: frozenset[int] | None
    bound: float
    proven: bool
    nodes: int = 0


class Model:
    """Variables: per item funded or not and its award, per share, per region, later per municipality reached or not."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.rows = Rows()
        self.columns = 0
        items = units.items
        self.funded = self._columns(len(items))
        self.award = self._columns(len(items))
        regions = sorted(units.regions)
        self.region = dict(zip(regions, self._columns(len(regions)), strict=True))
        self.places: dict[int, list[int]] = {}
        self.askers: dict[int, list[int]] = {}
        self._shares()
        self._constraints()
        self.upper = np.ones(self.columns)
        for number, item in enumerate(items):
            self.upper[self.award[number]] = item.high
        for column, steps in self.share_bounds.items():
            self.upper[column] = steps
        self.lower = np.zeros(self.columns)
        self.reached: dict[int, int] = {}
        self.reached_rows: dict[int, int] = {}
        self.asker_rows: dict[int, int] = {}

    def add_reached(self) -> None:
        """Add whether each municipality gets a share, which only the later aims ask about."""
        self.reached = dict(zip(sorted(self.places), self._columns(len(self.places)), strict=True))
        self.lower = np.concatenate([self.lower, np.zeros(len(self.places))])
        self.upper = np.concatenate([self.upper, np.ones(len(self.places))])
        for municipality, column in self.reached.items():
            shares = [(share, 1) for share in self.places[municipality]]
            self.reached_rows[municipality] = self.rows.add([(column, -1), *shares], low=0)
            askers = [(self.funded[number], 1) for number in self.askers[municipality]]
            self.asker_rows[municipality] = self.rows.add([(column, -1), *askers], low=0)

    def _columns(self, count: int) -> list[int]:
        first, self.columns = self.columns, self.columns + count
        return list(range(first, self.columns))

    def _shares(self) -> None:
        self.share_bounds: dict[int, int] = {}
        self.share: list[list[tuple[int, int]]] = []
        for number, item in enumerate(self.units.items):
            columns = self._columns(len(item.edges))
            self.share.append([(column, steps) for column, (_, steps) in zip(columns, item.edges, strict=True)])
            for column, (municipality, steps) in zip(columns, item.edges, strict=True):
                self.share_bounds[column] = steps
                self.places.setdefault(municipality, []).append(column)
                self.askers.setdefault(municipality, []).append(number)

    def _constraints(self) -> None:
        units, rows = self.units, self.rows
        self.cap_rows: dict[int, int] = {}
        self.region_rows: dict[int, int] = {}
        for number, item in enumerate(units.items):
            funded, award = self.funded[number], self.award[number]
            rows.add([(award, 1), (funded, -item.low)], low=0)
            rows.add([(award, 1), (funded, -item.high)], high=0)
            rows.add([(award, -1), *((column, 1) for column, _ in self.share[number])], low=0, high=0)
        self.pot_row = rows.add([(award, 1) for award in self.award], high=units.pot)
        for municipality, columns in self.places.items():
            if sum(self.share_bounds[column] for column in columns) > units.cap:
                self.cap_rows[municipality] = rows.add([(column, 1) for column in columns], high=units.cap)
        for number, item in enumerate(units.items):
            for column, steps in self.share[number] if len(item.edges) > 1 else ():
                rows.add([(column, 1), (self.funded[number], -steps)], high=0)
        for region, column in self.region.items():
            members = [self.funded[number] for number, item in enumerate(units.items) if item.region == region]
            self.region_rows[region] = rows.add([(column, -1), *((member, 1) for member in members)], low=0)

    def exclude(self, numbers: frozenset[int]) -> None:
        """Leave out exactly this set of items."""
        terms = [(column, -1 if number in numbers else 1) for number, column in enumerate(self.funded)]
        self.rows.add(terms, low=1 - len(numbers))

    def require(self, terms: Iterable[tuple[int, float]], low: float) -> int:
        """Leave out what is worth less; the number of the row."""
        return self.rows.add(terms, low=low)

    def fix(self, number: int, *, funded: bool) -> None:
        """Decide about an item."""
        self.lower[self.funded[number]] = self.upper[self.funded[number]] = float(funded)

    def is_fixed(self, number: int) -> bool:
        return bool(self.lower[self.funded[number]] == self.upper[self.funded[number]])

    def maximise(self, terms: Iterable[tuple[int, float]]) -> Proposal:
        """The set of items with the greatest objective."""
        objective = self._objective(terms)
        integrality = np.zeros(self.columns)
        integrality[self.funded] = 1
        integrality[list(self.reached.values())] = 1
        rows = self.rows
        answer = milp(
            objective,
            integrality=integrality,
            bounds=Bounds(self.lower, self.upper),
            constraints=LinearConstraint(rows.matrix(self.columns), rows.low, rows.high),
            options={"mip_rel_gap": 0, "node_limit": _NODE_LIMIT},
        )
        if answer.status == _INFEASIBLE:
            return Proposal(None, -np.inf, proven=True)
        if answer.x is None:
            return Proposal(None, np.inf, proven=False)
        chosen = frozenset(number for number, column in enumerate(self.funded) if answer.x[column] > 0.5)  # noqa: PLR2004
        return Proposal(chosen, -answer.mip_dual_bound, proven=answer.status == 0, nodes=answer.mip_node_count)

    def prices(self, terms: Iterable[tuple[int, float]]) -> dict[int, float]:
        """What loosening each row by one is worth in the linear relaxation; by row, 0 left out."""
        matrix, low, high = self.rows.matrix(self.columns), np.array(self.rows.low), np.array(self.rows.high)
        below, above = np.flatnonzero(np.isfinite(high)), np.flatnonzero(np.isfinite(low))
        answer = linprog(
            self._objective(terms),
            A_ub=vstack([matrix[below], -matrix[above]]),
            b_ub=np.concatenate([high[below], -low[above]]),
            bounds=np.column_stack([self.lower, self.upper]),
            method="highs",
        )
        if answer.status != 0:
            return {}
        rows = np.concatenate([below, above])
        return {int(row): -float(value) for row, value in zip(rows, answer.ineqlin.marginals, strict=True) if value}

    def _objective(self, terms: Iterable[tuple[int, float]]) -> np.ndarray:
        objective = np.zeros(self.columns)
        for column, value in terms:
            objective[column] = -value
        return objective
