"""The life of a knowledge need (domain.md, section 2). Nobody's need disappears: a step back or aside keeps all."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step


class NeedState(models.TextChoices):
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
    NeedState.SUBMITTED,
    NeedState.IN_ASSESSMENT,
    NeedState.PRIORITISED,
    NeedState.RESEARCHABLE,
    NeedState.IN_RESEARCH,
    NeedState.ANSWERED,
    NeedState.IN_USE,
)
"""The main line, as pages show it."""

PUBLISHED = frozenset({*LINE} - {NeedState.SUBMITTED})
"""The states in which a need is open to all: from the moment a coordinator has taken it up."""

ANSWERED = frozenset({NeedState.ANSWERED, NeedState.IN_USE})
"""The states in which the municipality has got an answer."""

OPEN = frozenset({NeedState.SUBMITTED, NeedState.RETURNED, *LINE} - ANSWERED)
"""The states in which somebody still owes the municipality an answer."""

MERGEABLE = frozenset({NeedState.SUBMITTED, NeedState.RETURNED, NeedState.IN_ASSESSMENT, NeedState.PRIORITISED})
"""The states from which a need can be merged into another, and to which undoing it brings it back."""

SENT = frozenset(NeedState) - {NeedState.DRAFT}

NEXT: dict[str, Any] = {
    NeedState.SUBMITTED: _("The regional coordinator reads it, and takes it into assessment or asks the municipality"),
    NeedState.RETURNED: _("The municipality answers the coordinator's question"),
    NeedState.IN_ASSESSMENT: _("The coordinator finds out what is known, and the need can stand in a priority round"),
    NeedState.PRIORITISED: _("The coordinator makes it a researchable question together with researchers"),
    NeedState.RESEARCHABLE: _("Research partners show interest, and a project can begin"),
    NeedState.IN_RESEARCH: _("The research is carried out, and everyone behind the need gets notice of the answer"),
    NeedState.ANSWERED: _("The municipalities use the answer, and tell what it changed"),
}
"""What comes next in the life of a need that stands in a state; nothing where its life is over."""

HANDLE = "needs.handle_need"
WRITE = "needs.write_need"
OWN = "needs.own_need"
ENDORSE = "needs.endorse_need"

NEED = Lifecycle(
    "need",
    Step("submit", {NeedState.DRAFT}, NeedState.SUBMITTED, WRITE, _p("need step", "Submit the need")),
    Step("answer", {NeedState.RETURNED}, NeedState.SUBMITTED, WRITE, _p("need step", "Answer and send back")),
    Step(
        "withdraw",
        {NeedState.SUBMITTED, NeedState.RETURNED},
        NeedState.DRAFT,
        WRITE,
        _p("need step", "Withdraw to draft"),
    ),
    Step("take_up", {NeedState.SUBMITTED}, NeedState.IN_ASSESSMENT, HANDLE, _p("need step", "Take into assessment")),
    Step(
        "return",
        {NeedState.SUBMITTED, NeedState.IN_ASSESSMENT},
        NeedState.RETURNED,
        HANDLE,
        _p("need step", "Return with a question"),
    ),
    Step("prioritise", {NeedState.IN_ASSESSMENT}, NeedState.PRIORITISED, HANDLE, _p("need step", "Set as prioritised")),
    Step("formulate", {NeedState.PRIORITISED}, NeedState.RESEARCHABLE, HANDLE, _p("need step", "Set as researchable")),
    Step(
        "start_research",
        {NeedState.PRIORITISED, NeedState.RESEARCHABLE},
        NeedState.IN_RESEARCH,
        HANDLE,
        _p("need step", "Research has started"),
    ),
    Step(
        "give_answer",
        {NeedState.IN_ASSESSMENT, NeedState.PRIORITISED, NeedState.RESEARCHABLE, NeedState.IN_RESEARCH},
        NeedState.ANSWERED,
        HANDLE,
        _p("need step", "Register the answer"),
    ),
    Step("put_to_use", {NeedState.ANSWERED}, NeedState.IN_USE, WRITE, _p("need step", "We have used the answer")),
    Step(
        "merge",
        MERGEABLE,
        NeedState.MERGED,
        HANDLE,
        _p("need step", "Merge with another need"),
    ),
    Step(
        "close",
        {
            NeedState.SUBMITTED,
            NeedState.RETURNED,
            NeedState.IN_ASSESSMENT,
            NeedState.PRIORITISED,
            NeedState.RESEARCHABLE,
        },
        NeedState.CLOSED,
        HANDLE,
        _p("need step", "Close with a reason"),
    ),
    *(
        Step(f"unmerge_to_{state}", {NeedState.MERGED}, state, HANDLE, _p("need step", "Undo the merging"))
        for state in sorted(MERGEABLE)
    ),
    Step(
        "decline",
        {NeedState.SUBMITTED, NeedState.RETURNED, NeedState.IN_ASSESSMENT},
        NeedState.CLOSED,
        OWN,
        _p("need step", "This is not our need"),
    ),
    Step(
        "reopen", {NeedState.CLOSED, NeedState.ANSWERED}, NeedState.IN_ASSESSMENT, HANDLE, _p("need step", "Open again")
    ),
)

ACTIONS = Lifecycle(
    "need",
    Step("write", {NeedState.DRAFT, NeedState.RETURNED}, "", WRITE, _p("need step", "Write")),
    Step("discard", {NeedState.DRAFT}, "", WRITE, _p("need step", "Discard the draft")),
    Step(
        "confirm",
        SENT - {NeedState.MERGED, NeedState.CLOSED},
        "",
        OWN,
        _p("need step", "Confirm that the need is ours"),
    ),
    Step(
        "endorse",
        PUBLISHED | {NeedState.SUBMITTED, NeedState.RETURNED},
        "",
        ENDORSE,
        _p("need step", "We have the same need"),
    ),
    Step(
        "assess",
        {NeedState.IN_ASSESSMENT, NeedState.PRIORITISED, NeedState.RESEARCHABLE, NeedState.IN_RESEARCH},
        "",
        HANDLE,
        _p("need step", "Assess what is known"),
    ),
    Step("relate", SENT - {NeedState.MERGED}, "", HANDLE, _p("need step", "Relate to another need")),
    Step("hide", SENT, "", HANDLE, _p("need step", "Hide from the public")),
    beside=NEED,
)
"""What may be done to a need without moving it: the same gate, no change of state."""
