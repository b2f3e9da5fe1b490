"""What a reader may do with questions, projects and interest shown, and on the way from a need to them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf.actor import Actor
from ksf.web.actions import Action
from needs.lifecycle import PUBLISHED
from needs.models import KnowledgeNeed
from needs.research.lifecycle import PROJECT, QUESTION, QUESTION_ACTIONS
from needs.research.models import Interest, Participation, ResearchProject, ResearchQuestion
from needs.research.services import interests


def actions_on_need(user: Actor, need: KnowledgeNeed) -> list[Action]:
    """How a published need comes on its way to research."""
    if need.is_hidden or need.state not in PUBLISHED:
        return []
    found = []
    if user.has_perm("needs_research.show_interest"):
        found.append(Action(_("Show interest"), reverse("need_interest", args=[need.pk]), look="secondary"))
    if user.has_perm("needs_research.make_question") and user.has_perm("needs.handle_need", need):
        url = reverse("question_new", query={"behov": need.pk})
        found.append(Action(_("Make it a researchable question"), url, look="link"))
    return found


def actions_on_question(user: Actor, question: ResearchQuestion) -> list[Action]:
    """The step that is likeliest first: becoming a project, where it may."""
    open_actions = {step.name for step in QUESTION_ACTIONS.steps_for(user, question)}
    steps = {step.name: step.label for step in QUESTION.steps_for(user, question)}
    may_become_project = bool(steps.pop("become_project", None))
    found = []
    if "ask" in open_actions:
        found.append(Action(_("Show interest"), reverse("question_interest", args=[question.pk])))
    for number, (name, label) in enumerate(steps.items()):
        url = reverse("question_step", args=[question.pk, name])
        is_main = number == 0 and not may_become_project
        found.append(Action(label, url, is_post=True, look="primary" if is_main else "secondary"))
    if may_become_project:
        found.append(Action(_("Make it a project"), reverse("project_new", query={"problemstilling": question.pk})))
    if "edit" in open_actions:
        url = reverse("question_edit", args=[question.pk])
        found.append(Action(_("Change title, needs and kind"), url, look="tertiary"))
    return found


def actions_on_project(user: Actor, project: ResearchProject) -> list[Action]:
    """The next step first, and a change of what is written, for those who may edit it."""
    if not user.has_perm("needs_research.edit_project", project):
        return []
    steps = [
        Action(
            step.label, reverse("project_step", args=[project.pk, step.name]), look="tertiary" if number else "primary"
        )
        for number, step in enumerate(PROJECT.steps_for(user, project))
    ]
    return [*steps, Action(_("Change"), reverse("project_edit", args=[project.pk]), look="secondary")]


def participations_with_actions(user: Actor, project: ResearchProject) -> list[tuple[Participation, Action | None]]:
    """Who takes part, and for those who may edit the project how each is taken out of it."""
    may_edit = user.has_perm("needs_research.edit_project", project)
    return [
        (part, _leave(project, part) if may_edit else None)
        for part in project.participations.select_related("municipality")
    ]


def _leave(project: ResearchProject, part: Participation) -> Action:
    url = reverse("project_leave", args=[project.pk, part.pk])
    return Action(_("Remove"), url, is_post=True, look="tertiary", about=part.municipality)


def actions_on_interest(user: Actor, interest: Interest) -> list[Action]:
    """What comes of a partner and a coordinator who have been put in touch."""
    if not (interests.is_matched(interest) and user.has_perm("needs_research.answer_interest", interest)):
        return []
    found = [Action(_("Make it a project"), reverse("project_new", query={"interesse": interest.pk}))]
    if interest.need_id:
        url = reverse("question_new", query={"behov": interest.need_id})
        found.append(Action(_("Write a question together"), url, look="secondary"))
    return found


def new_question(user: Actor) -> Action | None:
    may_make = user.has_perm("needs_research.make_question")
    return Action(_("New question"), reverse("question_new")) if may_make else None


def new_project(user: Actor) -> Action | None:
    may_make = user.has_perm("needs_research.make_project")
    return Action(_("Register a project"), reverse("project_new")) if may_make else None
