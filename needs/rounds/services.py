"""What is done with a round, by those who run it and by the municipalities (N5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit, jobs
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.steps import lock, take
from needs.lifecycle import NEED
from needs.models import KnowledgeNeed
from needs.models import Level as NeedLevel
from needs.rounds.candidates import eligible_municipalities, eligible_needs, rounds_below, standing_needs
from needs.rounds.lifecycle import ACTS, ROUND, RUN
from needs.rounds.models import (
    FEWEST_CANDIDATES,
    MOST_CANDIDATES,
    Ballot,
    BallotLine,
    Candidate,
    ChairChange,
    Level,
    Participant,
    Round,
)
from needs.rounds.notifications import tell_opened, tell_outcome
from needs.rounds.result import Move, moved, standings
from needs.rounds.tables import Row, final_places, rows

HEIGHT = {NeedLevel.NONE: 0, NeedLevel.CLUSTER: 1, NeedLevel.REGION: 2, NeedLevel.NATION: 3}


def scopes_of(user: Actor) -> dict[Level, frozenset[int]]:
    """The clusters and regions ``user`` may set up rounds in; the nation as an empty set when they may."""
    found = {
        Level.CLUSTER: user.cluster_ids(Role.CLUSTER_COORDINATOR),
        Level.REGION: user.region_ids(Role.REGIONAL_COORDINATOR),
    }
    return {level: ids for level, ids in found.items() if ids} | (
        {Level.NATION: frozenset()} if user.is_national else {}
    )


@transaction.atomic
def create_round(
    *, title: str, level: str, scope: int | None, criteria: str, method: str, closes_at: datetime, by: User
) -> Round:
    """A draft round in the cluster or region with id ``scope``, or in the nation. Raises PermissionDenied."""
    where = {f"{level}_id": scope} if level != Level.NATION else {}
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
    ACTS.check("discard", locked, by=by)
    audit.record("round.discard", locked, by=by, title=locked.title)
    locked.delete()


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
    ranks = standings(final_places(source))
    first_ones = source.candidates.select_related("need__merged_into")
    lifted = sorted((ranks[row.pk].rank, row.need.heir.pk) for row in first_ones if ranks[row.pk].rank <= first)
    best = {need: rank for rank, need in reversed(lifted)}
    standing = set(standing_needs().filter(pk__in=best).values_list("pk", flat=True))
    added = _stand(locked, [(need, source.pk, best[need]) for need in reversed(best) if need in standing])
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
    """Open for ballots: who may take part is written down as it is now, and their R&D contacts are told.

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
    tell_opened(opened)
    return opened


@transaction.atomic
def cast_ballot(participant: Participant, *, order: Sequence[int], by: User) -> Ballot:
    """Cast the municipality's ballot, or replace it: candidates' ids, best first; those left out come last, together.

    Raises PermissionDenied for others than its R&D contact, ValidationError when the round takes no ballots (any more)
    or the ballot names nobody, somebody twice or one who does not stand.
    """
    if not by.has_perm("needs.cast_ballot", participant):
        raise PermissionDenied("needs.cast_ballot")
    round_ = lock(participant.round)
    if not round_.takes_ballots:
        raise ValidationError(_("The round is closed. The ballot was not received in time."), code="late")
    standing = set(round_.candidates.values_list("pk", flat=True))
    if not order or len(set(order)) != len(order) or not standing.issuperset(order):
        raise ValidationError(_("A ballot names at least one candidate, and each only once."))
    ballot, is_new = Ballot.objects.update_or_create(
        participant=participant, defaults={"cast_by": by, "cast_at": timezone.now()}
    )
    ballot.lines.all().delete()
    BallotLine.objects.bulk_create(
        BallotLine(ballot=ballot, candidate_id=candidate, place=place) for place, candidate in enumerate(order, 1)
    )
    audit.record("round.ballot", round_, by=by, municipality=participant.municipality_id, is_new=is_new)
    return ballot


@transaction.atomic
def change_order(round_: Round, *, candidate: Candidate, to_rank: int, reason: str, by: User) -> ChairChange:
    """The chair gives a candidate another rank after the count, for a reason everybody can read."""
    locked = _counted(round_, by=by)
    ranks = standings(final_places(locked))
    if candidate.pk not in ranks or not 1 <= to_rank <= len(ranks):
        raise ValidationError({"to_rank": _("Choose a place from 1 to %(n)d.") % {"n": len(ranks)}})
    before = ranks[candidate.pk]
    if before.rank == to_rank and not before.is_shared:
        raise ValidationError({"to_rank": _("The need has this place already.")})
    after = standings(moved(final_places(locked), [Move(candidate.pk, to_rank)]))
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
    """Publish the result: the first ``prioritised`` are prioritised, and every submitter is told the outcome.

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
    tell_outcome(published, found)
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


def _lock_needs(found: Iterable[Row]) -> None:
    """Lock what stands, and what it has been merged into, in the order in which merging locks."""
    needs = {need.pk for row in found for need in (row.candidate.need, row.candidate.need.heir)}
    list(KnowledgeNeed.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=needs))


def _rank(round_: Round, row: Row, *, is_up: bool, by: User) -> None:
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
