"""The result as pages and minutes show it: one row per candidate, in the order that stands."""

from dataclasses import dataclass
from typing import Any

from needs.rounds.models import Candidate, Method, Round
from needs.rounds.rules.result import Move, Places, Rank, moved, ranks_in
from regions.models import Size


@dataclass(frozen=True)
class ResultRow:
    """A candidate: where it stands, its points, and its rank by the other ways of counting."""

    candidate: Candidate
    place: Rank
    counted: Rank
    points: float
    by_points: Rank
    by_pairs: Rank
    by_size: list[Rank | None]

    @property
    def differs(self) -> bool:
        """Whether the two methods rank it differently."""
        return self.by_points != self.by_pairs


@dataclass(frozen=True)
class SizeGroup:
    label: Any
    eligible: int
    cast: int


def counted_places(round_: Round) -> Places:
    """The order by the published method, before the chair's changes. The round has a result."""
    return _result(round_)["orders"][round_.method]


def final_places(round_: Round) -> Places:
    """The order that stands, with the chair's changes."""
    return moved(counted_places(round_), [Move(row.candidate_id, row.to_rank) for row in round_.changes.all()])


def size_groups(round_: Round) -> list[SizeGroup]:
    """How many municipalities of each size took part, small first."""
    sizes = _result(round_)["sizes"]
    return [SizeGroup(Size(size).label, sizes[size]["eligible"], sizes[size]["cast"]) for size in Size.values]


def rows(round_: Round) -> list[ResultRow]:
    """The candidates in the order that stands."""
    result = _result(round_)
    final, counted = ranks_in(final_places(round_)), ranks_in(counted_places(round_))
    by = {method: ranks_in(result["orders"][method]) for method in Method.values}
    sizes = [result["sizes"][size]["orders"].get(round_.method) for size in Size.values]
    by_size = [ranks_in(order) if order else {} for order in sizes]
    found = [
        ResultRow(
            candidate=candidate,
            place=final[candidate.pk],
            counted=counted[candidate.pk],
            points=result["points"][str(candidate.pk)],
            by_points=by[Method.BORDA][candidate.pk],
            by_pairs=by[Method.SCHULZE][candidate.pk],
            by_size=[group.get(candidate.pk) for group in by_size],
        )
        for candidate in round_.candidates.select_related("need__municipality", "need__merged_into")
    ]
    return sorted(found, key=lambda row: (row.place.rank, row.candidate.order, row.candidate.pk))


@dataclass(frozen=True)
class OtherMethod:
    """What the method that was not chosen would have prioritised, before the chair's changes."""

    label: Any
    instead: list[Candidate]
    left_out: list[Candidate]


def other_method(round_: Round, found: list[ResultRow]) -> OtherMethod | None:
    """As many from the top by the other method, ties included; None before it is settled how many."""
    if not round_.prioritised:
        return None
    is_points = round_.method == Method.BORDA
    chosen = {row.candidate for row in found if row.counted.rank <= round_.prioritised}
    other = {
        row.candidate for row in found if (row.by_pairs if is_points else row.by_points).rank <= round_.prioritised
    }
    in_order = [row.candidate for row in found]
    return OtherMethod(
        (Method.SCHULZE if is_points else Method.BORDA).label,
        [one for one in in_order if one in other - chosen],
        [one for one in in_order if one in chosen - other],
    )


def is_up(round_: Round, row: ResultRow) -> bool:
    """Whether the row is among those the published round prioritises."""
    return round_.prioritised is not None and row.place.rank <= round_.prioritised


def _result(round_: Round) -> dict[str, Any]:
    if round_.result is None:
        raise ValueError(f"Round {round_.pk} has not been counted.")
    return round_.result
