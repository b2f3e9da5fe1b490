"""What clusters say of themselves, for those who may change it."""

from collections.abc import Mapping

from django.urls import reverse

from clusters.models import Cluster
from clusters.services.clusters import edit_cluster
from ksf.accounts.models import User
from ksf.writing.registry import LongTexts, keeps_versions, labels_of


@keeps_versions
class ClusterTexts(LongTexts[Cluster]):
    model = Cluster

    def labels(self, user: User, row: Cluster) -> Mapping[str, str]:
        return labels_of(row, "purpose") if user.has_perm("clusters.edit_cluster", row) else {}

    def may_change(self, user: User, row: Cluster, field: str) -> bool:  # noqa: ARG002 - it has one
        return bool(user.has_perm("clusters.edit_cluster", row))

    def change(self, row: Cluster, field: str, text: str, *, by: User) -> None:
        edit_cluster(row, by=by, **{field: text})

    def url(self, row: Cluster, field: str) -> str:  # noqa: ARG002
        return reverse("cluster_edit", args=[row.slug])
