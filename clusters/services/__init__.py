"""What changes clusters, their members and their motors."""

from clusters.services.clusters import begin, create_cluster, dissolve, edit_cluster, establish
from clusters.services.members import add_member, anchor, end_membership
from clusters.services.motors import hand_over_motor

__all__ = [
    "add_member",
    "anchor",
    "begin",
    "create_cluster",
    "dissolve",
    "edit_cluster",
    "end_membership",
    "establish",
    "hand_over_motor",
]
