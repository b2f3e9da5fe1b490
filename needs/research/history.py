"""What the log's verbs about questions, interest and projects are called on screen."""

from django.utils.translation import pgettext_lazy as _p

from ksf.web.history import describe_verbs

describe_verbs(
    {
        "question.created": _p("event", "The question was begun"),
        "question.edited": _p("event", "Title, needs or kind was changed"),
        "question.open": _p("event", "Opened to partners"),
        "question.take_back": _p("event", "Taken back to draft"),
        "question.match": _p("event", "A partner was found"),
        "question.open_again": _p("event", "Opened to partners again"),
        "question.become_project": _p("event", "Became a project"),
        "interest.shown": _p("event", "Interest was shown"),
        "interest.put_in_touch": _p("event", "Put in touch"),
        "interest.decline": _p("event", "Declined with a reason"),
        "interest.withdraw": _p("event", "The interest was withdrawn"),
        "project.created": _p("event", "The project was registered"),
        "project.edited": _p("event", "The description was changed"),
        "project.start": _p("event", "The project started"),
        "project.complete": _p("event", "The project was completed"),
        "project.stop": _p("event", "The project was stopped"),
        "project.joined": _p("event", "%(name)s joined"),
        "project.left": _p("event", "%(name)s left"),
    }
)
