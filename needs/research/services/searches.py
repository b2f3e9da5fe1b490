"""Saved searches: kept, switched off and on, removed, by their owner alone (N7)."""

from django.db import transaction
from django.utils import timezone

from ksf.accounts.models import User
from needs.models import ServiceArea
from needs.research.models import SavedSearch
from regions.models import Region


@transaction.atomic
def save_search(
    *, area: ServiceArea | None = None, region: Region | None = None, kind: str = "", by: User
) -> SavedSearch:
    """Keep the search and mail what is new in it from now on; one saved before is switched on again."""
    search, is_new = SavedSearch.objects.get_or_create(user=by, area=area, region=region, kind=kind)
    if not is_new and not search.is_on:
        switch_search(search, is_on=True)
    return search


@transaction.atomic
def switch_search(search: SavedSearch, *, is_on: bool) -> SavedSearch:
    """Switch its mail off or on. What came while it was off is not sent afterwards."""
    locked = SavedSearch.objects.select_for_update().get(pk=search.pk)
    if is_on and not locked.is_on:
        locked.notified_at = timezone.now()
    locked.is_on = is_on
    locked.save(update_fields=["is_on", "notified_at"])
    return locked


def remove_search(search: SavedSearch) -> None:
    search.delete()
