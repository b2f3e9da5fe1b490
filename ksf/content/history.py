"""What the log's verbs about news are called on screen."""

from django.utils.translation import pgettext_lazy as _p

from ksf.web.history import describe_verbs

describe_verbs(
    {
        "news.written": _p("event", "Written"),
        "news.edited": _p("event", "Changed"),
        "news.publish": _p("event", "Published"),
        "news.take_back": _p("event", "Taken back to draft"),
    }
)
