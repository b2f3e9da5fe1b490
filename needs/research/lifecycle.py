"""The lives of a researchable question, of a partner's interest, and of a research project (N6, N7, N9)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step

COORDINATE = "needs_research.coordinate_question"
WRITE = "needs_research.write_question"
ASK = "needs_research.show_interest"
ANSWER = "needs_research.answer_interest"
OWN = "needs_research.own_interest"
EDIT = "needs_research.edit_project"


class QuestionState(models.TextChoices):
    DRAFT = "draft", _p("question state", "Draft")
    OPEN = "open", _p("question state", "Open to partners")
    MATCHED = "matched", _p("question state", "Matched")
    IN_PROJECT = "in_project", _p("question state", "In a project")


QUESTION_LINE = tuple(QuestionState)
PUBLIC_QUESTIONS = frozenset(QuestionState) - {QuestionState.DRAFT}
"""The states in which a question is open to all."""

QUESTION = Lifecycle(
    "question",
    Step("open", {QuestionState.DRAFT}, QuestionState.OPEN, COORDINATE, _p("question step", "Open to partners")),
    Step("take_back", {QuestionState.OPEN}, QuestionState.DRAFT, COORDINATE, _p("question step", "Take back to draft")),
    Step("match", {QuestionState.OPEN}, QuestionState.MATCHED, COORDINATE, _p("question step", "A partner is found")),
    Step(
        "open_again",
        {QuestionState.MATCHED},
        QuestionState.OPEN,
        COORDINATE,
        _p("question step", "Nothing came of it: open again"),
    ),
    Step(
        "become_project",
        {QuestionState.OPEN, QuestionState.MATCHED},
        QuestionState.IN_PROJECT,
        COORDINATE,
        _p("question step", "Has become a project"),
    ),
)

QUESTION_ACTIONS = Lifecycle(
    "question",
    Step(
        "write",
        frozenset(QuestionState) - {QuestionState.IN_PROJECT},
        "",
        WRITE,
        _p("question step", "Write the question"),
    ),
    Step(
        "edit",
        frozenset(QuestionState) - {QuestionState.IN_PROJECT},
        "",
        COORDINATE,
        _p("question step", "Change title, needs and kind"),
    ),
    Step("ask", {QuestionState.OPEN, QuestionState.MATCHED}, "", ASK, _p("question step", "Show interest")),
    beside=QUESTION,
)
"""What may be done to a question without moving it."""


class InterestState(models.TextChoices):
    WAITING = "waiting", _p("interest state", "Waiting for the coordinator")
    IN_TOUCH = "in_touch", _p("interest state", "Put in touch")
    DECLINED = "declined", _p("interest state", "No, thank you")
    WITHDRAWN = "withdrawn", _p("interest state", "Withdrawn")


INTEREST = Lifecycle(
    "interest",
    Step("put_in_touch", {InterestState.WAITING}, InterestState.IN_TOUCH, ANSWER, _p("interest step", "Put in touch")),
    Step("decline", {InterestState.WAITING}, InterestState.DECLINED, ANSWER, _p("interest step", "No, thank you")),
    Step("withdraw", {InterestState.WAITING}, InterestState.WITHDRAWN, OWN, _p("interest step", "Withdraw")),
)


class ProjectState(models.TextChoices):
    PLANNED = "planned", _p("project state", "Planned")
    UNDER_WAY = "under_way", _p("project state", "Under way")
    COMPLETED = "completed", _p("project state", "Completed")
    STOPPED = "stopped", _p("project state", "Stopped")


PROJECT_LINE = (ProjectState.PLANNED, ProjectState.UNDER_WAY, ProjectState.COMPLETED)
PUBLIC_PROJECTS = frozenset(ProjectState) - {ProjectState.PLANNED}
"""The states in which a project is open to all."""

PROJECT = Lifecycle(
    "project",
    Step("start", {ProjectState.PLANNED}, ProjectState.UNDER_WAY, EDIT, _p("project step", "The project has started")),
    Step(
        "complete",
        {ProjectState.UNDER_WAY},
        ProjectState.COMPLETED,
        EDIT,
        _p("project step", "The project is completed"),
    ),
    Step(
        "stop",
        {ProjectState.PLANNED, ProjectState.UNDER_WAY},
        ProjectState.STOPPED,
        EDIT,
        _p("project step", "The project is stopped"),
    ),
)
