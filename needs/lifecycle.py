"""The life of a knowledge need (domain.md, section 2). Nobody's need disappears: a step back or aside keeps all."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class State(models.TextChoices):
    DRAFT = "draft", _p("need state", "Draft")
    SUBMITTED = "submitted", _p("need state", "Submitted")
    RETURNED = "returned", _p("need state", "Returned for clarification")
    IN_ASSESSMENT = "in_assessment", _p("need state", "In assessment")
    PRIORITISED = "prioritised", _p("need state", "Prioritised")
    RESEARCHABLE = "researchable", _p("need state", "Researchable")
    IN_RESEARCH = "in_research", _p("need state", "In research")
    ANSWERED = "answered", _p("need state", "Answered")
    IN_USE = "in_use", _p("need state", "In use")
    MERGED = "merged", _p("need state", "Merged with another")
    CLOSED = "closed", _p("need state", "Closed")


LINE = (
    State.SUBMITTED,
    State.IN_ASSESSMENT,
    State.PRIORITISED,
    State.RESEARCHABLE,
    State.IN_RESEARCH,
    State.ANSWERED,
    State.IN_USE,
)
"""The main line, as pages show it."""

PUBLISHED = frozenset({*LINE} - {State.SUBMITTED})
"""The states in which a need is open to all: from the moment a coordinator has taken it up."""

ANSWERED = frozenset({State.ANSWERED, State.IN_USE})
"""The states in which the municipality has got an answer."""

OPEN = frozenset({State.SUBMITTED, State.RETURNED, *LINE} - ANSWERED)
"""The states in which somebody still owes the municipality an answer."""

MERGEABLE = frozenset({State.SUBMITTED, State.RETURNED, State.IN_ASSESSMENT, State.PRIORITISED})
"""The states from which a need can be merged into another, and to which undoing it brings it back."""

SENT = frozenset(State) - {State.DRAFT}

NEXT: dict[str, Any] = {
    State.SUBMITTED: _("The regional coordinator reads it, and takes it into assessment or asks the municipality"),
    State.RETURNED: _("The municipality answers the coordinator's question"),
    State.IN_ASSESSMENT: _("The coordinator finds out what is known, and the need can stand in a priority round"),
    State.PRIORITISED: _("The coordinator makes it a researchable question together with researchers"),
    State.RESEARCHABLE: _("Research partners show interest, and a project can begin"),
    State.IN_RESEARCH: _("The research is done, and everyone behind the need is told of the answer"),
    State.ANSWERED: _("The municipalities use the answer, and tell what it changed"),
}
"""What comes next in the life of a need that stands in a state; nothing where its life is over."""

HANDLE = "needs.handle_need"
WRITE = "needs.write_need"
OWN = "needs.own_need"
ENDORSE = "needs.endorse_need"

NEED = Lifecycle(
    "need",
    Step("submit", {State.DRAFT}, State.SUBMITTED, WRITE, _p("need step", "Submit the need")),
    Step("answer", {State.RETURNED}, State.SUBMITTED, WRITE, _p("need step", "Answer and send back")),
    Step(
        "withdraw",
        {State.SUBMITTED, State.RETURNED},
        State.DRAFT,
        WRITE,
        _p("need step", "Withdraw to draft"),
    ),
    Step("take_up", {State.SUBMITTED}, State.IN_ASSESSMENT, HANDLE, _p("need step", "Take into assessment")),
    Step(
        "return",
        {State.SUBMITTED, State.IN_ASSESSMENT},
        State.RETURNED,
        HANDLE,
        _p("need step", "Return with a question"),
    ),
    Step("prioritise", {State.IN_ASSESSMENT}, State.PRIORITISED, HANDLE, _p("need step", "Set as prioritised")),
    Step("formulate", {State.PRIORITISED}, State.RESEARCHABLE, HANDLE, _p("need step", "Set as researchable")),
    Step(
        "start_research",
        {State.PRIORITISED, State.RESEARCHABLE},
        State.IN_RESEARCH,
        HANDLE,
        _p("need step", "Research has started"),
    ),
    Step(
        "give_answer",
        {State.IN_ASSESSMENT, State.PRIORITISED, State.RESEARCHABLE, State.IN_RESEARCH},
        State.ANSWERED,
        HANDLE,
        _p("need step", "Register the answer"),
    ),
    Step("put_to_use", {State.ANSWERED}, State.IN_USE, WRITE, _p("need step", "We have used the answer")),
    Step(
        "merge",
        MERGEABLE,
        State.MERGED,
        HANDLE,
        _p("need step", "Merge with another need"),
    ),
    Step(
        "close",
        {State.SUBMITTED, State.RETURNED, State.IN_ASSESSMENT, State.PRIORITISED, State.RESEARCHABLE},
        State.CLOSED,
        HANDLE,
        _p("need step", "Close with a reason"),
    ),
    *(
        Step(f"unmerge_to_{state}", {State.MERGED}, state, HANDLE, _p("need step", "Undo the merging"))
        for state in sorted(MERGEABLE)
    ),
    Step(
        "decline",
        {State.SUBMITTED, State.RETURNED, State.IN_ASSESSMENT},
        State.CLOSED,
        OWN,
        _p("need step", "This is not our need"),
    ),
    Step("reopen", {State.CLOSED, State.ANSWERED}, State.IN_ASSESSMENT, HANDLE, _p("need step", "Open again")),
)

ACTS = Lifecycle(
    "need",
    Step("write", {State.DRAFT, State.RETURNED}, "", WRITE, _p("need step", "Write")),
    Step("discard", {State.DRAFT}, "", WRITE, _p("need step", "Discard the draft")),
    Step("confirm", SENT - {State.MERGED, State.CLOSED}, "", OWN, _p("need step", "Confirm that the need is ours")),
    Step(
        "endorse", PUBLISHED | {State.SUBMITTED, State.RETURNED}, "", ENDORSE, _p("need step", "We have the same need")
    ),
    Step(
        "assess",
        {State.IN_ASSESSMENT, State.PRIORITISED, State.RESEARCHABLE, State.IN_RESEARCH},
        "",
        HANDLE,
        _p("need step", "Assess what is known"),
    ),
    Step("relate", SENT - {State.MERGED}, "", HANDLE, _p("need step", "Relate to another need")),
    Step("hide", SENT, "", HANDLE, _p("need step", "Hide from the public")),
)
"""What may be done to a need without moving it: the same gate, no change of state."""
