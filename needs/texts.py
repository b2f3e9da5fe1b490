"""The words of needs: those of the municipality for its writers, what is known for those who assess it (X1)."""

from collections.abc import Mapping

from django.urls import reverse

from ksf.accounts.models import User
from ksf.writing.registry import LongTexts, keeps_versions, labels_of
from needs.lifecycle import ACTIONS, HANDLE, WRITE
from needs.models import KnowledgeNeed
from needs.services import drafts, handling


@keeps_versions
class NeedTexts(LongTexts[KnowledgeNeed]):
    model = KnowledgeNeed

    def find(self, pk: int) -> KnowledgeNeed | None:
        return KnowledgeNeed.objects.with_place().filter(pk=pk).first()

    def labels(self, user: User, row: KnowledgeNeed) -> Mapping[str, str]:
        own = labels_of(row, "description", "consequence") if user.has_perm(WRITE, row) else {}
        known = labels_of(row, "known_summary") if user.has_perm(HANDLE, row) else {}
        return {**own, **known}

    def may_change(self, user: User, row: KnowledgeNeed, field: str) -> bool:
        return ACTIONS.allows("assess" if field == "known_summary" else "write", row, by=user)

    def change(self, row: KnowledgeNeed, field: str, text: str, *, by: User) -> None:
        if field != "known_summary":
            drafts.save_draft({field: text}, by=by, key=row.draft_key, version=row.draft_version)
            return
        handling.assess(
            row,
            outcome=KnowledgeNeed.Assessment(row.assessment),
            summary=text,
            sources=list(row.sources.values_list("title", "url")),
            method_assessment_url=row.method_assessment_url,
            by=by,
        )

    def url(self, row: KnowledgeNeed, field: str) -> str:
        return reverse("need_assess", args=[row.pk]) if field == "known_summary" else row.get_absolute_url()
