"""Naming a motor municipality, and handing the role over in one step (S5)."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clusters.lifecycle import ClusterState
from clusters.models import Cluster, Membership, MotorTerm
from clusters.services.members import MOTOR_WITHIN
from ksf import audit
from ksf.accounts.models import User
from ksf.periods import period
from ksf.refusals import explained
from ksf.steps import lock
from ksf.web.dates import in_words


@transaction.atomic
def hand_over_motor(
    cluster: Cluster, membership: Membership, *, on: date, after: MotorTerm | None, by: User, proposed_by: str = ""
) -> MotorTerm:
    """End the present motor's term and begin the new one's on the same day; returns the new term.

    ``after`` is the term the decision was made about, None when there was none: if another has come since,
    ValidationError. The database holds that the new motor is a member for its whole term. Raises PermissionDenied.
    """
    cluster = lock(cluster)
    if not by.has_perm("clusters.edit_cluster", cluster):
        raise PermissionDenied("clusters.edit_cluster")
    if cluster.state == ClusterState.DISSOLVED:
        raise ValidationError(_("The cluster is dissolved."))
    present = last_motor_term(cluster)
    if present != after:
        text = _("Somebody else changed the motor municipality while you were here. Look at the page again first.")
        raise ValidationError(text)
    before = None
    if present and (present.ends_on is None or present.ends_on > on):
        before = present.membership.municipality
        _check_handover(present, membership, on)
        present.period = period(present.starts_on, on)
        present.save(update_fields=["period"])
    refusals = {
        MOTOR_WITHIN: ("membership", lambda: _outside_period(membership)),
        "motor_term_one_at_a_time": ("on", lambda: _overlap_message(cluster, on)),
    }
    with explained(refusals):
        term = MotorTerm.objects.create(
            cluster=cluster, membership=membership, period=period(on, membership.ends_on), proposed_by=proposed_by
        )
    audit.record("cluster.motor_changed", cluster, by=by, before=before, after=membership.municipality, on=on)
    return term


def last_motor_term(cluster: Cluster) -> MotorTerm | None:
    """The cluster's latest motor term, which may be over, or not begun."""
    return cluster.motor_terms.select_related("membership__municipality").order_by("period").last()


def _check_handover(present: MotorTerm, membership: Membership, on: date) -> None:
    values = {"municipality": present.membership.municipality, "date": in_words(present.starts_on)}
    if on <= present.starts_on:
        text = _("%(municipality)s became the motor municipality on %(date)s. Choose a later day.")
        raise ValidationError({"on": text % values})
    if present.membership_id == membership.pk:
        text = _("%(municipality)s has been the motor municipality since %(date)s.")
        raise ValidationError({"membership": text % values})


def _outside_period(membership: Membership) -> str:
    values = {"municipality": membership.municipality, "start": in_words(membership.starts_on)}
    if membership.ends_on is None:
        text = _("%(municipality)s is a member from %(start)s. The motor municipality must be a member the whole time.")
        return text % values
    text = _(
        "%(municipality)s is a member from %(start)s to %(end)s. The motor municipality must be a member the whole time."  # noqa: E501
    )
    return text % {**values, "end": in_words(membership.ends_on)}


def _overlap_message(cluster: Cluster, on: date) -> str:
    other = cluster.motor_terms.filter(period__overlap=period(on)).select_related("membership__municipality").first()
    if other is None:
        return _("The cluster has another motor municipality in this period.")
    values = {"municipality": other.membership.municipality, "start": in_words(other.starts_on)}
    return _("%(municipality)s is the motor municipality from %(start)s. Choose a later day.") % values
