"""The optimal allocation, in lexicographic order of aims, proven (G7). See ``docs/allocation.md``."""

from grants.allocation.explain import result_of
from grants.allocation.network import Distribution
from grants.allocation.problem import AllocationResult, Problem
from grants.allocation.search import STAGES, Progress, Search
from grants.allocation.units import in_units


def solve(problem: Problem, progress: Progress | None = None) -> AllocationResult:
    """The proven best allocation; the same, byte for byte, whatever the order of the input's lists.

    ``progress`` is called with 1 to ``STAGES`` as regions, money, municipalities, ties and shares are taken up.
    ``optimal`` is false only when the search met its limits; the allocation is within every cap even then.
    """
    units = in_units(problem)
    search = Search(units, progress or _silent)
    search.run()
    search.progress(STAGES)
    distribution = Distribution(units, sorted(search.best.numbers))
    distribution.reach()
    distribution.settle()
    shares: dict[str, dict[str, int]] = {application.id: {} for application in problem.applications}
    for number in distribution.numbers:
        shares[units.items[number].application.id] = {
            units.municipalities[municipality]: steps * problem.step
            for municipality, steps in distribution.shares(number).items()
        }
    return result_of(problem, shares, optimal=search.proven)


def _silent(_stage: int) -> None:
    """Nobody wants to know."""
