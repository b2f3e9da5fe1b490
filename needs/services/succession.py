"""What a merger or split means for needs: what is alive goes on as the heir's, what is over stays as it was (S11)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from ksf import audit
from ksf.accounts.models import User
from needs.lifecycle import NeedState
from regions.models import Municipality
from regions.services import moves

OVER = (NeedState.MERGED, NeedState.CLOSED)


@moves
def move_needs(old: Municipality, successors: Sequence[Municipality], on: date, by: User) -> None:
    """Give the old municipality's needs, and its endorsements, to the first successor. Nobody endorses its own need."""
    heir = successors[0]
    for need in old.needs.select_for_update().exclude(state__in=OVER):
        need.endorsements.filter(municipality=heir).delete()
        need.municipality = heir
        need.save(update_fields=["municipality"])
        audit.record("need.succeeded", need, by=by, on=on, before=old, after=heir)
    given = old.endorsements.exclude(need__state__in=OVER)
    given.filter(Q(need__municipality=heir) | Q(need__in=heir.endorsements.values("need"))).delete()
    given.update(municipality=heir)
