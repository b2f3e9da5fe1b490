"""The life of a news item (P1)."""

from django.db import models
from django.utils.translation import pgettext_lazy as _p

from ksf.lifecycle import Lifecycle, Step

WRITE = "content.write_news"


class NewsState(models.TextChoices):
    DRAFT = "draft", _p("news state", "Draft")
    PUBLISHED = "published", _p("news state", "Published")


NEWS = Lifecycle(
    "news",
    Step("publish", {NewsState.DRAFT}, NewsState.PUBLISHED, WRITE, _p("news step", "Publish")),
    Step("take_back", {NewsState.PUBLISHED}, NewsState.DRAFT, WRITE, _p("news step", "Take back to draft")),
)
