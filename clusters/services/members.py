"""Municipalities join and leave a cluster on dates, and say how they are anchored (S4, S6)."""

from collections import Counter
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clusters.lifecycle import ClusterState
from clusters.models import LEAST_MEMBERS, Cluster, Membership
from clusters.services.clusters import few_members_message
from ksf import audit
from ksf.accounts.models import User
from ksf.periods import period, today
from ksf.refusals import explained
from ksf.steps import lock
from ksf.web.dates import in_words
from regions.models import County, Municipality

MOTOR_WITHIN = "motor_term_within_membership"
ANCHORING = (
    "anchored_administratively_on", "anchored_politically_on", "is_in_plans", "has_research_strategy"
)  # fmt: skip


@transaction.atomic
def add_member(
    cluster: Cluster, municipality: Municipality, *, on: date, by: User, outside_reason: str = ""
) -> Membership:
    """Let a municipality join on ``on`` and return the membership.

    A reason is asked for when it lies in another region than the cluster's, or another county than the cluster's
    others. Raises PermissionDenied, or ValidationError at the field in question.
    """
    cluster = lock(cluster)
    _check_may_edit(cluster, by)
    if cluster.state == ClusterState.DISSOLVED:
        raise ValidationError(_("The cluster is dissolved and takes no members."))
    if not municipality.is_in_force_on(on):
        text = _("%(municipality)s is not a municipality on that day.")
        raise ValidationError({"on": text % {"municipality": municipality}})
    if is_outside(cluster, municipality) and not outside_reason.strip():
        text = _("%(municipality)s lies in another region or county. Say which need for development is shared.")
        raise ValidationError({"outside_reason": text % {"municipality": municipality}})
    with explained({"membership_never_twice": ("municipality", lambda: _overlap_message(cluster, municipality, on))}):
        membership = Membership.objects.create(
            cluster=cluster, municipality=municipality, period=period(on), outside_reason=outside_reason
        )
    audit.record("membership.began", membership, by=by, on=on, municipality=municipality)
    audit.record("cluster.member_joined", cluster, by=by, on=on, municipality=municipality, reason=outside_reason)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, on: date, by: User, few_members_reason: str = "") -> Membership:
    """Let a member leave on ``on``, its first day outside.

    The motor municipality cannot leave before the role is handed over, and an established cluster that falls below
    five members must state an exception. Raises PermissionDenied or ValidationError.
    """
    cluster = lock(membership.cluster)
    _check_may_edit(cluster, by)
    membership = Membership.objects.select_for_update(of=("self",)).with_municipality().get(pk=membership.pk)
    if on <= membership.starts_on or membership.is_over:
        text = _("The municipality became a member on %(date)s. Choose a later day.")
        raise ValidationError({"on": text % {"date": in_words(membership.starts_on)}})
    left = cluster.memberships.on(on).exclude(pk=membership.pk).count()
    reason = few_members_reason or cluster.few_members_reason
    if cluster.state == ClusterState.ESTABLISHED and left < LEAST_MEMBERS and not reason.strip():
        raise ValidationError({"few_members_reason": few_members_message(left)})
    until = membership.ends_on or on
    refusals = {
        MOTOR_WITHIN: ("on", lambda: _motor_period(membership)),
        "membership_never_twice": ("on", lambda: _overlap_message(cluster, membership.municipality, until)),
    }
    with explained(refusals):
        membership.period = period(membership.starts_on, on)
        membership.save(update_fields=["period"])
    if reason != cluster.few_members_reason:
        cluster.few_members_reason = reason
        cluster.save(update_fields=["few_members_reason"])
    audit.record("membership.ended", membership, by=by, on=on)
    audit.record("cluster.member_left", cluster, by=by, on=on, municipality=membership.municipality, reason=reason)
    return membership


@transaction.atomic
def anchor(membership: Membership, *, by: User, **values: Any) -> Membership:
    """Write down how the member is anchored; ``values`` are fields of the checklist (S6)."""
    membership = Membership.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=membership.pk)
    if not by.has_perm("clusters.anchor", membership):
        raise PermissionDenied("clusters.anchor")
    for field in ("anchored_administratively_on", "anchored_politically_on"):
        if values.get(field) and values[field] > today():
            raise ValidationError({field: _("Choose today or a day that has been.")})
    changes = audit.changes_of(membership, {field: values[field] for field in ANCHORING if field in values})
    if changes:
        for field in changes:
            setattr(membership, field, values[field])
        membership.save(update_fields=list(changes))
        audit.record("membership.anchored", membership, by=by, changes=changes)
    return membership


def is_outside(cluster: Cluster, municipality: Municipality) -> bool:
    """Whether the municipality lies outside the lead region, or outside the county of the cluster's others."""
    if municipality.region_id != cluster.lead_region_id:
        return True
    home = home_county(cluster)
    return home is not None and home != municipality.county


def home_county(cluster: Cluster) -> County | None:
    """The county most of the members lie in; None before there are any."""
    counties = Counter(m.municipality.county for m in cluster.memberships.in_force().with_municipality())
    return counties.most_common(1)[0][0] if counties else None


def _check_may_edit(cluster: Cluster, by: User) -> None:
    if not by.has_perm("clusters.edit_cluster", cluster):
        raise PermissionDenied("clusters.edit_cluster")


def _overlap_message(cluster: Cluster, municipality: Municipality, on: date) -> str:
    other = cluster.memberships.filter(municipality=municipality, period__overlap=period(on)).first()
    if other is None:
        return _("The municipality is a member of the cluster in this period already.")
    values = {"municipality": municipality, "start": in_words(other.starts_on)}
    if other.ends_on is None:
        return _("%(municipality)s has been a member since %(start)s.") % values
    text = _("%(municipality)s is a member from %(start)s to %(end)s already.")
    return text % {**values, "end": in_words(other.ends_on)}


def _motor_period(membership: Membership) -> str:
    term = membership.motor_terms.order_by("period").last()
    values = {"municipality": membership.municipality}
    if term and term.ends_on:
        text = _("%(municipality)s is the motor municipality until %(end)s. Choose that day or a later one.")
        return text % {**values, "end": in_words(term.ends_on)}
    return _("%(municipality)s is the motor municipality. Hand over that role first.") % values
