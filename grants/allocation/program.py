"""A mixed integer program for HiGHS: columns and rows by number, always maximised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

INFINITE = highspy.kHighsInf

#: Columns and their weights.
Terms = Iterable[tuple[int, float]]

_NODE_LIMIT = 5_000
_OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "mip_rel_gap": 0.0,
    "mip_max_nodes": _NODE_LIMIT,
    # The searches for a first answer cost more than the proof once a good set is known, and one always is.
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_allow_restart": False,
    "mip_allow_cut_separation_at_nodes": False,
    # Trying branches out before choosing one costs more than a few more branches.
    "mip_pscost_minreliable": 1,
}


@dataclass(frozen=True)
class Solution:
    """The best values found by column, and a bound that nothing exceeds; no values when there are none.

    ``proven`` is false when the search met its limit; ``nodes`` is how long it was.
    """

    values: Sequence[float] | None
    bound: float
    proven: bool
    nodes: int


class Program:
    """Columns first, then rows; a row added later can be dropped again."""

    def __init__(self) -> None:
        self.highs = highspy.Highs()
        for name, value in _OPTIONS.items():
            self.highs.setOptionValue(name, value)
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integers: list[int] = []
        self.rows = 0
        self.waiting: list[tuple[list[tuple[int, float]], float, float]] = []

    def column(self, upper: float, *, integer: bool = False) -> int:
        """A new column from 0 to ``upper``; its number."""
        self.lower.append(0.0)
        self.upper.append(upper)
        if integer:
            self.integers.append(len(self.lower) - 1)
        return len(self.lower) - 1

    def row(self, terms: Terms, low: float = -INFINITE, high: float = INFINITE) -> int:
        """A new row ``low <= terms <= high``; its number."""
        self.waiting.append((list(terms), low, high))
        self.rows += 1
        return self.rows - 1

    def drop(self, first: int) -> None:
        """Take away that row and all after it."""
        self._send()
        numbers = np.arange(first, self.rows, dtype=np.int32)
        self.highs.deleteRows(len(numbers), numbers)
        self.rows = first

    def bound(self, column: int, lower: float, upper: float) -> None:
        """Keep the column between these."""
        self.lower[column], self.upper[column] = lower, upper
        if self.highs.numVariables > column:
            self.highs.changeColBounds(column, lower, upper)

    def maximise(self, terms: Terms, start: Mapping[int, float]) -> Solution:
        """The greatest sum of the terms; ``start`` gives the integers of an answer known to be possible, if any."""
        highs = self.highs
        self._aim(terms)
        highs.setOptionValue("solve_relaxation", False)
        if start:
            highs.setSolution(len(start), np.array(list(start), np.int32), np.array(list(start.values()), float))
        highs.run()
        status, info = highs.getModelStatus(), highs.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Solution(None, -INFINITE, proven=True, nodes=info.mip_node_count)
        proven = status == highspy.HighsModelStatus.kOptimal
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = highs.getSolution().col_value if found else None
        return Solution(values, info.mip_dual_bound, proven=proven and found, nodes=info.mip_node_count)

    def relax(self, terms: Terms) -> tuple[Sequence[float], Sequence[float]] | None:
        """Of the linear relaxation: the value of each column and what one more on each row's bound brings.

        Nothing when the relaxation has no answer.
        """
        highs = self.highs
        self._aim(terms)
        highs.setOptionValue("solve_relaxation", True)
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = highs.getSolution()
        return solution.col_value, solution.row_dual

    def _aim(self, terms: Terms) -> None:
        self._send()
        costs = np.zeros(len(self.lower))
        for column, value in terms:
            costs[column] = value
        self.highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def _send(self) -> None:
        """Give HiGHS the columns, once, and the rows it has not got."""
        highs, none = self.highs, np.array([], np.int32)
        count = len(self.lower)
        if not highs.numVariables and count:
            lower, upper = np.array(self.lower), np.array(self.upper)
            highs.addCols(count, np.zeros(count), lower, upper, 0, none, none, np.array([]))
            kinds = np.full(len(self.integers), int(highspy.HighsVarType.kInteger), np.uint8)
            highs.changeColsIntegrality(len(self.integers), np.array(self.integers, np.int32), kinds)
        if self.waiting:
            starts = np.cumsum([0, *(len(terms) for terms, _, _ in self.waiting)], dtype=np.int32)
            flat = [term for terms, _, _ in self.waiting for term in terms]
            low = np.array([low for _, low, _ in self.waiting])
            high = np.array([high for _, _, high in self.waiting])
            columns = np.array([column for column, _ in flat], np.int32)
            values = np.array([value for _, value in flat], float)
            highs.addRows(len(self.waiting), low, high, len(flat), starts[:-1], columns, values)
            self.waiting = []
