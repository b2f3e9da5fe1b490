"""The parts of questions and the summaries of projects, for those who write them."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from ksf.accounts.models import User
from ksf.writing.registry import LongTexts, keeps_versions, labels_of
from ksf.writing.services import write
from needs.research.lifecycle import QUESTION_ACTIONS, WRITE
from needs.research.models import QuestionText, ResearchProject
from needs.research.services.projects import MANY, edit_project


@keeps_versions
class QuestionTexts(LongTexts[QuestionText]):
    model = QuestionText

    def find(self, pk: int) -> QuestionText | None:
        return QuestionText.objects.select_related("question").filter(pk=pk).first()

    def labels(self, user: User, row: QuestionText) -> Mapping[str, str]:
        return {"content": row.get_part_display()} if user.has_perm(WRITE, row.question) else {}

    def may_change(self, user: User, row: QuestionText, field: str) -> bool:  # noqa: ARG002 - it has one
        return QUESTION_ACTIONS.allows("write", row.question, by=user)

    def change(self, row: QuestionText, field: str, text: str, *, by: User) -> None:  # noqa: ARG002
        write(row, text, version=row.version, by=by)

    def url(self, row: QuestionText, field: str) -> str:  # noqa: ARG002
        return row.question.get_absolute_url()


@keeps_versions
class ProjectTexts(LongTexts[ResearchProject]):
    model = ResearchProject

    def labels(self, user: User, row: ResearchProject) -> Mapping[str, str]:
        return labels_of(row, "summary") if user.has_perm("needs_research.edit_project", row) else {}

    def may_change(self, user: User, row: ResearchProject, field: str) -> bool:  # noqa: ARG002 - it has one
        return bool(user.has_perm("needs_research.edit_project", row))

    def change(self, row: ResearchProject, field: str, text: str, *, by: User) -> None:
        values: dict[str, Any] = {name: list(getattr(row, name).all()) for name in MANY}  # Any: rows, and a text
        values[field] = text
        edit_project(row, version=row.version, starts_on=row.starts_on, last_day=row.last_day, by=by, **values)

    def url(self, row: ResearchProject, field: str) -> str:  # noqa: ARG002
        return reverse("project_edit", args=[row.pk])
