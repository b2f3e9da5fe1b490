"""What one may do with a call, and on the list of them (G3)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grants.lifecycle import CALL, CallState
from grants.models import Application, Call
from grants.models.application import clusters_to_apply_for
from ksf.actor import Actor
from ksf.web.actions import Action, Look


@dataclass(frozen=True)
class CallActions:
    """What one may do with a call, by where it stands on its page.

    ``head`` is about one's own application; ``work`` is where KSF handles what came in, ``changes`` what it changes of
    the call itself. ``close_early`` is asked for twice: nobody can hand in after it.
    """

    head: Sequence[Action]
    work: Sequence[Action]
    changes: Sequence[Action]
    publish: Action | None
    close_early: Action | None
    close: Action | None
    answer: Action | None


CHANGES = {"publish": ("call_edit", "main"), "correct": ("call_correct",), "extend": ("call_extend",)}
"""The page for each step that changes a call before or after it is published."""


def actions_on_call(user: Actor, call: Call, own: Iterable[Application]) -> CallActions:
    """``own`` are the applications to the call that ``user`` writes."""
    labels = {step.name: step.label for step in CALL.steps_for(user, call)}
    may_manage, is_open = user.has_perm("grants.manage_call", call), call.is_open
    named: Mapping[str, str | Promise] = {**labels, "publish": _("Edit the draft"), "correct": _("Correct the call")}
    return CallActions(
        head=[Action(_("To our application"), one.get_absolute_url()) for one in own] or _ways_to_apply(user, call),
        work=_work(call) if may_manage and call.state != CallState.DRAFT else [],
        changes=[
            Action(named[step], reverse(page, args=[call.slug, *part]), look="link")
            for step, (page, *part) in CHANGES.items()
            if step in labels
        ],
        publish=_page("call_publish", call, labels["publish"], "primary") if "publish" in labels else None,
        close_early=_at_once("call_close", call, _("Close now"), "danger") if "close" in labels and is_open else None,
        close=_at_once("call_close", call, labels["close"]) if "close" in labels and not is_open else None,
        answer=_page("call_answer_new", call, _("Publish a question and an answer")) if may_manage else None,
    )


def publish_later(call: Call) -> Action:
    """To the page where a draft is published, from its editor."""
    return _page("call_publish", call, _("Go on to publishing"), "secondary")


def _ways_to_apply(user: Actor, call: Call) -> list[Action]:
    """To start an application, or to sign in first; nothing unless the call is open and one has a cluster (G4)."""
    if not call.is_open:
        return []
    start = reverse("application_start", args=[call.slug])
    if not user.is_authenticated:
        return [Action(_("Sign in and apply"), start)]
    return [Action(_("Start an application"), start)] if clusters_to_apply_for(user).exists() else []


def _work(call: Call) -> list[Action]:
    applications = f"{reverse('application_list')}?{urlencode({'call': call.slug})}"
    return [
        Action(_("Applications"), applications, look="link"),
        _page("review_overview", call, _("Reviews")),
        _page("allocation", call, _("Allocation")),
    ]


def _page(name: str, call: Call, label: str | Promise, look: Look = "link") -> Action:
    return Action(label, reverse(name, args=[call.slug]), look=look)


def _at_once(name: str, call: Call, label: str | Promise, look: Look = "secondary") -> Action:
    return Action(label, reverse(name, args=[call.slug]), is_post=True, look=look)


def actions_on_calls(user: Actor) -> list[Action]:
    """What KSF does on the list of calls."""
    if not user.has_perm("grants.manage_call"):
        return []
    return [
        Action(_("Draft a call"), reverse("call_new")),
        Action(_("All applications"), reverse("application_list"), look="link"),
        Action(_("Appropriations and pots"), reverse("money"), look="link"),
    ]
