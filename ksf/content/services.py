"""What is done with news."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ksf import audit
from ksf.accounts.models import User
from ksf.content.lifecycle import NEWS, WRITE
from ksf.content.models import NewsItem
from ksf.steps import lock, take
from ksf.writing.services import keep_earlier

LONG_TEXTS = {"text_nb", "text_nn"}


@transaction.atomic
def write_news(*, by: User, **values: str) -> NewsItem:
    """A draft of a news item. Raises PermissionDenied."""
    _check_may_write(by)
    item = NewsItem.objects.create(created_by=by, **values)
    audit.record("news.written", item, by=by)
    return item


@transaction.atomic
def edit_news(item: NewsItem, *, by: User, **values: str) -> NewsItem:
    """Change the words, of what is published too; the log keeps what they were."""
    _check_may_write(by)
    item = lock(item)
    if changes := audit.changes_of(item, values):
        texts = {field: (getattr(item, field), values[field]) for field in LONG_TEXTS & changes.keys()}
        keep_earlier(item, texts, by=by, begun_by=item.created_by)
        for field in changes:
            setattr(item, field, values[field])
        item.save(update_fields=list(changes))
        audit.record("news.edited", item, by=by, changes=changes)
    return item


def publish(item: NewsItem, *, by: User) -> NewsItem:
    """Show the item to all, dated now; one that was taken back keeps its first day."""
    return take(NEWS, "publish", item, by=by, published_at=item.published_at or timezone.now())


def take_back(item: NewsItem, *, by: User) -> NewsItem:
    """Hide the item from all but those who write news."""
    return take(NEWS, "take_back", item, by=by)


def _check_may_write(by: User) -> None:
    if not by.has_perm(WRITE):
        raise PermissionDenied(WRITE)
