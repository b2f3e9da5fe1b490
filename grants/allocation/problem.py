"""What an allocation is computed from and what comes out (G7). Amounts are whole kroner, scores exact decimals."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.allocation.reasons import Reason, english

#: A municipality with fewer inhabitants than this is small.
SMALL = 5000


@dataclass(frozen=True)
class RegionInput:
    id: str
    has_established_cluster: bool


@dataclass(frozen=True)
class MunicipalityInput:
    id: str
    population: int

    @property
    def is_small(self) -> bool:
        return self.population < SMALL


@dataclass(frozen=True)
class AmountAsked:
    """What one municipality asks for in an application."""

    municipality: str
    asked: int


@dataclass(frozen=True)
class ApplicationInput:
    id: str
    region: str
    score: Decimal
    least: int
    requests: tuple[AmountAsked, ...]

    @property
    def asked(self) -> int:
        return sum(request.asked for request in self.requests)


@dataclass(frozen=True)
class Problem:
    """A call to allocate. Build it with :func:`grants.allocation.parse`, which checks it."""

    pot: int
    cap_per_municipality: int
    step: int
    regions: tuple[RegionInput, ...]
    municipalities: tuple[MunicipalityInput, ...]
    applications: tuple[ApplicationInput, ...]

    def application(self, application_id: str) -> ApplicationInput:
        """The application with that id. Raises ``KeyError`` when there is none."""
        for application in self.applications:
            if application.id == application_id:
                return application
        raise KeyError(application_id)


@dataclass(frozen=True)
class Share:
    municipality: str
    amount: int


@dataclass(frozen=True)
class AwardResult:
    """What one application gets; 0 and no shares when it is not funded."""

    application: str
    amount: int
    shares: tuple[Share, ...]
    reason: Reason


@dataclass(frozen=True)
class Objective:
    """The five aims, in their order of importance."""

    regions_without_cluster: int
    regions: int
    score_amount: Decimal
    small_municipalities: int
    municipalities: int

    def rank(self) -> tuple[int, int, Decimal, int, int]:
        """A key by which the better of two allocations is the greater."""
        return (
            self.regions_without_cluster,
            self.regions,
            self.score_amount,
            self.small_municipalities,
            self.municipalities,
        )


@dataclass(frozen=True)
class AllocationResult:
    """One award per application, ordered by application id; ``optimal`` only when it is proven."""

    awards: tuple[AwardResult, ...]
    objective: Objective
    optimal: bool
    left: int

    def award(self, application_id: str) -> AwardResult:
        """The award of an application. Raises ``KeyError`` when there is none."""
        for award in self.awards:
            if award.application == application_id:
                return award
        raise KeyError(application_id)

    def as_json(self) -> dict[str, Any]:
        """The result as `manage.py allocate` prints it; reasons are in English whatever the language in force."""
        return {
            "awards": [
                {
                    "application": award.application,
                    "amount": award.amount,
                    "shares": [{"municipality": share.municipality, "amount": share.amount} for share in award.shares],
                    "reason": english(award.reason),
                }
                for award in self.awards
            ],
            "objective": {
                "regions_without_cluster": self.objective.regions_without_cluster,
                "regions": self.objective.regions,
                "score_amount": as_number(self.objective.score_amount),
                "small_municipalities": self.objective.small_municipalities,
                "municipalities": self.objective.municipalities,
            },
            "optimal": self.optimal,
            "left": self.left,
        }


def as_number(exact: Decimal) -> int | float:
    """A JSON number: an integer when `exact` is whole, else the nearest double, exact as printed up to 15 digits."""
    return int(exact) if exact == exact.to_integral_value() else float(exact)
