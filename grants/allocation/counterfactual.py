"""What would have given an application more (G7): found by solving the changed call, not guessed."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from grants.allocation.optimum import solve
from grants.allocation.problem import Problem, Result
from grants.allocation.reasons import Reason

#: Scores are tried in hundredths, up to the top of the scale or the highest score given.
_HUNDREDTH = Decimal("0.01")
_TOP_SCORE = Decimal(7)


def what_would_change(problem: Problem, result: Result, application_id: str) -> tuple[Reason, ...]:
    """The lowest score, and a pot, with which the application would have got more, all else being the same.

    Solves the call some twenty times, so it is for a background job. What an application gets never falls when its
    own score rises, so the score is the lowest there is; the pot is one that is enough where one step less is not.
    """
    application = problem.application(application_id)
    now = result.award(application_id).amount
    if now >= sum(request.asked - request.asked % problem.step for request in application.requests):
        return (Reason("nothing_more"),)
    return (_score(problem, application_id, now), _pot(problem, application_id, now))


def _score(problem: Problem, application_id: str, now: int) -> Reason:
    application = problem.application(application_id)
    top = max(_TOP_SCORE, *(one.score for one in problem.applications))

    def amount(hundredths: int) -> int:
        changed = replace(application, score=hundredths * _HUNDREDTH)
        others = tuple(changed if one.id == application_id else one for one in problem.applications)
        return _amount(replace(problem, applications=others), application_id)

    low, high = int(application.score / _HUNDREDTH), int(top / _HUNDREDTH)
    found = _first_above(amount, low, high, now)
    if found is None:
        return Reason("no_score_helps", {"score": top})
    hundredths, reached = found
    return Reason("needs_score", {"score": hundredths * _HUNDREDTH, "now": application.score, "amount": reached})


def _pot(problem: Problem, application_id: str, now: int) -> Reason:
    step = problem.step
    base = problem.pot // step
    wanted = sum(one.asked for one in problem.applications) // step

    def amount(steps: int) -> int:
        return _amount(replace(problem, pot=steps * step), application_id)

    found = _first_above(amount, base, max(base, wanted), now)
    if found is None:
        return Reason("no_pot_helps")
    steps, reached = found
    return Reason("needs_pot", {"pot": steps * step, "more": steps * step - problem.pot, "amount": reached})


def _amount(problem: Problem, application_id: str) -> int:
    return solve(problem).award(application_id).amount


def _first_above(amount: Callable[[int], int], low: int, high: int, now: int) -> tuple[int, int] | None:
    """A place between low (where it is `now`) and high where the amount first is more, by halving."""
    reached = amount(high) if high > low else now
    if reached <= now:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        here = amount(middle)
        if here > now:
            high, reached = middle, here
        else:
            low = middle
    return high, reached
