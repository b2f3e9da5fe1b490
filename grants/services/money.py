"""Setting a year's money aside (G1). The database holds that pots keep within the appropriation and awards in a pot."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from grants.models import Appropriation, Pot
from grants.rules.readiness import left_in
from ksf import audit
from ksf.accounts.models import User
from ksf.web.numbers import kroner


class AlreadyUsed(Exception):
    """A pot cannot be made smaller than what is announced or awarded from it; ``least`` in kroner, by kind."""

    def __init__(self, least: dict[str, int]) -> None:
        self.least = least
        super().__init__(", ".join(f"{kind}: {kroner(amount)}" for kind, amount in least.items()))


@transaction.atomic
def set_aside(year: int, *, amount: int, source: str, pots: dict[str, int], by: User) -> Appropriation:
    """Write the year's appropriation and its pots by kind, in kroner, new or changed. Raises AlreadyUsed."""
    if not by.has_perm("grants.manage_money"):
        raise PermissionDenied("grants.manage_money")
    appropriation, _is_new = Appropriation.objects.select_for_update().get_or_create(
        year=year, defaults={"amount": amount, "source": source}
    )
    current = {pot.kind: pot for pot in appropriation.pots.select_for_update()}
    least = {kind: pot.amount - left_in(pot) for kind, pot in current.items()}
    too_small = {kind: used for kind, used in least.items() if pots[kind] < used}
    if too_small:
        raise AlreadyUsed(too_small)
    before = {kind: pot.amount for kind, pot in current.items()}
    _write(appropriation, current, amount, source, pots)
    audit.record("money.set_aside", appropriation, by=by, amount=amount, pots=pots, before=before)
    return appropriation


def _write(
    appropriation: Appropriation, current: dict[str, Pot], amount: int, source: str, pots: dict[str, int]
) -> None:
    """Smaller pots are written before the appropriation and larger ones after it, so that the sums always hold."""
    rows = [current.get(kind) or Pot(appropriation=appropriation, kind=kind, amount=0) for kind in pots]
    grows = {row.kind: row.amount < pots[row.kind] for row in rows}
    first = [row for row in rows if not grows[row.kind]]
    for row in first:
        _keep(row, pots[row.kind])
    appropriation.amount, appropriation.source = amount, source
    appropriation.save(update_fields=["amount", "source"])
    for row in rows:
        if grows[row.kind]:
            _keep(row, pots[row.kind])


def _keep(pot: Pot, amount: int) -> None:
    pot.amount = amount
    pot.save()
