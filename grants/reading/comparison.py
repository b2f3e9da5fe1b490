"""Scenarios side by side: figures of each, and application by application (G8). Amounts in kroner."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from grants.allocation.problem import SMALL
from grants.models import Application, ApplicationMember, Line, Scenario, ScenarioKind
from grants.reading import wording

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Segment:
    """One award's part of the pot, in per cent from the left, as SVG writes numbers."""

    x: str
    width: str
    css: str


class ScenarioOutcome:
    """What a scenario gives, with staff's own changes: its figures and its lines by application id."""

    def __init__(self, scenario: Scenario, lines: Iterable[Line], letter: str = "") -> None:
        self.scenario, self.letter = scenario, letter
        self.lines = {line.application_id: line for line in lines}
        self.pot: int = scenario.parameters["pot"]
        self.cap: int = scenario.parameters["cap_per_municipality"]

    @cached_property
    def funded(self) -> list[Line]:
        return [line for line in self.lines.values() if line.final_amount]

    @property
    def principle(self) -> str:
        """How it divides the money (G7, G8)."""
        if self.scenario.kind == ScenarioKind.OPTIMUM:
            return _(
                "At least one cluster in each region, then the highest score times amount, then the most small "
                "municipalities."
            )
        return _(
            "The full amount by score until the pot is empty. Applications that cannot get their least amount are "
            "passed over."
        )

    @property
    def total(self) -> int:
        return sum(line.final_amount for line in self.funded)

    @property
    def left(self) -> int:
        return self.pot - self.total

    @property
    def regions(self) -> int:
        return len({line.application.cluster.lead_region_id for line in self.funded})

    @property
    def regions_in_all(self) -> int:
        return len(self.scenario.input["regions"])

    @cached_property
    def municipalities(self) -> set[str]:
        """Numbers of those that get a share."""
        return {share["municipality"] for line in self.funded for share in line.final_shares}

    @property
    def small(self) -> int:
        few = {row["id"] for row in self.scenario.input["municipalities"] if row["population"] < SMALL}
        return len(self.municipalities & few)

    @property
    def changed_lines(self) -> int:
        return sum(line.is_overridden for line in self.lines.values())

    def segments(self) -> Iterator[Segment]:
        """The bar: one part for each award, in the order of the lines."""
        whole = max(self.pot, self.total, 1)
        amounts = [line.final_amount for line in self.funded]
        starts = [0, *accumulate(amounts)]
        for place, (start, amount) in enumerate(zip(starts, amounts, strict=False)):
            yield Segment(f"{100 * start / whole:.2f}", f"{100 * amount / whole:.2f}", f"b{1 + place % 2}")


@dataclass(frozen=True)
class Comparison:
    """One application in A and B. ``difference`` is A less B, None where B is missing."""

    application: Application
    mine: Line | None
    other: Line | None
    size: tuple[int, int]
    names: dict[str, str]

    @property
    def line(self) -> Any:
        return self.mine or self.other

    @property
    def asked(self) -> int:
        return self.application.asked

    @property
    def difference(self) -> int | None:
        if self.mine is None or self.other is None:
            return None
        return self.mine.final_amount - self.other.final_amount

    @property
    def is_equal(self) -> bool:
        return self.difference == 0

    @property
    def more(self) -> int:
        return max(self.difference or 0, 0)

    @property
    def less(self) -> int:
        return max(-(self.difference or 0), 0)

    @property
    def why(self) -> str:
        return wording.why(self.mine.reason, self.names) if self.mine else ""

    @property
    def changes(self) -> list[str]:
        return wording.what_would_change(self.mine.reason, self.names) if self.mine else []


def outcomes(scenarios: Sequence[Scenario]) -> list[ScenarioOutcome]:
    """The scenarios' outcomes with letters in their order; one query for all lines."""
    lines: dict[int, list[Line]] = {scenario.pk: [] for scenario in scenarios}
    found = Line.objects.filter(scenario__in=lines).select_related("application__cluster__lead_region")
    for line in found:
        lines[line.scenario_id].append(line)
    return [ScenarioOutcome(one, lines[one.pk], LETTERS[place % 26]) for place, one in enumerate(scenarios)]


def compare(mine: ScenarioOutcome, other: ScenarioOutcome | None) -> list[Comparison]:
    """Every application of either, by score; asked sums and names come from what was computed."""
    lines = {**(other.lines if other else {}), **mine.lines}
    clusters = {line.application.number: line.application.cluster.name for line in lines.values()}
    names = clusters | _names_of_members(mine.scenario)
    return [
        Comparison(
            _with_asked(line.application, mine.scenario.input),
            mine.lines.get(pk),
            other.lines.get(pk) if other else None,
            _size(line.application, mine.scenario.input),
            names,
        )
        for pk, line in sorted(lines.items(), key=lambda row: (-(row[1].score or 0), row[1].application.number))
    ]


def _names_of_members(scenario: Scenario) -> dict[str, str]:
    members = ApplicationMember.objects.filter(application__lines__scenario=scenario).order_by().distinct()
    return dict(members.values_list("municipality__number", "municipality__name"))


def _requests(application: Application, data: dict[str, Any]) -> list[dict[str, Any]]:
    return next((row["requests"] for row in data["applications"] if row["id"] == application.number), [])


def _with_asked(application: Application, data: dict[str, Any]) -> Application:
    application.asked = sum(row["asked"] for row in _requests(application, data))
    return application


def _size(application: Application, data: dict[str, Any]) -> tuple[int, int]:
    """How many municipalities ask, and how many of them are small."""
    few = {row["id"] for row in data["municipalities"] if row["population"] < SMALL}
    asking = {row["municipality"] for row in _requests(application, data)}
    return len(asking), len(asking & few)
