"""What a merger or split means for clusters: memberships go to each successor, the motor's role to the heir (S11)."""

from collections.abc import Sequence
from datetime import date

from clusters.models import Membership, MotorTerm
from clusters.services.members import ANCHORING
from ksf import audit
from ksf.accounts.models import User
from ksf.periods import DateRange, period
from regions.models import Municipality
from regions.services import moves


@moves
def move_memberships(old: Municipality, successors: Sequence[Municipality], on: date, by: User) -> None:
    """End what the old municipality takes part in and let its successors go on from the same day."""
    open_rows = old.memberships.select_for_update(of=("self",)).filter(period__overlap=DateRange(on, None))
    for membership in open_rows.select_related("cluster"):
        continued = [_continue(membership, successor, on) for successor in successors]
        _move_motor(membership, continued[0], on)
        audit.record("cluster.member_succeeded", membership.cluster, by=by, on=on, before=old, after=list(successors))
        _end(membership, on)


def _continue(membership: Membership, successor: Municipality, on: date) -> Membership:
    rest = period(max(on, membership.starts_on), membership.ends_on)
    held = membership.cluster.memberships.filter(municipality=successor, period__overlap=rest).first()
    if held:
        return held
    return Membership.objects.create(
        cluster=membership.cluster,
        municipality=successor,
        period=rest,
        outside_reason=membership.outside_reason,
        **{field: getattr(membership, field) for field in ANCHORING},
    )


def _move_motor(membership: Membership, heir: Membership, on: date) -> None:
    for term in membership.motor_terms.filter(period__overlap=DateRange(on, None)):
        rest = period(max(on, term.starts_on), term.ends_on)
        _end(term, on)
        MotorTerm.objects.create(cluster=membership.cluster, membership=heir, period=rest, proposed_by=term.proposed_by)


def _end(row: Membership | MotorTerm, on: date) -> None:
    if row.starts_on >= on:
        row.delete()
        return
    row.period = period(row.starts_on, on)
    row.save(update_fields=["period"])
