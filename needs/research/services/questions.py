"""Making and opening researchable questions; the needs go along where their own life allows (N6)."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.steps import lock, take
from needs.lifecycle import NEED
from needs.models import KnowledgeNeed, ServiceArea
from needs.research.lifecycle import QUESTION, QUESTION_ACTIONS
from needs.research.models import QuestionText, ResearchQuestion
from needs.services import handling


@transaction.atomic
def make_question(
    *,
    title: str,
    needs: Iterable[KnowledgeNeed],
    kind: str = "",
    service_area: ServiceArea | None = None,
    language: str = "nb",
    by: User,
) -> ResearchQuestion:
    """A draft of a question from these needs; those that are prioritised become researchable.

    The question lies in the region of the first need that ``by`` coordinates. Raises PermissionDenied when there is
    none, ValidationError without needs.
    """
    chosen = list(needs)
    if not chosen:
        raise ValidationError({"needs": _("Choose at least one need.")})
    question = ResearchQuestion(
        title=title, kind=kind, language=language, service_area=service_area or chosen[0].service_area, created_by=by,
        region=_region(chosen, by),
    )  # fmt: skip
    if not by.has_perm("needs_research.coordinate_question", question):
        raise PermissionDenied("needs_research.make_question")
    question.save()
    question.needs.set(chosen)
    QuestionText.objects.bulk_create([QuestionText(question=question, part=part) for part in QuestionText.Part])
    audit.record("question.created", question, by=by, needs=[need.pk for need in chosen])
    lift("formulate", chosen, by=by, note=title)
    return question


def _region(needs: list[KnowledgeNeed], by: User) -> Any:
    regions = [need.municipality.region for need in needs]
    own = [region for region in regions if region and region.pk in by.region_ids()]
    return (own or regions)[0]


@transaction.atomic
def edit_question(
    question: ResearchQuestion,
    *,
    title: str,
    needs: Iterable[KnowledgeNeed],
    kind: str,
    service_area: ServiceArea | None,
    language: str,
    by: User,
) -> ResearchQuestion:
    """Change what the question is called, where it comes from and what it asks for."""
    locked = lock(question)
    QUESTION_ACTIONS.check("edit", locked, by=by)
    chosen = list(needs)
    if not chosen:
        raise ValidationError({"needs": _("Choose at least one need.")})
    locked.title, locked.kind, locked.service_area, locked.language = title, kind, service_area, language
    locked.save(update_fields=["title", "kind", "service_area", "language"])
    locked.needs.set(chosen)
    audit.record("question.edited", locked, by=by, title=title, needs=[need.pk for need in chosen])
    lift("formulate", chosen, by=by, note=title)
    return locked


@transaction.atomic
def move_question(step: str, question: ResearchQuestion, *, by: User) -> ResearchQuestion:
    """Take a step of the question's life. The first opening keeps its time; opening needs an outcome to look for."""
    if step != "open":
        return take(QUESTION, step, question, by=by)
    question = lock(question)
    QUESTION.check(step, question, by=by)
    if not question.texts.filter(part__in=["studied", "outcome"]).exclude(content="").exists():
        raise ValidationError(_("Write what is studied, or what one wants to find out, before partners see it."))
    return take(QUESTION, step, question, by=by, opened_at=question.opened_at or timezone.now())


def lift(step: str, needs: Iterable[KnowledgeNeed], *, by: User, note: str) -> list[KnowledgeNeed]:
    """Take ``step`` with those needs that stand where it begins and ``by`` handles; the others stay as they are."""
    allowed = [need for need in needs if NEED.allows(step, need, by=by)]
    return [handling.move(step, need, by=by, note=note) for need in allowed]
