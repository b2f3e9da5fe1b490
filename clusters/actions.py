"""What a reader may do with a region, a cluster, its members and its partners, as data for their pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from clusters.lifecycle import CLUSTER, ClusterState
from clusters.models import Cluster
from clusters.reading.network import ClusterOn, Member
from ksf.accounts.permissions import Office
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.web.actions import Action
from regions.models import Municipality, Partner, Region


@dataclass(frozen=True)
class ClusterActions:
    """What one may do, by where it stands on the page of the cluster."""

    head: list[Action]
    add_member: Action | None
    name_motor: Action | None
    name_coordinator: Action | None


def cluster_actions(user: Actor, cluster: Cluster, row: ClusterOn | None) -> ClusterActions:
    """The steps of its life with what ends it last; ``row`` is the cluster on the day shown, None before it began."""
    steps = {step.name: step.label for step in CLUSTER.steps_for(user, cluster)}
    may_edit = may_edit_cluster(user, cluster)
    forward = [_step(cluster, name, str(label)) for name, label in steps.items() if name != "dissolve"]
    change = [Action(_("Change"), reverse("cluster_edit", args=[cluster.slug]), look="secondary")] if may_edit else []
    end = [Action(steps["dissolve"], _step_url(cluster, "dissolve"), look="tertiary")] if "dissolve" in steps else []
    return ClusterActions(
        head=[*forward, *change, *end],
        add_member=Action(_("Add a member"), reverse("member_new", args=[cluster.slug])) if may_edit else None,
        name_motor=_name_motor(cluster, row) if may_edit else None,
        name_coordinator=_name_coordinator(user, cluster, row),
    )


def may_edit_cluster(user: Actor, cluster: Cluster) -> bool:
    return user.has_perm("clusters.edit_cluster", cluster) and cluster.state != ClusterState.DISSOLVED


@dataclass(frozen=True)
class MemberRow:
    """A member of the cluster, and what one may do with the membership."""

    member: Member
    may_anchor: bool
    may_end: bool


def member_rows(user: Actor, cluster: Cluster, members: Iterable[Member]) -> list[MemberRow]:
    """The members as the page lists them. An R&D contact answers for the anchoring of the own municipality (S6)."""
    may_edit, own = may_edit_cluster(user, cluster), user.municipality_ids(Role.RD_CONTACT)
    return [
        MemberRow(
            member,
            may_anchor=may_edit or member.place.municipality.pk in own,
            may_end=may_edit and not member.is_motor,
        )
        for member in members
    ]


def region_actions(user: Actor, region: Region) -> list[Action]:
    """What stands at the head of the region's page."""
    begin = Action(_("New cluster"), reverse("cluster_new", args=[region.slug]))
    hand_over = Action(_("Hand over the role as host"), reverse("host_new", args=[region.slug]), look="secondary")
    return [
        *([begin] if user.has_perm("clusters.create_cluster", region) else []),
        *([hand_over] if user.has_perm("regions.hand_over_host", region) else []),
    ]


def name_regional_coordinator(user: Actor, region: Region) -> Action | None:
    return _invite(user, Role.REGIONAL_COORDINATOR, region, _("Name a regional coordinator"))


def name_contact(user: Actor, municipality: Municipality) -> Action | None:
    return _invite(user, Role.RD_CONTACT, municipality, _("Name an R&D contact"))


def name_partner_contact(user: Actor, partner: Partner) -> Action | None:
    return _invite(user, Role.PARTNER, partner, _("Name a contact"))


def _name_motor(cluster: Cluster, row: ClusterOn | None) -> Action:
    label = _("Hand over the role") if row and row.motor else _("Name a motor municipality")
    return Action(label, reverse("motor_handover", args=[cluster.slug]))


def _name_coordinator(user: Actor, cluster: Cluster, row: ClusterOn | None) -> Action | None:
    has_one = row is not None and bool(row.coordinators)
    label = _("Name one more coordinator") if has_one else _("Name a cluster coordinator")
    return _invite(user, Role.CLUSTER_COORDINATOR, cluster, label)


def _invite(user: Actor, role: Role, held_in: Region | Cluster | Municipality | Partner, label: str) -> Action | None:
    if not user.has_perm("accounts.appoint", Office(role, held_in)):
        return None
    return Action(label, f"{reverse('invite', args=[role])}?held_in={held_in.pk}")


def _step(cluster: Cluster, name: str, label: str) -> Action:
    return Action(label, _step_url(cluster, name))


def _step_url(cluster: Cluster, name: str) -> str:
    return reverse("cluster_step", args=[cluster.slug, name])
