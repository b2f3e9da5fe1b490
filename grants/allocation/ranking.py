"""Strict ranking: what a committee without a computer would do, to compare the optimum with (G8)."""

from collections import Counter

from grants.allocation.explain import result_of
from grants.allocation.problem import AllocationResult, Problem
from grants.allocation.units import by_score


def strict_ranking(problem: Problem) -> AllocationResult:
    """Fund by score downwards (equal scores by id), each as fully as the money and the caps left allow.

    One that cannot reach its least amount at its place is passed over. Within an application small municipalities
    are served first, then by population and id. ``optimal`` is false: nothing is claimed.
    """
    step = problem.step
    order = {one.id: (not one.is_small, one.population, one.id) for one in problem.municipalities}
    left = problem.pot - problem.pot % step
    cap = problem.cap_per_municipality - problem.cap_per_municipality % step
    received: Counter[str] = Counter()
    shares: dict[str, dict[str, int]] = {}
    for application in sorted(problem.applications, key=by_score):
        money, mine = left, {}
        for request in sorted(application.requests, key=lambda request: order[request.municipality]):
            wanted = request.asked - request.asked % step
            amount = min(wanted, cap - received[request.municipality], money)
            if amount > 0:
                mine[request.municipality] = amount
                money -= amount
        shares[application.id] = mine if left - money >= application.least else {}
        received.update(shares[application.id])
        left -= sum(shares[application.id].values())
    return result_of(problem, shares, optimal=False, ranked=True)
