"""The demo's priority rounds: one that is decided, and one in which ballots are awaited."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from demo.loading.log_entries import log_entry
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.audit.models import AuditEntry
from needs.lifecycle import NeedState
from needs.models import KnowledgeNeed
from needs.rounds.documents import seal_minutes
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Ballot, BallotLine, Candidate, ChairChange, Method, Participant, Round, RoundLevel
from needs.rounds.reading.tables import counted_places, final_places
from needs.rounds.rules.candidates import eligible_municipalities, eligible_needs
from needs.rounds.rules.counting import count
from needs.rounds.rules.result import ranks_in
from regions.models import Region

CRITERIA = (
    "Hvor mange mennesker gjelder det, og hvor mye betyr det for dem?\n"
    "Finnes det svar fra før?\n"
    "Kan svaret tas i bruk i både små og store kommuner?"
)
REASON = (
    "Tre små kommuner har meldt at tjenesten er sårbar fra neste år. Styringsgruppen ber om at behovet går foran, "
    "siden svaret må foreligge før turnusene legges om."
)
DECIDED_IN = "nord"
OPEN_IN = "vest"
CANDIDATES = 8
FEWEST = 3


def load_rounds() -> int:
    """Make the rounds, where there are needs enough to choose among. Returns how many."""
    decided = _round(DECIDED_IN, "Prioriteringsrunde i nord, høsten 2026", Method.BORDA, days=-9, lasted=21)
    if decided:
        _vote(decided, share=100)
        _decide(decided)
    under_way = _round(OPEN_IN, "Hva skal vi forske på først?", Method.SCHULZE, days=12, lasted=23)
    if under_way:
        _vote(under_way, share=50)
    return sum(made is not None for made in (decided, under_way))


def _round(slug: str, title: str, method: Method, *, days: int, lasted: int) -> Round | None:
    """An open round with its candidates and participants; ``days`` from now it closes."""
    region = Region.objects.get(slug=slug)
    closes_at = (timezone.localtime() + timedelta(days=days)).replace(hour=15, minute=0, second=0, microsecond=0)
    round_ = Round(
        title=title,
        level=RoundLevel.REGION,
        region=region,
        criteria=CRITERIA,
        method=method,
        opens_at=closes_at - timedelta(days=lasted),
        closes_at=closes_at,
        state=RoundState.OPEN,
        is_example=True,
        created_by=_coordinator(region),
    )
    needs = list(eligible_needs(round_).order_by("-endorsement_count", "pk")[:CANDIDATES])
    if len(needs) < FEWEST:
        return None
    round_.save()
    Candidate.objects.bulk_create(Candidate(round=round_, need=need, order=i) for i, need in enumerate(needs, 1))
    Participant.objects.bulk_create(
        Participant(round=round_, municipality=place, size=place.size) for place in eligible_municipalities(round_)
    )
    return round_


def _coordinator(region: Region) -> Any:
    held = Appointment.objects.in_force().for_role(Role.REGIONAL_COORDINATOR, region=region)
    return held.select_related("user")[0].user


def _vote(round_: Round, *, share: int) -> None:
    """Ballots of those municipalities that have an R&D contact, or of ``share`` per cent of them."""
    contacts = {
        held.municipality_id: held.user
        for held in Appointment.objects.in_force().filter(role=Role.RD_CONTACT).select_related("user")
    }
    candidates = list(round_.candidates.select_related("need"))
    for place in round_.participants.filter(municipality__in=contacts).select_related("municipality"):
        if _chance(place.municipality.number, "votes") >= share:
            continue
        days, hour = _chance(place.municipality.number, "day") % 5, 8 + _chance(place.municipality.number, "hour") % 8
        opened = timezone.localtime(round_.opens_at)
        cast_at = (opened + timedelta(days=days + 1)).replace(hour=hour)
        ballot = Ballot.objects.create(
            participant=place, cast_by=contacts[place.municipality_id], cast_at=min(cast_at, timezone.now())
        )
        BallotLine.objects.bulk_create(
            BallotLine(ballot=ballot, candidate=candidate, place=n)
            for n, candidate in enumerate(_order(place, candidates), 1)
        )


def _order(place: Participant, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Likes and dislikes of the municipality, with what many stand behind a little ahead; the last may be left out."""
    number = place.municipality.number
    liked = sorted(candidates, key=lambda c: _chance(number, str(c.need.number)) + 7 * c.order)
    return liked[: len(liked) - _chance(number, "short") % 3]


def _chance(*parts: str) -> int:
    """A number from 0 to 99, always the same for the same parts."""
    return int(sha256(" ".join(parts).encode()).hexdigest(), 16) % 100


def _decide(round_: Round) -> None:
    """Count, let the chair move one need up, publish, and seal the minutes."""
    round_.result = count(round_)
    ranks = ranks_in(counted_places(round_))
    moved = max(round_.candidates.all(), key=lambda c: (ranks[c.pk].rank == FEWEST + 1, -c.order))
    if ranks[moved.pk].rank == FEWEST + 1:
        made = ChairChange.objects.create(
            round=round_,
            candidate=moved,
            from_rank=FEWEST + 1,
            to_rank=FEWEST,
            reason=REASON,
            made_by=round_.created_by,
        )
        ChairChange.objects.filter(pk=made.pk).update(made_at=round_.closes_at + timedelta(days=2))
    round_.state, round_.prioritised = RoundState.PUBLISHED, FEWEST
    round_.published_at = round_.closes_at + timedelta(days=3)
    round_.save()
    round_.document_number = seal_minutes(round_, by=round_.created_by).number
    round_.save(update_fields=["document_number"])
    _lift(round_)


def _lift(round_: Round) -> None:
    """The first needs are prioritised and have reached the region, unless they have got further already."""
    ranks = ranks_in(final_places(round_))
    first = KnowledgeNeed.objects.filter(candidacies__in=[pk for pk, place in ranks.items() if place.rank <= FEWEST])
    first.filter(state=NeedState.IN_ASSESSMENT).update(state=NeedState.PRIORITISED)
    lifted = first.filter(level__in=["", "cluster"])
    by, at = (round_.created_by, str(round_.created_by.active_role)), round_.published_at or round_.closes_at
    entries = [
        log_entry("need.lift", need, by, at, {"round": round_.pk, "level": RoundLevel.REGION}) for need in lifted
    ]
    lifted.update(level=RoundLevel.REGION)
    ranked = round_.candidates.select_related("need")
    for row in ranked:
        rank = ranks[row.pk].rank
        placed = {"round": round_.pk, "title": round_.title, "rank": rank, "is_prioritised": rank <= FEWEST}
        entries.append(log_entry("need.ranked", row.need, by, at, placed))
    AuditEntry.objects.bulk_create(entries)
