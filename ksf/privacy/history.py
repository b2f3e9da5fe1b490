"""What the log's verbs about a wish to be erased are called on screen."""

from django.utils.translation import pgettext_lazy as _p

from ksf.web.history import describe_verbs

describe_verbs(
    {
        "erasure.asked": _p("event", "Asked to be erased"),
        "erasure.carry_out": _p("event", "Erased"),
        "erasure.refuse": _p("event", "Refused"),
        "erasure.withdraw": _p("event", "Wish withdrawn"),
    }
)
