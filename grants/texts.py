"""The words of calls for KSF's staff, of applications for those who apply, of reviews for their reviewer (X1)."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.lifecycle import APPLICATION, CALL, REVIEW, CallState
from grants.models import Answer, AnsweredQuestion, Call, CallTextKind, Review, Score
from grants.services import call as calls
from ksf.accounts.models import User
from ksf.writing.registry import LongTexts, keeps_versions, labels_of
from ksf.writing.services import write

FORMS = ("nb", "nn")


@keeps_versions
class AnswerTexts(LongTexts[Answer]):
    model = Answer

    def find(self, pk: int) -> Answer | None:
        return (
            Answer.objects.select_related("question", "application__call", "application__cluster").filter(pk=pk).first()
        )

    def labels(self, user: User, row: Answer) -> Mapping[str, str]:
        may_read = user.has_perm("grants.write_application", row.application)
        return {"content": str(row.question.label)} if may_read else {}

    def may_change(self, user: User, row: Answer, field: str) -> bool:  # noqa: ARG002 - it has one
        return APPLICATION.allows("submit", row.application, by=user)

    def change(self, row: Answer, field: str, text: str, *, by: User) -> None:  # noqa: ARG002
        write(row, text, version=row.version, by=by)

    def url(self, row: Answer, field: str) -> str:  # noqa: ARG002
        return row.application.get_absolute_url()


@keeps_versions
class ReviewTexts(LongTexts[Review]):
    model = Review

    def find(self, pk: int) -> Review | None:
        return Review.objects.select_related("application__cluster").filter(pk=pk).first()

    def labels(self, user: User, row: Review) -> Mapping[str, str]:
        return {"content": _("Your view in all")} if user.has_perm("grants.write_review", row) else {}

    def may_change(self, user: User, row: Review, field: str) -> bool:  # noqa: ARG002 - it has one
        return REVIEW.allows("hand_in", row, by=user)

    def change(self, row: Review, field: str, text: str, *, by: User) -> None:  # noqa: ARG002
        write(row, text, version=row.version, by=by)

    def url(self, row: Review, field: str) -> str:  # noqa: ARG002
        return row.get_absolute_url()


@keeps_versions
class ScoreTexts(LongTexts[Score]):
    model = Score

    def find(self, pk: int) -> Score | None:
        found = Score.objects.select_related("review__application__cluster", "criterion__award_criterion")
        return found.filter(pk=pk).first()

    def labels(self, user: User, row: Score) -> Mapping[str, str]:
        return {"content": str(row.criterion)} if user.has_perm("grants.write_review", row.review) else {}

    def may_change(self, user: User, row: Score, field: str) -> bool:  # noqa: ARG002 - it has one
        return REVIEW.allows("hand_in", row.review, by=user)

    def change(self, row: Score, field: str, text: str, *, by: User) -> None:  # noqa: ARG002
        write(row, text, version=row.version, by=by)

    def url(self, row: Score, field: str) -> str:  # noqa: ARG002
        return row.review.get_absolute_url()


@keeps_versions
class CallTexts(LongTexts[Call]):
    """Their fields are a kind and a written form, such as ``use_nn``. What is published is corrected with a notice."""

    model = Call

    def labels(self, user: User, row: Call) -> Mapping[str, str]:
        if not user.has_perm("grants.manage_call", row):
            return {}
        names = {"nb": _("bokmål"), "nn": _("nynorsk")}
        return {f"{kind}_{form}": f"{kind.label}, {names[form]}" for kind in CallTextKind for form in FORMS}

    def text(self, row: Call, field: str) -> str:
        kind, _sep, form = field.rpartition("_")
        found = row.texts.filter(kind=kind).first()
        return getattr(found, f"text_{form}") if found else ""

    def may_change(self, user: User, row: Call, field: str) -> bool:  # noqa: ARG002 - all or none
        return CALL.allows("publish", row, by=user)

    def change(self, row: Call, field: str, text: str, *, by: User) -> None:
        texts = {one.kind: {"nb": one.text_nb, "nn": one.text_nn} for one in row.texts.all()}
        kind, _sep, form = field.rpartition("_")
        texts.setdefault(kind, {"nb": "", "nn": ""})[form] = text
        calls.set_texts(row, {kind: (both["nb"], both["nn"]) for kind, both in texts.items()}, by=by)

    def url(self, row: Call, field: str) -> str:  # noqa: ARG002
        return (
            reverse("call_edit", args=[row.slug, "texts"]) if row.state == CallState.DRAFT else row.get_absolute_url()
        )


@keeps_versions
class PublicAnswerTexts(LongTexts[AnsweredQuestion]):
    model = AnsweredQuestion

    def find(self, pk: int) -> AnsweredQuestion | None:
        return AnsweredQuestion.objects.select_related("call").filter(pk=pk).first()

    def labels(self, user: User, row: AnsweredQuestion) -> Mapping[str, str]:
        return labels_of(row, *sorted(calls.ANSWERED)) if user.has_perm("grants.manage_call", row.call) else {}

    def may_change(self, user: User, row: AnsweredQuestion, field: str) -> bool:  # noqa: ARG002 - all or none
        return bool(user.has_perm("grants.manage_call", row.call))

    def change(self, row: AnsweredQuestion, field: str, text: str, *, by: User) -> None:
        calls.answer_question(row.call, row=row, by=by, **{field: text})

    def url(self, row: AnsweredQuestion, field: str) -> str:  # noqa: ARG002
        return reverse("call_answer", args=[row.call.slug, row.pk])
