"""Why something cannot be done now: too early, too late, done by you, done by another, or gone. The log says which."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ksf import audit
from ksf.accounts.models import SYSTEM_EMAIL
from ksf.actor import Actor
from ksf.audit.models import AuditEntry
from ksf.lifecycle import Gone, NotNow, OutOfTime, StepNotAllowed
from ksf.web import dates
from ksf.web.errors import typed_texts
from ksf.web.history import text_of
from ksf.web.pages import render_page
from ksf.web.requests import Request


class WhyNot(Enum):
    TOO_EARLY = "too early"
    TOO_LATE = "too late"
    DONE_BY_YOU = "done by you"
    DONE_BY_ANOTHER = "done by another"
    GONE = "gone"


HEADINGS: Mapping[WhyNot, Promise] = {
    WhyNot.TOO_EARLY: _lazy("It is too early for this"),
    WhyNot.TOO_LATE: _lazy("It is too late for this"),
    WhyNot.DONE_BY_YOU: _lazy("You have done this already"),
    WhyNot.DONE_BY_ANOTHER: _lazy("Somebody else has done this already"),
    WhyNot.GONE: _lazy("This has been discarded"),
}
EXPLANATIONS: Mapping[WhyNot, Promise] = {
    WhyNot.TOO_EARLY: _lazy("It cannot be done yet. Nothing has been changed, and you can try again when it can."),
    WhyNot.TOO_LATE: _lazy("It can no longer be done. Nothing has been changed now."),
    WhyNot.DONE_BY_YOU: _lazy("It was received when you did it, and it is not done twice."),
    WhyNot.DONE_BY_ANOTHER: _lazy("It is done, so you need not do it. Nothing has been changed now."),
    WhyNot.GONE: _lazy("It is no longer there, so nothing can be done with it."),
}


@dataclass(frozen=True)
class Refusal:
    """Why something cannot be done now; ``facts`` are names with values: what was done, by whom, when, what is so now.

    ``since`` is when it was done, where it was.
    """

    reason: WhyNot
    facts: list[tuple[str, str]]
    since: datetime | None = None

    @property
    def heading(self) -> Promise:
        return HEADINGS[self.reason]

    @property
    def explanation(self) -> Promise:
        return EXPLANATIONS[self.reason]


def why(refused: NotNow, reader: Actor) -> Refusal:
    """Why it cannot be done, as one says it to ``reader``. Whoever is asked about has the permission already (X1)."""
    match refused:
        case OutOfTime():
            return _out_of_time(refused)
        case StepNotAllowed():
            return _out_of_turn(refused, reader)
        case _:
            discarded = audit.history(refused.obj).first()  # type: ignore[arg-type]  # what is gone was a row
            return Refusal(WhyNot.GONE, _done(discarded, reader))


def _out_of_time(refused: OutOfTime) -> Refusal:
    if timezone.now() < refused.opens_at:
        return Refusal(WhyNot.TOO_EARLY, [(_("Can be done from"), dates.in_words(refused.opens_at))])
    return Refusal(WhyNot.TOO_LATE, [(_("Could be done until"), dates.in_words(refused.closes_at))])


def _out_of_turn(refused: StepNotAllowed, reader: Actor) -> Refusal:
    """The step that last led out of the states from which this one is taken says why.

    It was this step, or another; and where none has, those states are still ahead, or cannot be reached at all.
    """
    lifecycle, step = refused.lifecycle, refused.step
    obj: Any = refused.obj  # Any: a model that has a state, which Django's types cannot say
    verbs = {f"{lifecycle.name}.{name}" for name in lifecycle.moves}
    moves = audit.history(obj).filter(verb__in=verbs)
    sources = list(step.sources)
    left = moves.filter(data__before__in=sources).exclude(data__after__in=sources).first()
    now = [(_("State now"), _label(obj, obj.state))]
    if left is None and lifecycle.leads(obj.state, step.sources):
        awaited = ", ".join(sorted(_label(obj, state) for state in step.sources))
        return Refusal(WhyNot.TOO_EARLY, [*now, (_("Can be done when the state is"), awaited)])
    if left is None or left.verb != f"{lifecycle.name}.{step.name}":
        return Refusal(WhyNot.TOO_LATE, [*_done(left or moves.first(), reader), *now])
    reason = WhyNot.DONE_BY_YOU if left.actor_id == reader.pk else WhyNot.DONE_BY_ANOTHER
    return Refusal(reason, [*_done(left, reader), *now], left.at)


def _done(entry: AuditEntry | None, reader: Actor) -> list[tuple[str, str]]:
    """What was done, by whom, in which role, and when."""
    if entry is None:
        return []
    what = [(_("What was done"), text_of(entry))] if text_of(entry) else []
    return [*what, (_("Done by"), _who(entry, reader)), (_("When"), dates.in_words(entry.at))]


def _who(entry: AuditEntry, reader: Actor) -> str:
    if entry.actor_id == reader.pk:
        return _("You")
    if entry.actor.email == SYSTEM_EMAIL:
        return str(entry.actor)
    return entry.acting_as or _("Another person")


def _label(obj: Model, state: str) -> str:
    """What the state is called on screen."""
    field: Any = obj._meta.get_field("state")  # noqa: SLF001  Any: a field with choices
    return str(dict(field.flatchoices)[state])


def _address(refused: NotNow) -> str:
    """Where the object is shown; nothing for what has no page, or is no longer there."""
    find = getattr(refused.obj, "get_absolute_url", None)
    return "" if find is None or isinstance(refused, Gone) else find()


class NotNowMiddleware:
    """Answer what cannot be done now with why (409), and with what was written.

    A step one has taken oneself, asked for again, is no conflict: on to the object as it is, with when it was done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotNow):
            return None
        refusal, typed = why(exception, request.user), typed_texts(request)
        address = _address(exception)
        is_press = request.method == "POST" and not (typed or request.htmx)
        if refusal.reason is WhyNot.DONE_BY_YOU and refusal.since and is_press and address:
            said = _("You have done this already, %(when)s.") % {"when": dates.in_words(refusal.since)}
            messages.info(request, said)
            return redirect(address)
        context = {"refusal": refusal, "address": address, "typed": typed}
        response = render_page(request, "409.html", context, partial="notice", status=HTTPStatus.CONFLICT)
        if request.htmx:  # the page stays as it is, with the notice on top
            response["HX-Retarget"], response["HX-Reswap"] = "#main", "afterbegin"
        return response
