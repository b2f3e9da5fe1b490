"""The chair's changes to what was counted, and the publishing of a round (N5)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit, jobs
from ksf.accounts.models import User
from ksf.steps import lock, take
from needs.lifecycle import NEED
from needs.models import KnowledgeNeed, NeedLevel
from needs.rounds.lifecycle import ROUND
from needs.rounds.models import (
    Candidate,
    ChairChange,
    Round,
)
from needs.rounds.notifications import notify_outcome
from needs.rounds.reading.tables import ResultRow, final_places, rows
from needs.rounds.rules.result import Move, moved, ranks_in

HEIGHT = {NeedLevel.NONE: 0, NeedLevel.CLUSTER: 1, NeedLevel.REGION: 2, NeedLevel.NATION: 3}


@transaction.atomic
def change_order(round_: Round, *, candidate: Candidate, to_rank: int, reason: str, by: User) -> ChairChange:
    """The chair gives a candidate another rank after the count, for a reason everybody can read."""
    locked = _counted(round_, by=by)
    ranks = ranks_in(final_places(locked))
    if candidate.pk not in ranks or not 1 <= to_rank <= len(ranks):
        raise ValidationError({"to_rank": _("Choose a place from 1 to %(n)d.") % {"n": len(ranks)}})
    before = ranks[candidate.pk]
    if before.rank == to_rank and not before.is_shared:
        raise ValidationError({"to_rank": _("The need has this place already.")})
    after = ranks_in(moved(final_places(locked), [Move(candidate.pk, to_rank)]))
    if after[candidate.pk].rank != to_rank:
        text = _("Place %(n)d is within a place that is shared. Choose the place before or after those who share it.")
        raise ValidationError({"to_rank": text % {"n": to_rank}})
    change = ChairChange.objects.create(
        round=locked, candidate=candidate, from_rank=before.rank, to_rank=to_rank, reason=reason, made_by=by
    )
    audit.record("round.changed", locked, by=by, need=candidate.need_id, before=before.rank, after=to_rank, note=reason)
    return change


@transaction.atomic
def publish(round_: Round, *, prioritised: int, by: User) -> Round:
    """Publish the result: the first ``prioritised`` are prioritised, and every submitter is notified of the outcome.

    Ties on the border are included. A need is moved to prioritised where the one who publishes handles it and it is in
    assessment; the level it has reached is raised to the round's. The minutes are sealed after the transaction.
    """
    locked = _counted(round_, by=by)
    found = rows(locked)
    _check_prioritised(prioritised, locked, most=len(found))
    published = take(ROUND, "publish", locked, by=by, prioritised=prioritised, published_at=timezone.now())
    _lock_needs(found)
    for row in found:
        is_up = row.place.rank <= prioritised
        _rank(published, row, is_up=is_up, by=by)
    notify_outcome(published, found)
    jobs.request(
        "needs.round_minutes",
        by=by,
        title=published.title,
        subject=published,
        key=f"needs.round_minutes:{published.pk}",
        next_url=published.get_absolute_url(),
    )
    return published


def _check_prioritised(prioritised: int, round_: Round, *, most: int) -> None:
    if not 0 <= prioritised <= most:
        raise ValidationError({"prioritised": _("Choose a number from 0 to %(n)d.") % {"n": most}})
    if prioritised and not (round_.result or {}).get("cast"):
        text = _("Nobody has cast a ballot, so there is no order to prioritise by. Write 0.")
        raise ValidationError({"prioritised": text})


def _lock_needs(found: Iterable[ResultRow]) -> None:
    """Lock what stands, and what it has been merged into, in the order in which merging locks."""
    needs = {need.pk for row in found for need in (row.candidate.need, row.candidate.need.heir)}
    list(KnowledgeNeed.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=needs))


def _rank(round_: Round, row: ResultRow, *, is_up: bool, by: User) -> None:
    """Write down how the candidate fared; what has been merged since lifts the need that took it in."""
    need = lock(row.candidate.need.heir)
    if is_up:
        if NEED.allows("prioritise", need, by=by):
            need = take(NEED, "prioritise", need, by=by, note=round_.title)
        if HEIGHT[NeedLevel(round_.level)] > HEIGHT[NeedLevel(need.level)]:
            before, need.level = need.level, NeedLevel(round_.level)
            need.save(update_fields=["level"])
            audit.record("need.lift", need, by=by, round=round_.pk, level_before=before, level=round_.level)
    fared = {"round": round_.pk, "title": round_.title, "rank": row.place.rank, "is_prioritised": is_up}
    audit.record("need.ranked", row.candidate.need, by=by, **fared)
    if need != row.candidate.need and not round_.candidates.filter(need=need).exists():
        audit.record("need.ranked", need, by=by, **fared)


def _counted(round_: Round, *, by: User) -> Round:
    locked = lock(round_)
    ROUND.check("publish", locked, by=by)
    if locked.result is None:
        raise ValidationError(_("The ballots are still being counted."))
    return locked
