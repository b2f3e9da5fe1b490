"""Who is notified of a round: the R&D contacts when it opens, the submitters when it is decided."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.notifications import notify
from needs.permissions import is_writer
from needs.rounds.models import Round
from needs.rounds.reading.tables import ResultRow, is_up


def notify_opened(round_: Round) -> None:
    """Ask the R&D contacts of every participating municipality for its ballot."""
    places = {row.municipality_id: row for row in round_.participants.select_related("municipality")}
    for held in _contacts(places):
        participant = places[held.municipality_id]
        notify(
            held.user,
            "needs/round_opened",
            {"round": round_, "municipality": participant.municipality},
            url=reverse("round_ballot", args=[round_.pk, participant.municipality.number]),
        )


def notify_outcome(round_: Round, rows: Iterable[ResultRow]) -> None:
    """Tell every submitter how the need fared: its municipality's contacts, and whoever wrote it (N5)."""
    rows = list(rows)
    contacts = defaultdict(set)
    for held in _contacts([row.candidate.need.municipality_id for row in rows]):
        contacts[held.municipality_id].add(held.user)
    writers = User.objects.in_bulk([row.candidate.need.created_by_id for row in rows])
    for row in rows:
        need = row.candidate.need
        writer = writers[need.created_by_id]
        people = contacts[need.municipality_id] | ({writer} if is_writer(writer, need) else set())
        context = {"round": round_, "need": need, "row": row, "count": len(rows), "is_up": is_up(round_, row)}
        for person in people:
            notify(person, "needs/round_outcome", context, url=round_.get_absolute_url())


def _contacts(municipalities: Iterable[int]) -> Any:
    held = Appointment.objects.in_force().for_role(Role.RD_CONTACT, municipality__in=list(municipalities))
    return held.filter(user__is_active=True).select_related("user")
