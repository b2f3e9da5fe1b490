from clusters.views.cluster import cluster
from clusters.views.editing import cluster_edit, cluster_new, cluster_step, motor_handover
from clusters.views.members import member_anchor, member_end, member_new
from clusters.views.municipality import municipality
from clusters.views.network import network
from clusters.views.partners import cluster_partner_new, partner, partner_end, partner_list, region_partner_new
from clusters.views.region import region

__all__ = [
    "cluster",
    "cluster_edit",
    "cluster_new",
    "cluster_partner_new",
    "cluster_step",
    "member_anchor",
    "member_end",
    "member_new",
    "motor_handover",
    "municipality",
    "network",
    "partner",
    "partner_end",
    "partner_list",
    "region",
    "region_partner_new",
]
