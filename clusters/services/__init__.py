"""What changes clusters, their members and their motors."""

from clusters.services.clusters import begin, create_cluster, dissolve, edit_cluster, establish
from clusters.services.members import add_member, anchor, end_membership
from clusters.services.motors import hand_over_motor
from clusters.services.partners import add_partner, end_partnership

__all__ = [
    "add_member",
    "add_partner",
    "anchor",
    "begin",
    "create_cluster",
    "dissolve",
    "edit_cluster",
    "end_membership",
    "end_partnership",
    "establish",
    "hand_over_motor",
]
