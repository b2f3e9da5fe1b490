"""The ballots the municipalities cast (N5)."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.steps import lock
from needs.rounds.models import (
    Ballot,
    BallotLine,
    Participant,
)


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
    known = set(round_.candidates.values_list("pk", flat=True))
    if not order or len(set(order)) != len(order) or not known.issuperset(order):
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
