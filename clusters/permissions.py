"""Who may change clusters, their members, their motors and how they are anchored."""

import rules

from clusters.models import Cluster, Membership
from ksf.accounts.permissions import Office, authority, is_national
from ksf.accounts.roles import Role
from ksf.actor import Actor
from regions.models import Partner, Region


@rules.predicate
def coordinates_region(user: Actor, region: Region) -> bool:
    return region.pk in user.region_ids(Role.REGIONAL_COORDINATOR)


@rules.predicate
def coordinates_lead_region(user: Actor, cluster: Cluster) -> bool:
    return cluster.lead_region_id in user.region_ids(Role.REGIONAL_COORDINATOR)


@rules.predicate
def coordinates_cluster(user: Actor, cluster: Cluster) -> bool:
    return cluster.pk in user.cluster_ids(Role.CLUSTER_COORDINATOR)


@rules.predicate
def belongs_to_cluster(user: Actor, cluster: Cluster) -> bool:
    """Whoever holds an office in the cluster or its lead region."""
    return cluster.pk in user.cluster_ids() or cluster.lead_region_id in user.region_ids()


@rules.predicate
def manages_membership(user: Actor, membership: Membership) -> bool:
    return user.has_perm("clusters.edit_cluster", membership.cluster)


@rules.predicate
def is_contact_of_member(user: Actor, membership: Membership) -> bool:
    return membership.municipality_id in user.municipality_ids(Role.RD_CONTACT)


@rules.predicate
def belongs_to_partner(user: Actor, partner: Partner) -> bool:
    return partner.pk in user.partner_ids(Role.PARTNER)


rules.add_perm("clusters.create_cluster", is_national | coordinates_region)
rules.add_perm("clusters.manage_cluster", is_national | coordinates_lead_region)
rules.add_perm("clusters.edit_cluster", is_national | coordinates_lead_region | coordinates_cluster)
rules.add_perm("clusters.see_history", is_national | belongs_to_cluster)
rules.add_perm("clusters.see_partner_history", is_national | belongs_to_partner)
rules.add_perm("clusters.edit_region", is_national | coordinates_region)
rules.add_perm("clusters.anchor", manages_membership | is_contact_of_member)


@authority
def names_contacts_of_members(user: Actor, office: Office) -> bool:
    """The cluster coordinator names the R&D contacts of municipalities that are members today."""
    clusters = user.cluster_ids(Role.CLUSTER_COORDINATOR)
    if office.role != Role.RD_CONTACT or not clusters:
        return False
    return Membership.objects.in_force().filter(cluster__in=clusters, municipality=office.held_in).exists()


def may_edit_place(user: Actor, place: Cluster | Region) -> bool:
    """Whether ``user`` may say which partners take part in the cluster or the region."""
    return bool(user.has_perm(f"clusters.edit_{'cluster' if isinstance(place, Cluster) else 'region'}", place))
