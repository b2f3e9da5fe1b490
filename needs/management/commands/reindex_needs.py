"""Makes the search index of all sent needs again: no drafts, nothing hidden. Safe to run at any time, and again."""

from typing import Any

from django.core.management.base import BaseCommand

from needs.models import KnowledgeNeed
from needs.search import store


class Command(BaseCommand):
    help = "Make the search index of all needs again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        rows = KnowledgeNeed.objects.findable().order_by("pk").values_list("pk", "title", "description")
        total = store.rebuild(rows.iterator(chunk_size=store.BATCH))
        self.stdout.write(f"{total} needs indexed")
