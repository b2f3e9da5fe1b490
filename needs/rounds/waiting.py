"""Ballots to cast, and results to publish."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import waiting
from ksf.accounts.roles import Role
from ksf.actor import Actor
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Participant, Round


@waiting.source
def ballots_to_cast(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Open rounds in which the own municipality has no ballot yet."""
    if own := user.municipality_ids(Role.RD_CONTACT):
        to_cast = Participant.objects.filter(municipality__in=own, ballot=None, round__state=RoundState.OPEN)
        in_time = to_cast.filter(round__closes_at__gt=timezone.now())
        yield waiting.WaitingKind(in_time.select_related("round", "municipality"), _to_cast)


def _to_cast(participant: Participant) -> waiting.WaitingItem:
    return waiting.WaitingItem(
        title=str(participant.round),
        url=reverse("round_ballot", args=[participant.round_id, participant.municipality.number]),
        what=_("Cast the ballot of %(municipality)s") % {"municipality": participant.municipality},
        due=participant.round.closes_at,
    )


@waiting.source
def results_to_publish(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Closed rounds wait for the one who runs them."""
    if user.has_perm("needs.set_up_round"):
        yield waiting.WaitingKind(Round.objects.run_by(user).filter(state=RoundState.CLOSED), _to_publish)


def _to_publish(closed: Round) -> waiting.WaitingItem:
    return waiting.WaitingItem(str(closed), closed.get_absolute_url(), _("Publish the result of the round"))
