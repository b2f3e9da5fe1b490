"""A cluster from its first day to its last (S4)."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clusters.lifecycle import CLUSTER, ClusterState
from clusters.models import LEAST_MEMBERS, Cluster, ClusterPhase, Membership
from ksf import audit
from ksf.accounts.models import Appointment, User
from ksf.periods import DateRange, period, today
from ksf.refusals import explained
from ksf.steps import lock, take
from ksf.web.dates import in_words
from ksf.writing.services import keep_earlier
from regions.models import Region

LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t"})


@transaction.atomic
def create_cluster(*, lead_region: Region, name: str, on: date, by: User, slug: str = "", **values: Any) -> Cluster:
    """Begin exploring a new cluster on ``on`` and return it.

    Raises PermissionDenied, or ValidationError at ``name`` when it is in use.
    """
    if not by.has_perm("clusters.create_cluster", lead_region):
        raise PermissionDenied("clusters.create_cluster")
    _check_past(on)
    slug = slug or slugify(name.casefold().translate(LETTERS))[:80]
    with explained({"clusters_cluster_slug_key": ("name", lambda: _("There is a cluster with this name already."))}):
        cluster = Cluster.objects.create(lead_region=lead_region, name=name, slug=slug, **values)
    ClusterPhase.objects.create(cluster=cluster, state=ClusterState.EXPLORING, period=period(on))
    audit.record("cluster.created", cluster, by=by, on=on)
    audit.record("region.cluster_created", lead_region, by=by, on=on, cluster=cluster)
    return cluster


@transaction.atomic
def edit_cluster(cluster: Cluster, *, by: User, **values: Any) -> Cluster:
    """Change what the cluster says of itself."""
    cluster = lock(cluster)
    if not by.has_perm("clusters.edit_cluster", cluster):
        raise PermissionDenied("clusters.edit_cluster")
    changes = audit.changes_of(cluster, values)
    if changes:
        if "purpose" in changes:
            keep_earlier(cluster, {"purpose": (cluster.purpose, values["purpose"])}, by=by)
        for field in changes:
            setattr(cluster, field, values[field])
        cluster.save(update_fields=[*changes, "sort_key"])
        audit.record("cluster.edited", cluster, by=by, changes=changes)
    return cluster


@transaction.atomic
def begin(cluster: Cluster, *, on: date, by: User) -> Cluster:
    """Start establishing a cluster that was explored."""
    cluster = take(CLUSTER, "begin", cluster, by=by, note=in_words(on))
    _enter(cluster, on)
    return cluster


@transaction.atomic
def establish(cluster: Cluster, *, on: date, by: User, few_members_reason: str = "") -> Cluster:
    """Declare the cluster established on ``on``.

    ValidationError unless it has a motor municipality and five members that day; with fewer an exception must be
    stated.
    """
    lock(cluster)
    members = cluster.memberships.on(on).count()
    reason = few_members_reason or cluster.few_members_reason
    if members < LEAST_MEMBERS and not reason.strip():
        raise ValidationError({"few_members_reason": few_members_message(members)})
    if not cluster.motor_terms.on(on).exists():
        raise ValidationError({"on": _("The cluster has no motor municipality on that day. Name one first.")})
    cluster = take(
        CLUSTER, "establish", cluster, by=by, note=in_words(on), established_on=on, few_members_reason=reason
    )
    _enter(cluster, on)
    audit.record("region.cluster_established", cluster.lead_region, by=by, on=on, cluster=cluster)
    return cluster


@transaction.atomic
def dissolve(cluster: Cluster, *, on: date, reason: str, by: User) -> Cluster:
    """End the cluster, its memberships, motor's and partners' terms and coordinators' appointments on ``on``."""
    cluster = take(CLUSTER, "dissolve", cluster, by=by, note=reason, dissolved_reason=reason)
    _enter(cluster, on)
    audit.record("region.cluster_dissolved", cluster.lead_region, by=by, on=on, cluster=cluster)
    open_rows = DateRange(on, None)
    for motor in cluster.motor_terms.filter(period__overlap=open_rows):
        _end(motor, on)
    for membership in cluster.memberships.filter(period__overlap=open_rows).select_related("municipality"):
        audit.record("membership.ended", membership, by=by, on=on, municipality=membership.municipality)
        _end(membership, on)
    for term in cluster.partner_terms.filter(period__overlap=open_rows).select_related("partner"):
        audit.record("partner.ended", term.partner, by=by, on=on, place=cluster)
        _end(term, on)
    for held in Appointment.objects.filter(cluster=cluster, period__overlap=open_rows):
        audit.record("appointment.ended", held, by=by, end=[held.ends_on, on])
        _end(held, on)
    return cluster


def few_members_message(members: int) -> str:
    """Why a number of members below five asks for a reason."""
    text = _("The cluster has %(members)d members on that day. State why it may have fewer than %(least)d.")
    return text % {"members": members, "least": LEAST_MEMBERS}


def _enter(cluster: Cluster, on: date) -> None:
    """Begin the phase of the cluster's state on ``on``. A phase that began the same day held no day and goes."""
    _check_past(on)
    last = cluster.phases.order_by("period").last()
    if last and on < last.starts_on:
        text = _("The cluster has been as it is since %(date)s. Choose that day or a later one.")
        raise ValidationError({"on": text % {"date": in_words(last.starts_on)}})
    if last:
        _end(last, on)
    ClusterPhase.objects.create(cluster=cluster, state=cluster.state, period=period(on))


def _check_past(on: date) -> None:
    if on > today():
        raise ValidationError({"on": _("Choose today or a day that has been.")})


def _end(row: ClusterPhase | Membership | Any, on: date) -> None:
    """Let a dated row end on ``on``; one that would hold no day is removed."""
    if row.starts_on >= on:
        row.delete()
        return
    row.period = period(row.starts_on, on)
    row.save(update_fields=["period"])
