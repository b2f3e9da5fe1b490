"""Ballots to cast, and results to publish."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import waiting
from ksf.accounts.roles import Role
from needs.rounds.lifecycle import State
from needs.rounds.models import Participant, Round


@waiting.source
def ballots_to_cast(user: Any) -> Iterator[waiting.Item]:
    """Open rounds in which the own municipality has no ballot yet."""
    own = user.municipality_ids(Role.RD_CONTACT)
    if not own:
        return
    rows = Participant.objects.filter(municipality__in=own, ballot=None, round__state=State.OPEN)
    for row in rows.filter(round__closes_at__gt=timezone.now()).select_related("round", "municipality"):
        yield waiting.Item(
            title=str(row.round),
            url=reverse("round_ballot", args=[row.round_id, row.municipality.number]),
            what=_("Cast the ballot of %(municipality)s") % {"municipality": row.municipality},
            due=row.round.closes_at,
        )


@waiting.source
def results_to_publish(user: Any) -> Iterator[waiting.Item]:
    """Closed rounds wait for the one who runs them."""
    if not user.has_perm("needs.set_up_round"):
        return
    for round_ in Round.objects.run_by(user).filter(state=State.CLOSED):
        yield waiting.Item(str(round_), round_.get_absolute_url(), _("Publish the result of the round"))
