"""From the rows of a closed round to its result."""

from typing import Any

from django.db.models import Count

from needs.rounds.models import Ballot, Round
from needs.rounds.rules.result import Cast, compute
from regions.models import Size


def count(round_: Round) -> dict[str, Any]:
    """The result of the ballots as they stand, by every method and by size group. Writes nothing."""
    ballots = Ballot.objects.filter(participant__round=round_).select_related("participant").prefetch_related("lines")
    rows = dict(round_.participants.order_by().values_list("size").annotate(Count("pk")))
    return compute(
        list(round_.candidates.values_list("pk", flat=True)),
        [Cast(ballot.participant.size, ballot.order) for ballot in ballots.order_by("pk")],
        eligible={size: rows.get(size, 0) for size in Size.values},
    )
