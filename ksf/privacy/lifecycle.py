"""The life of a request to be erased (X7)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step

HANDLE = "privacy.handle_erasure"
WITHDRAW = "privacy.withdraw_erasure"


class ErasureState(models.TextChoices):
    ASKED = "asked", _p("erasure state", "Waiting for an answer")
    WITHDRAWN = "withdrawn", _p("erasure state", "Withdrawn")
    REFUSED = "refused", _p("erasure state", "Refused")
    DONE = "done", _p("erasure state", "Erased")


ERASURE = Lifecycle(
    "erasure",
    Step("carry_out", {ErasureState.ASKED}, ErasureState.DONE, HANDLE, _p("erasure step", "Erase for good")),
    Step("refuse", {ErasureState.ASKED}, ErasureState.REFUSED, HANDLE, _p("erasure step", "Refuse with a reason")),
    Step("withdraw", {ErasureState.ASKED}, ErasureState.WITHDRAWN, WITHDRAW, _p("erasure step", "Withdraw the wish")),
)
