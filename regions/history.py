"""What the log's verbs about regions and municipalities are called on screen."""

from django.utils.translation import pgettext_lazy as _p

from ksf.web.history import describe_verbs

describe_verbs(
    {
        "region.host_changed": _p("event", "%(after)s became host municipality"),
        "handover.proposed": _p("event", "The handover was proposed"),
        "handover.consent": _p("event", "The national lead consented"),
        "handover.refuse": _p("event", "The handover was refused"),
        "handover.withdraw": _p("event", "The proposal was withdrawn"),
        "municipality.succeeded": _p("event", "The municipality ended; its successors went on"),
    }
)
