"""News on the open pages (P1)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ksf.actor import Actor
from ksf.content.lifecycle import NewsState


class NewsItemQuerySet(models.QuerySet):
    def published(self) -> Self:
        return self.filter(state=NewsState.PUBLISHED)

    def visible_to(self, user: Actor) -> Self:
        """What is published; drafts too for those who write news (X1)."""
        return self if user.has_perm("content.write_news") else self.published()


class NewsItem(models.Model):
    """A short piece of news in bokmål, and in nynorsk where somebody has written it."""

    TONES = {NewsState.DRAFT: "info", NewsState.PUBLISHED: "success"}

    title_nb = models.CharField(_("Title"), max_length=120)
    text_nb = models.TextField(_("Text"), max_length=6_000)
    title_nn = models.CharField(_("Title in nynorsk"), max_length=120, blank=True)
    text_nn = models.TextField(_("Text in nynorsk"), max_length=6_000, blank=True)
    state = models.CharField(max_length=20, choices=NewsState, default=NewsState.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NewsItemQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="news_state_known", condition=Q(state__in=NewsState.values)),
            models.CheckConstraint(
                name="news_published_has_time", condition=Q(state=NewsState.DRAFT) | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="news_nynorsk_whole",
                condition=Q(title_nn="", text_nn="") | ~Q(title_nn="") & ~Q(text_nn=""),
                violation_error_message=_("Write both title and text in nynorsk, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.state == NewsState.PUBLISHED

    @property
    def language(self) -> str:
        """The language the reader gets it in: nynorsk for those who read nynorsk, where it is written."""
        return "nn" if get_language() == "nn" and self.title_nn else "nb"

    @property
    def title(self) -> str:
        return self.title_nn if self.language == "nn" else self.title_nb

    @property
    def text(self) -> str:
        return self.text_nn if self.language == "nn" else self.text_nb
