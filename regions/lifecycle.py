"""The life of a handover of the role as host (S2)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class HandoverState(models.TextChoices):
    PROPOSED = "proposed", _p("handover state", "Waits for consent")
    CARRIED_OUT = "carried_out", _p("handover state", "Carried out")
    REFUSED = "refused", _p("handover state", "Refused")
    WITHDRAWN = "withdrawn", _p("handover state", "Withdrawn")


HANDOVER = Lifecycle(
    "handover",
    Step(
        "consent",
        {HandoverState.PROPOSED},
        HandoverState.CARRIED_OUT,
        "regions.consent_handover",
        _p("handover step", "Give consent"),
    ),
    Step(
        "refuse",
        {HandoverState.PROPOSED},
        HandoverState.REFUSED,
        "regions.consent_handover",
        _p("handover step", "Refuse"),
    ),
    Step(
        "withdraw",
        {HandoverState.PROPOSED},
        HandoverState.WITHDRAWN,
        "regions.withdraw_handover",
        _p("handover step", "Withdraw"),
    ),
)
