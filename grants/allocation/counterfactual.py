"""What would have given an application more (G7): found by solving the changed call, not guessed."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

from grants.allocation.optimum import solve
from grants.allocation.problem import AllocationResult, ApplicationInput, Problem
from grants.allocation.reasons import Reason

#: Scores are tried in hundredths, up to the top of the scale or the highest score given.
_HUNDREDTH = Decimal("0.01")
_TOP_SCORE = Decimal(7)


def what_would_change(problem: Problem, result: AllocationResult, application_id: str) -> tuple[Reason, ...]:
    """What :class:`Changes` says of one application."""
    return Changes(problem, result).of(application_id)


class Changes:
    """The lowest score, and a pot, with which each application would have got more, all else being the same.

    ``result`` is the optimum of the call. Solves some ten changed calls for each application, fewer when asked about
    several, since they share the pots tried; so it is for a background job.
    """

    def __init__(self, problem: Problem, result: AllocationResult) -> None:
        self.problem = problem
        self.result = result
        self.with_pot: dict[int, AllocationResult] = {}

    def of(self, application_id: str) -> tuple[Reason, ...]:
        """Two reasons, on the score and on the pot; one when the application got all it asked for."""
        application = self.problem.application(application_id)
        now = self.result.award(application_id).amount
        if now >= sum(request.asked - request.asked % self.problem.step for request in application.requests):
            return (Reason("nothing_more"),)
        return (self._score(application, now), self._pot(application, now))

    def _score(self, application: ApplicationInput, now: int) -> Reason:
        """The lowest score: what an application gets never falls when its own score rises.

        What each allocation is worth is a line over the score. Where the line of one that gives more crosses the
        line of the present one is the next score to try.
        """
        problem = self.problem
        top = max(_TOP_SCORE, *(one.score for one in problem.applications))
        base = self._rest(self.result, application, application.score)
        found: dict[int, AllocationResult] = {}

        def amount(hundredths: int) -> int:
            changed = replace(application, score=hundredths * _HUNDREDTH)
            others = tuple(changed if one.id == application.id else one for one in problem.applications)
            found[hundredths] = solve(replace(problem, applications=others))
            return found[hundredths].award(application.id).amount

        def crossing(hundredths: int, reached: int) -> int:
            rest = self._rest(found[hundredths], application, hundredths * _HUNDREDTH)
            return ceil((base - rest) / (reached - now) / Fraction(_HUNDREDTH))

        low, high = int(application.score / _HUNDREDTH), int(top / _HUNDREDTH)
        reached = amount(high) if high > low else now
        if reached <= now:
            return Reason("no_score_helps", {"score": top})
        hundredths, reached = _first_above(amount, now, low, (high, reached), crossing)
        return Reason("needs_score", {"score": hundredths * _HUNDREDTH, "now": application.score, "amount": reached})

    def _rest(self, result: AllocationResult, application: ApplicationInput, score: Decimal) -> Fraction:
        """The sum of score × amount of the other applications."""
        mine = Fraction(score) * result.award(application.id).amount
        return Fraction(result.objective.score_amount) - mine

    def _pot(self, application: ApplicationInput, now: int) -> Reason:
        """A pot that is enough where one step less is not: more money can change the whole set."""
        step = self.problem.step
        base = self.problem.pot // step
        top = max(base, sum(one.asked for one in self.problem.applications) // step)
        least = max(-(-application.least // step), now // step + 1)

        def amount(steps: int) -> int:
            if steps not in self.with_pot:
                self.with_pot[steps] = solve(replace(self.problem, pot=steps * step))
            return self.with_pot[steps].award(application.id).amount

        def to_spare(steps: int, reached: int) -> int:
            return steps - max(1, reached // step - least)

        if amount(top) <= now:
            return Reason("no_pot_helps")
        low, more = base, max(1, least - now // step - self.result.left // step)
        while base + more < top and amount(base + more) <= now:
            low, more = base + more, 2 * more
        high = min(base + more, top)
        steps, reached = _first_above(amount, now, low, (high, amount(high)), to_spare)
        return Reason("needs_pot", {"pot": steps * step, "more": steps * step - self.problem.pot, "amount": reached})


def _first_above(
    amount: Callable[[int], int], now: int, low: int, found: tuple[int, int], guess: Callable[[int, int], int]
) -> tuple[int, int]:
    """A place above low (where it is `now`) and up to the one found where it first is more; with how much.

    ``guess`` tells from a place where it is more, and how much, where that might begin. Every other try halves.
    """
    high, reached = found
    guessing = True
    while high - low > 1:
        middle = min(max(guess(high, reached), low + 1), high - 1) if guessing else (low + high) // 2
        here = amount(middle)
        guessing = not guessing
        if here > now:
            high, reached = middle, here
        else:
            low = middle
    return high, reached
