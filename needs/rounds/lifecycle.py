"""The life of a priority round (N5)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class State(models.TextChoices):
    DRAFT = "draft", _p("round state", "Draft")
    OPEN = "open", _p("round state", "Open")
    CLOSED = "closed", _p("round state", "Closed")
    PUBLISHED = "published", _p("round state", "Published")


LINE = [State.DRAFT, State.OPEN, State.CLOSED, State.PUBLISHED]

RUN = "needs.run_round"
CLOSE = "needs.close_round"

ROUND = Lifecycle(
    "round",
    Step("open", {State.DRAFT}, State.OPEN, RUN, _p("round step", "Open the round")),
    Step("close", {State.OPEN}, State.CLOSED, CLOSE, _p("round step", "Close the round")),
    Step("publish", {State.CLOSED}, State.PUBLISHED, RUN, _p("round step", "Publish the result")),
)

ACTS = Lifecycle("round", Step("discard", {State.DRAFT}, "", RUN, _p("round step", "Discard the draft")))
"""What may be done to a round without moving it. What is open has been seen, and stays."""
