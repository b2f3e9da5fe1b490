"""What the log's verbs about clusters are called on screen."""

from django.utils.translation import pgettext_lazy as _p

from ksf.web.history import tell

tell(
    {
        "cluster.created": _p("event", "The cluster was written down"),
        "cluster.edited": _p("event", "The description was changed"),
        "cluster.begin": _p("event", "Establishing started"),
        "cluster.establish": _p("event", "The cluster was declared established"),
        "cluster.dissolve": _p("event", "The cluster was dissolved"),
        "cluster.member_joined": _p("event", "A municipality became a member"),
        "cluster.member_left": _p("event", "A municipality left"),
        "cluster.member_succeeded": _p("event", "A member was succeeded by another municipality"),
        "cluster.motor_changed": _p("event", "Another municipality became motor"),
    }
)
