"""The life of a handover of the role as host (S2)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class State(models.TextChoices):
    PROPOSED = "proposed", _p("handover state", "Waits for consent")
    CARRIED_OUT = "carried_out", _p("handover state", "Carried out")
    REFUSED = "refused", _p("handover state", "Refused")
    WITHDRAWN = "withdrawn", _p("handover state", "Withdrawn")


HANDOVER = Lifecycle(
    "handover",
    Step(
        "consent", {State.PROPOSED}, State.CARRIED_OUT, "regions.consent_handover", _p("handover step", "Give consent")
    ),
    Step("refuse", {State.PROPOSED}, State.REFUSED, "regions.consent_handover", _p("handover step", "Refuse")),
    Step("withdraw", {State.PROPOSED}, State.WITHDRAWN, "regions.withdraw_handover", _p("handover step", "Withdraw")),
)
