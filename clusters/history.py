"""What the log's verbs about clusters are called on screen."""

from django.utils.translation import pgettext_lazy as _p

from ksf.web.history import describe_verbs

describe_verbs(
    {
        "cluster.created": _p("event", "The cluster was written down"),
        "cluster.edited": _p("event", "The description was changed"),
        "cluster.begin": _p("event", "Establishing started"),
        "cluster.establish": _p("event", "The cluster was declared established"),
        "cluster.dissolve": _p("event", "The cluster was dissolved"),
        "cluster.member_joined": _p("event", "%(municipality)s became a member"),
        "cluster.member_left": _p("event", "%(municipality)s left"),
        "cluster.member_succeeded": _p("event", "%(before)s was succeeded by %(after)s"),
        "cluster.motor_changed": _p("event", "%(after)s became motor municipality"),
        "region.cluster_created": _p("event", "%(cluster)s was written down"),
        "region.cluster_established": _p("event", "%(cluster)s was declared established"),
        "region.cluster_dissolved": _p("event", "%(cluster)s was dissolved"),
        "partner.came_in": _p("event", "%(partner)s came in as a knowledge partner"),
        "partner.went_out": _p("event", "%(partner)s no longer takes part"),
        "partner.takes_part": _p("event", "Came into %(place)s"),
        "partner.ended": _p("event", "No longer takes part in %(place)s"),
    }
)
