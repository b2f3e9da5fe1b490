"""What one may do with a piece of news, as data for its page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ksf.actor import Actor
from ksf.content.lifecycle import NEWS, WRITE
from ksf.content.models import NewsItem
from ksf.web.actions import Action


def news_actions(user: Actor, item: NewsItem) -> list[Action]:
    """The steps of its life, to publish as the main one, and to change it; nothing for those who only read."""
    if not user.has_perm(WRITE):
        return []
    return [*_steps(user, item), Action(_("Change"), reverse("news_edit", args=[item.pk]), look="secondary")]


def new_news(user: Actor) -> Action | None:
    return Action(_("New news item"), reverse("news_new")) if user.has_perm(WRITE) else None


def _steps(user: Actor, item: NewsItem) -> list[Action]:
    return [
        Action(
            step.label,
            reverse("news_step", args=[item.pk, step.name]),
            is_post=True,
            look="primary" if step.name == "publish" else "tertiary",
        )
        for step in NEWS.steps_for(user, item)
    ]
