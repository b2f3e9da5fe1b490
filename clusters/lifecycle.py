"""The life of a cluster (S4)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class State(models.TextChoices):
    EXPLORING = "exploring", _p("cluster state", "Exploring")
    BEING_ESTABLISHED = "being_established", _p("cluster state", "Being established")
    ESTABLISHED = "established", _p("cluster state", "Established")
    DISSOLVED = "dissolved", _p("cluster state", "Dissolved")


CLUSTER = Lifecycle(
    "cluster",
    Step(
        "begin",
        {State.EXPLORING},
        State.BEING_ESTABLISHED,
        "clusters.manage_cluster",
        _p("cluster step", "Start establishing"),
    ),
    Step(
        "establish",
        {State.BEING_ESTABLISHED},
        State.ESTABLISHED,
        "clusters.manage_cluster",
        _p("cluster step", "Declare established"),
    ),
    Step(
        "dissolve",
        {State.EXPLORING, State.BEING_ESTABLISHED, State.ESTABLISHED},
        State.DISSOLVED,
        "clusters.manage_cluster",
        _p("cluster step", "Dissolve"),
    ),
)
