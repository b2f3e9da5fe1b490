"""What needs add to the pages of others: the latest needs, and how many are open."""

from typing import Any

from django.db.models import Count, Q, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from ksf import panels
from ksf.periods import today
from needs.lifecycle import OPEN
from needs.models import KnowledgeNeed

SHOWN = 5


@panels.on("front", order=20)
def needs_in_figures(_request: HttpRequest, _subject: Any) -> panels.Panel | None:
    """How many needs the municipalities have published, and how many have an answer."""
    published = KnowledgeNeed.objects.published()
    count, answered = published.count(), published.answered().count()
    if not count:
        return None
    return panels.Panel("needs/panel_figures.html", {"count": count, "answered": answered}, place="figures")


@panels.on("front", order=20)
def latest_needs(_request: HttpRequest, _subject: Any) -> panels.Panel | None:
    return _panel(KnowledgeNeed.objects.published(), reverse("need_list"))


@panels.on("region", order=30)
def needs_of_region(request: HttpRequest, region: Any) -> panels.Panel | None:
    """The latest needs of the region's municipalities."""
    needs = KnowledgeNeed.objects.visible_to(request.user).findable().narrowed(region=region)
    return _panel(needs, f"{reverse('need_list')}?{urlencode({'region': region.slug})}")


@panels.on("cluster", order=30)
def needs_of_cluster(request: HttpRequest, cluster: Any) -> panels.Panel | None:
    """The latest needs of those who are members today."""
    needs = KnowledgeNeed.objects.visible_to(request.user).findable()
    members = cluster.memberships.filter(period__contains=today()).values("municipality")
    return _panel(needs.filter(municipality__in=members), "")


@panels.on("municipality", order=30)
def needs_of_municipality(request: HttpRequest, municipality: Any) -> panels.Panel | None:
    """The municipality's own needs."""
    needs = KnowledgeNeed.objects.visible_to(request.user).findable()
    return _panel(needs.filter(municipality=municipality), "")


def _panel(needs: Any, more: str) -> panels.Panel | None:
    how_many_open = Window(Count("pk", filter=Q(state__in=OPEN)))
    latest = list(needs.with_place().with_support().annotate(how_many_open=how_many_open).in_order()[:SHOWN])
    if not latest:
        return None
    context = {"needs": latest, "more": more, "open": latest[0].how_many_open}
    return panels.Panel("needs/panel_latest.html", context)
