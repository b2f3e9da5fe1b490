"""What in the clusters waits for those who coordinate: vacancies, missing contacts, missing anchoring (S3-S6)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import Cluster, Membership
from ksf import waiting
from ksf.accounts.models import Appointment
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.periods import today


@waiting.source
def vacant_coordinators(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Clusters without a coordinator wait for the regional coordinator."""
    if regions := user.region_ids(Role.REGIONAL_COORDINATOR):
        filled = Appointment.objects.in_force().filter(role=Role.CLUSTER_COORDINATOR)
        led = Cluster.objects.alive().filter(lead_region__in=regions)
        yield waiting.WaitingKind(led.exclude(pk__in=filled.values("cluster")), _vacant)


def _vacant(cluster: Cluster) -> waiting.WaitingItem:
    return waiting.WaitingItem(
        title=_("%(cluster)s has no coordinator") % {"cluster": cluster},
        url=f"{reverse('invite', args=[Role.CLUSTER_COORDINATOR])}?held_in={cluster.pk}",
        what=_("Name a cluster coordinator"),
    )


@waiting.source
def missing_in_own_clusters(user: Actor) -> Iterator[waiting.WaitingKind]:
    """Members without contact or anchoring wait for the cluster coordinator."""
    own = user.cluster_ids(Role.CLUSTER_COORDINATOR)
    if not own:
        return
    named = Appointment.objects.in_force().filter(role=Role.RD_CONTACT, municipality__isnull=False)
    member = Q(memberships__period__contains=today())
    has_contact = Q(memberships__municipality__in=named.values("municipality"))
    unanchored = Q(memberships__anchored_politically_on=None)
    clusters = Cluster.objects.alive().filter(pk__in=own)
    for missing, item in ((~has_contact, _without_contact), (unanchored, _unanchored)):
        yield waiting.WaitingKind(
            clusters.annotate(n=Count("memberships", filter=member & missing)).filter(n__gt=0), item
        )


def _without_contact(cluster: Any) -> waiting.WaitingItem:  # Any: a cluster with the annotation n
    text = ngettext("%(n)d member has no R&D contact", "%(n)d members have no R&D contact", cluster.n)
    return waiting.WaitingItem(str(cluster), cluster.get_absolute_url(), text % {"n": cluster.n})


def _unanchored(cluster: Any) -> waiting.WaitingItem:  # Any: a cluster with the annotation n
    text = ngettext("%(n)d member is not anchored politically", "%(n)d members are not anchored politically", cluster.n)
    return waiting.WaitingItem(str(cluster), cluster.get_absolute_url(), text % {"n": cluster.n})


@waiting.source
def own_anchoring(user: Actor) -> Iterator[waiting.WaitingKind]:
    """The R&D contact is asked for what the own municipality has not answered."""
    own = user.municipality_ids(Role.RD_CONTACT)
    missing = Q(anchored_administratively_on=None) | Q(anchored_politically_on=None)
    rows = Membership.objects.in_force().filter(missing, municipality__in=own).exclude(cluster__state="dissolved")
    if own:
        yield waiting.WaitingKind(rows.select_related("cluster", "municipality"), _anchoring_missing)


def _anchoring_missing(row: Membership) -> waiting.WaitingItem:
    title = _("How %(municipality)s is anchored in %(cluster)s")
    return waiting.WaitingItem(
        title=title % {"municipality": row.municipality, "cluster": row.cluster},
        url=reverse("member_anchor", args=[row.cluster.slug, row.municipality.number]),
        what=_("Fill in when it was decided"),
    )
