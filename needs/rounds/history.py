"""What the log's verbs about rounds are called on screen. Who has cast a ballot stands on the page already."""

from django.utils.translation import pgettext_lazy as _p

from ksf.web.history import describe_verbs

describe_verbs(
    {
        "round.created": _p("event", "The round was written down"),
        "round.edited": _p("event", "The round was changed"),
        "round.open": _p("event", "The round was opened"),
        "round.close": _p("event", "The round was closed"),
        "round.counted": _p("event", "The ballots were counted"),
        "round.changed": _p("event", "The chair moved a need from place %(before)s to place %(after)s: “%(note)s”"),
        "round.publish": _p("event", "The result was published"),
        "round.minutes": _p("event", "The minutes were sealed"),
        "need.ranked": _p("event", "Ranked in a priority round"),
    }
)
