"""The weekly mail of what is new in saved searches (N7)."""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from django.utils import timezone

from ksf.accounts.models import Appointment
from ksf.audit.models import AuditEntry
from needs.models import KnowledgeNeed
from needs.research.models import ResearchQuestion, SavedSearch
from needs.research.notifications import send_news


@shared_task
def send_saved_searches() -> None:
    """Every Monday: mail each saved search that is on and has something new. What has been sent is not sent again."""
    for pk in SavedSearch.objects.filter(is_on=True).values_list("pk", flat=True):
        send_search(pk)


@transaction.atomic
def send_search(pk: int) -> bool:
    """Tell one search's owner what came since the last time; False when there was nothing, or another is at it.

    Who holds no role any more gets none.
    """
    rows = SavedSearch.objects.select_for_update(of=("self",), skip_locked=True).filter(
        is_on=True, user__is_active=True, user__in=Appointment.objects.in_force().values("user")
    )
    search = rows.select_related("user", "area", "region").filter(pk=pk).first()
    if search is None:
        return False
    now = timezone.now()
    news = news_for(search, since=search.notified_at)
    search.notified_at = now
    search.save(update_fields=["notified_at"])
    if not any(news.values()):
        return False
    send_news(search, news, url=search.get_absolute_url())
    return True


def news_for(search: SavedSearch, *, since: datetime) -> dict[str, list[Any]]:
    """The open questions and, unless a kind of research is asked for, the needs published after ``since``."""
    questions = ResearchQuestion.objects.open().filter(opened_at__gt=since).narrowed(**search.filters)
    if search.kind:
        return {"questions": list(questions), "needs": []}
    taken_up = AuditEntry.objects.filter(verb="need.take_up", subject_type="needs.knowledgeneed", at__gt=since)
    ids = taken_up.annotate(need_id=Cast("subject_id", BigIntegerField())).values("need_id")
    needs = KnowledgeNeed.objects.published().filter(pk__in=ids).narrowed(**search.filters)
    return {"questions": list(questions), "needs": list(needs)}
