"""The life of a priority round (N5)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class RoundState(models.TextChoices):
    DRAFT = "draft", _p("round state", "Draft")
    OPEN = "open", _p("round state", "Open")
    CLOSED = "closed", _p("round state", "Closed")
    PUBLISHED = "published", _p("round state", "Published")


LINE = [RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED, RoundState.PUBLISHED]

RUN = "needs.run_round"
CLOSE = "needs.close_round"

ROUND = Lifecycle(
    "round",
    Step("open", {RoundState.DRAFT}, RoundState.OPEN, RUN, _p("round step", "Open the round")),
    Step("close", {RoundState.OPEN}, RoundState.CLOSED, CLOSE, _p("round step", "Close the round")),
    Step("publish", {RoundState.CLOSED}, RoundState.PUBLISHED, RUN, _p("round step", "Publish the result")),
)

ACTIONS = Lifecycle(
    "round", Step("discard", {RoundState.DRAFT}, "", RUN, _p("round step", "Discard the draft")), beside=ROUND
)
"""What may be done to a round without moving it. What is open has been seen, and stays."""
