"""The result of a distribution: checked against every rule, counted exactly, with a reason for each application."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from grants.allocation.problem import AllocationResult, ApplicationInput, AwardResult, Objective, Problem, Share
from grants.allocation.reasons import Reason
from grants.allocation.units import as_decimal

#: Application id to municipality id to kroner, without zeros.
Shares = Mapping[str, Mapping[str, int]]


def result_of(problem: Problem, shares: Shares, *, optimal: bool, ranked: bool = False) -> AllocationResult:
    """The result of giving these shares. Raises ``ArithmeticError`` when they break a rule, which is a defect."""
    check(problem, shares)
    given = Given(problem, shares)
    reason = given.reason_in_ranking if ranked else given.reason
    awards = [
        AwardResult(
            application.id,
            given.amount(application),
            tuple(Share(municipality, amount) for municipality, amount in sorted(shares[application.id].items())),
            reason(application),
        )
        for application in sorted(problem.applications, key=lambda application: application.id)
    ]
    return AllocationResult(tuple(awards), given.objective(), optimal, given.left)


def check(problem: Problem, shares: Shares) -> None:
    """Raise ``ArithmeticError`` unless the shares keep every limit of the call."""
    received: Counter[str] = Counter()
    for application in problem.applications:
        mine = shares[application.id]
        asked = {request.municipality: request.asked for request in application.requests}
        for municipality, amount in mine.items():
            if not 0 < amount <= asked[municipality] or amount % problem.step:
                raise ArithmeticError(f"{application.id}: {amount} is no share for {municipality}")
            received[municipality] += amount
        if mine and not application.least <= sum(mine.values()) <= application.asked:
            raise ArithmeticError(f"{application.id}: the award is outside its bounds")
    if received and max(received.values()) > problem.cap_per_municipality:
        raise ArithmeticError("a municipality gets more than the cap")
    if received.total() > problem.pot:
        raise ArithmeticError("more than the pot is given")


class Given:
    """What has been given to whom, and the questions the reasons ask about it."""

    def __init__(self, problem: Problem, shares: Shares) -> None:
        self.problem = problem
        self.shares = shares
        self.received: Counter[str] = Counter()
        for mine in shares.values():
            self.received.update(mine)
        self.left = problem.pot - self.received.total()
        self.funded = [application for application in problem.applications if shares[application.id]]
        self.funded_in_region = Counter(application.region for application in self.funded)

    def amount(self, application: ApplicationInput) -> int:
        return sum(self.shares[application.id].values())

    def objective(self) -> Objective:
        """The five aims, counted from the shares."""
        problem = self.problem
        without = {region.id for region in problem.regions if not region.has_established_cluster}
        small = {municipality.id for municipality in problem.municipalities if municipality.is_small}
        value = sum((Fraction(one.score) * self.amount(one) for one in self.funded), Fraction(0))
        return Objective(
            len(without & self.funded_in_region.keys()),
            len(self.funded_in_region),
            as_decimal(value),
            len(small & self.received.keys()),
            len(self.received),
        )

    def _steps(self, amount: int) -> int:
        return amount - amount % self.problem.step

    def _alone(self, application: ApplicationInput) -> int:
        """The most it could get if there were no other application and money enough."""
        cap = self._steps(self.problem.cap_per_municipality)
        return sum(min(self._steps(request.asked), cap) for request in application.requests)

    def _room(self, application: ApplicationInput) -> int:
        """The most a refused application could get under the caps beside what the others get."""
        cap = self._steps(self.problem.cap_per_municipality)
        return sum(
            min(self._steps(request.asked), cap - self.received[request.municipality])
            for request in application.requests
        )

    def _at_cap(self, application: ApplicationInput) -> list[str]:
        cap = self._steps(self.problem.cap_per_municipality)
        mine = self.shares[application.id]
        return sorted(
            request.municipality
            for request in application.requests
            if self.received[request.municipality] >= cap and mine.get(request.municipality, 0) < request.asked
        )

    def _least(self, application: ApplicationInput) -> int:
        step = self.problem.step
        return max(step, -(-application.least // step) * step)

    def reason(self, application: ApplicationInput) -> Reason:
        """Why the optimum gives the application what it gets."""
        if self.shares[application.id]:
            return self._reason_funded(application)
        return (
            self._reason_impossible(application)
            or self._reason_cap_used(application)
            or self._reason_pot_used(application)
        )

    def reason_in_ranking(self, application: ApplicationInput) -> Reason:
        """Why strict ranking gives the application what it gets."""
        if self.shares[application.id]:
            return self._reason_amount(application)
        room = min(self._room(application), self._steps(self.left))
        return self._reason_impossible(application) or Reason(
            "passed", {"room": room, "least": self._least(application)}
        )

    def _reason_funded(self, application: ApplicationInput) -> Reason:
        alone_in_region = self.funded_in_region[application.region] == 1
        if alone_in_region and self._is_ahead_of_better_elsewhere(application):
            return Reason("region", {"amount": self.amount(application), "asked": application.asked})
        return self._reason_amount(application)

    def _is_ahead_of_better_elsewhere(self, application: ApplicationInput) -> bool:
        return any(
            other.score > application.score and other.region != application.region and not self.shares[other.id]
            for other in self.problem.applications
        )

    def _reason_amount(self, application: ApplicationInput) -> Reason:
        amount, asked = self.amount(application), application.asked
        values = {"amount": amount, "asked": asked}
        if amount == asked:
            return Reason("full", {})
        if amount == sum(self._steps(request.asked) for request in application.requests):
            return Reason("rounded", {"step": self.problem.step, **values})
        at_cap = self._at_cap(application)
        if at_cap and (self.left >= self.problem.step or amount == self._alone(application)):
            cap = self.problem.cap_per_municipality
            return Reason("capped", {**values, "cap": cap, "municipalities": at_cap})
        return Reason("pot", values)

    def _reason_impossible(self, application: ApplicationInput) -> Reason | None:
        """Why it could not be funded even alone, if so."""
        problem, least, alone = self.problem, self._least(application), self._alone(application)
        if not any(request.asked >= problem.step for request in application.requests):
            return Reason("nothing_asked", {"step": problem.step})
        if alone < least:
            return Reason("least_above_cap", {"cap": problem.cap_per_municipality, "room": alone, "least": least})
        if least > problem.pot:
            return Reason("least_above_pot", {"least": least, "pot": problem.pot})
        return None

    def _reason_cap_used(self, application: ApplicationInput) -> Reason | None:
        room, least = self._room(application), self._least(application)
        if room >= least:
            return None
        cap = self.problem.cap_per_municipality
        held_back = sorted(
            request.municipality
            for request in application.requests
            if self.received[request.municipality] and request.asked > cap - self.received[request.municipality]
        )
        return Reason("cap_used", {"room": room, "cap": cap, "least": least, "municipalities": held_back})

    def _reason_pot_used(self, application: ApplicationInput) -> Reason:
        least = self._least(application)
        if self.left >= least:
            return Reason("not_chosen")
        lower = sorted(one.id for one in self.funded if one.score < application.score)
        if lower:
            return Reason("pot_used_better", {"left": self.left, "least": least, "applications": lower})
        return Reason("pot_used", {"left": self.left, "least": least})
