"""The words of news, for those who write them."""

from collections.abc import Mapping

from django.urls import reverse

from ksf.accounts.models import User
from ksf.content.lifecycle import WRITE
from ksf.content.models import NewsItem
from ksf.content.services import LONG_TEXTS, edit_news
from ksf.writing.registry import LongTexts, keeps_versions, labels_of


@keeps_versions
class NewsTexts(LongTexts[NewsItem]):
    model = NewsItem

    def labels(self, user: User, row: NewsItem) -> Mapping[str, str]:
        return labels_of(row, *sorted(LONG_TEXTS)) if user.has_perm(WRITE) else {}

    def may_change(self, user: User, row: NewsItem, field: str) -> bool:  # noqa: ARG002 - what is published too
        return bool(user.has_perm(WRITE))

    def change(self, row: NewsItem, field: str, text: str, *, by: User) -> None:
        edit_news(row, by=by, **{field: text})

    def url(self, row: NewsItem, field: str) -> str:  # noqa: ARG002
        return reverse("news_edit", args=[row.pk])
