"""What is done with a round until it opens, by those who run it (N5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.steps import lock, take
from ksf.writing.services import earlier_of, keep_earlier
from needs.models import KnowledgeNeed
from needs.rounds.lifecycle import ACTIONS, ROUND, RUN
from needs.rounds.models import (
    FEWEST_CANDIDATES,
    MOST_CANDIDATES,
    Candidate,
    Participant,
    Round,
    RoundLevel,
)
from needs.rounds.notifications import notify_opened
from needs.rounds.reading.tables import final_places
from needs.rounds.rules.candidates import candidate_needs, eligible_municipalities, eligible_needs, rounds_below
from needs.rounds.rules.result import ranks_in


def scopes_of(user: Actor) -> dict[RoundLevel, frozenset[int]]:
    """The clusters and regions ``user`` may set up rounds in; the nation as an empty set when they may."""
    found = {
        RoundLevel.CLUSTER: user.cluster_ids(Role.CLUSTER_COORDINATOR),
        RoundLevel.REGION: user.region_ids(Role.REGIONAL_COORDINATOR),
    }
    return {level: ids for level, ids in found.items() if ids} | (
        {RoundLevel.NATION: frozenset()} if user.is_national else {}
    )


@transaction.atomic
def create_round(
    *, title: str, level: str, scope: int | None, criteria: str, method: str, closes_at: datetime, by: User
) -> Round:
    """A draft round in the cluster or region with id ``scope``, or in the nation. Raises PermissionDenied."""
    where = {f"{level}_id": scope} if level != RoundLevel.NATION else {}
    round_ = Round(
        title=title, level=level, criteria=criteria, method=method, closes_at=closes_at, created_by=by, **where
    )
    if not by.has_perm(RUN, round_):
        raise PermissionDenied(RUN)
    round_.save()
    audit.record("round.created", round_, by=by)
    return round_


@transaction.atomic
def edit_round(round_: Round, *, by: User, **values: Any) -> Round:
    """Change a draft. What is open stays as it was published."""
    locked = _draft(round_, by=by)
    changes = audit.changes_of(locked, values)
    if "criteria" in changes:
        criteria = (locked.criteria, values["criteria"])
        keep_earlier(locked, {"criteria": criteria}, by=by, begun_by=locked.created_by)
    for field, value in values.items():
        setattr(locked, field, value)
    locked.save(update_fields=list(values))
    if changes:
        audit.record("round.edited", locked, by=by, changes=changes)
    return locked


@transaction.atomic
def discard_round(round_: Round, *, by: User) -> None:
    """Delete a draft with its list of candidates; the needs stay, and the log keeps that it was there."""
    locked = lock(round_)
    ACTIONS.check("discard", locked, by=by)
    audit.record("round.discard", locked, by=by, title=locked.title)
    earlier = earlier_of(locked)
    locked.delete()
    earlier.delete()


@transaction.atomic
def add_candidates(round_: Round, *, needs: Iterable[KnowledgeNeed], by: User) -> int:
    """Let needs of the round's scope stand. Those that stand already are passed over. Returns how many are new."""
    locked = _draft(round_, by=by)
    allowed = set(eligible_needs(locked).filter(pk__in=[need.pk for need in needs]).values_list("pk", flat=True))
    return _stand(locked, [(need.pk, None, None) for need in needs if need.pk in allowed])


@transaction.atomic
def lift_candidates(round_: Round, *, source: Round, first: int, by: User) -> int:
    """Let the first ``first`` of a published list stand here, ties on the border included. Returns how many are new.

    Also those of members from outside the region come along: the list is the cluster's. For what has been merged since,
    that which took it in stands. Raises ValidationError for a list that does not lead here, or brings nothing.
    """
    locked = _draft(round_, by=by)
    if not rounds_below(locked).filter(pk=source.pk).exists():
        raise ValidationError(_("This list does not lead up to the round."))
    ranks = ranks_in(final_places(source))
    first_ones = source.candidates.select_related("need__merged_into")
    lifted = sorted((ranks[row.pk].rank, row.need.heir.pk) for row in first_ones if ranks[row.pk].rank <= first)
    best = {need: rank for rank, need in reversed(lifted)}
    candidates_below = set(candidate_needs().filter(pk__in=best).values_list("pk", flat=True))
    added = _stand(locked, [(need, source.pk, best[need]) for need in reversed(best) if need in candidates_below])
    if not added:
        text = _("None of these can be added: they stand here already, or are hidden, answered or being researched.")
        raise ValidationError({"first": text})
    return added


def _stand(round_: Round, new: Sequence[tuple[int, int | None, int | None]]) -> int:
    there = set(round_.candidates.values_list("need_id", flat=True))
    new = [row for row in new if row[0] not in there]
    if len(there) + len(new) > MOST_CANDIDATES:
        raise ValidationError(_("A round has at most %(n)d candidates.") % {"n": MOST_CANDIDATES})
    last = max(round_.candidates.values_list("order", flat=True), default=0)
    Candidate.objects.bulk_create(
        Candidate(round=round_, need_id=need, order=last + place, from_round_id=source, from_rank=rank)
        for place, (need, source, rank) in enumerate(new, 1)
    )
    return len(new)


@transaction.atomic
def remove_candidate(candidate: Candidate, *, by: User) -> None:
    """Take a candidate out of a draft."""
    _draft(candidate.round, by=by)
    candidate.delete()


def _draft(round_: Round, *, by: User) -> Round:
    locked = lock(round_)
    ROUND.check("open", locked, by=by)
    return locked


@transaction.atomic
def open_round(round_: Round, *, by: User) -> Round:
    """Open for ballots: who may take part is written down as it is now, and their R&D contacts are notified.

    Raises ValidationError with too few candidates, or a deadline that has passed.
    """
    locked = _draft(round_, by=by)
    if locked.candidates.count() < FEWEST_CANDIDATES:
        raise ValidationError(_("A round needs at least two candidates."))
    now = timezone.now()
    if locked.closes_at <= now:
        raise ValidationError(_("The deadline has passed. Set a new one first."))
    municipalities = list(eligible_municipalities(locked))
    if not municipalities:
        raise ValidationError(_("No municipality can take part in this round."))
    Participant.objects.bulk_create(Participant(round=locked, municipality=m, size=m.size) for m in municipalities)
    opened = take(ROUND, "open", locked, by=by, opens_at=now)
    notify_opened(opened)
    return opened
