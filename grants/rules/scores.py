"""From scores on criteria to one number per application, in exact arithmetic (G6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from grants.lifecycle import ReviewState
from grants.models import Call, Criterion, JointScore, Score


@dataclass(frozen=True)
class ScoreSummary:
    """An application's scores: the mean of its reviewers' weighted scores, and how far apart they are.

    ``reviewers`` is each handed-in review's weighted score by review id. ``joint`` is what the panel settled on some
    criteria: it takes the place of the reviewers' mean there.
    """

    score: Fraction | None = None
    reviewers: Mapping[int, Fraction] = field(default_factory=dict)
    criteria: Mapping[int, Fraction] = field(default_factory=dict)
    joint: frozenset[int] = frozenset()

    @property
    def spread(self) -> Fraction | None:
        """The distance between the highest and the lowest reviewer; None with fewer than two."""
        found = self.reviewers.values()
        return max(found) - min(found) if len(found) > 1 else None

    @property
    def is_wide(self) -> bool:
        """Whether the reviewers are two points or more apart, so that the panel should talk."""
        return self.spread is not None and self.spread >= WIDE

    @property
    def is_to_be_settled(self) -> bool:
        """Whether the panel should talk and has settled nothing yet."""
        return self.is_wide and not self.joint

    @property
    def spread_shown(self) -> str:
        return two_decimals(self.spread)

    @property
    def shown(self) -> str:
        """The score with two decimals, rounded half up, as it is written in decisions."""
        return two_decimals(self.score)


WIDE = 2


def two_decimals(value: Fraction | None) -> str:
    """``5,47``; nothing for None."""
    if value is None:
        return ""
    hundredths = (value.numerator * 200 + value.denominator) // (2 * value.denominator)
    return f"{hundredths // 100},{hundredths % 100:02}"


def weighted(points: Mapping[int, Fraction | int], weights: Mapping[int, int]) -> Fraction | None:
    """The mean of ``points`` by criterion weighted by per cent, or None while a criterion has none."""
    if not weights or weights.keys() - points.keys():
        return None
    return sum((Fraction(points[pk]) * weight for pk, weight in weights.items()), Fraction(0)) / sum(weights.values())


def summary_of(
    reviews: Mapping[int, Mapping[int, int]], weights: Mapping[int, int], joint: Mapping[int, int] | None = None
) -> ScoreSummary:
    """The summary of points by review and criterion, and the panel's own points by criterion."""
    joint = joint or {}
    each = {pk: score for pk, points in reviews.items() if (score := weighted(points, weights)) is not None}
    criteria = {pk: _mean(reviews[review][pk] for review in each) for pk in weights} if each else {}
    settled = {**criteria, **{pk: Fraction(points) for pk, points in joint.items() if pk in weights}}
    return ScoreSummary(weighted(settled, weights), each, settled, frozenset(joint))


def of_call(call: Call) -> dict[int, ScoreSummary]:
    """The summary of every application of the call that has a handed-in review or a settled score, by its id."""
    handed_in = Score.objects.filter(review__application__call=call, review__state=ReviewState.HANDED_IN)
    given = handed_in.order_by()
    settled = JointScore.objects.filter(application__call=call).order_by()
    weights = {criterion.pk: criterion.weight for criterion in call.criteria.all()}
    reviews: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for application, review, criterion, points in given.values_list(
        "review__application", "review", "criterion", "points"
    ):
        if points is not None:  # a criterion without points has no part in the mean
            reviews[application][review][criterion] = points
    joint: dict[int, dict[int, int]] = defaultdict(dict)
    for application, criterion, points in settled.values_list("application", "criterion", "points"):
        joint[application][criterion] = points
    return {pk: summary_of(reviews[pk], weights, joint[pk]) for pk in {*reviews, *joint}}


def by_criterion(call: Call, found: ScoreSummary) -> list[tuple[Criterion, str, bool]]:
    """Each criterion with its score as shown, and whether the panel has settled it."""
    criteria = call.criteria.select_related("award_criterion")
    return [(row, two_decimals(found.criteria.get(row.pk)), row.pk in found.joint) for row in criteria]


def _mean(values: Iterable[int]) -> Fraction:
    found = list(values)
    return Fraction(sum(found), len(found))
