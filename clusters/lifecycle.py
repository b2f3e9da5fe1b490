"""The life of a cluster (S4)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class ClusterState(models.TextChoices):
    EXPLORING = "exploring", _p("cluster state", "Exploring")
    BEING_ESTABLISHED = "being_established", _p("cluster state", "Being established")
    ESTABLISHED = "established", _p("cluster state", "Established")
    DISSOLVED = "dissolved", _p("cluster state", "Dissolved")


CLUSTER = Lifecycle(
    "cluster",
    Step(
        "begin",
        {ClusterState.EXPLORING},
        ClusterState.BEING_ESTABLISHED,
        "clusters.manage_cluster",
        _p("cluster step", "Start establishing"),
    ),
    Step(
        "establish",
        {ClusterState.BEING_ESTABLISHED},
        ClusterState.ESTABLISHED,
        "clusters.manage_cluster",
        _p("cluster step", "Declare established"),
    ),
    Step(
        "dissolve",
        {ClusterState.EXPLORING, ClusterState.BEING_ESTABLISHED, ClusterState.ESTABLISHED},
        ClusterState.DISSOLVED,
        "clusters.manage_cluster",
        _p("cluster step", "Dissolve"),
    ),
)
