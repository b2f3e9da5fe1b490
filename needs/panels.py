"""What needs add to the pages of others: the latest needs, and how many are open."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import Cluster
from ksf import panels
from ksf.accounts.roles import Role
from ksf.periods import today
from ksf.templatetags.ksf import number
from ksf.web.actions import Action
from ksf.web.requests import Request
from needs.lifecycle import ANSWERED, OPEN
from needs.models import KnowledgeNeed
from needs.models.need import KnowledgeNeedQuerySet
from needs.permissions import may_write_needs
from needs.reading.story import lately
from regions.models import Municipality, Region

SHOWN = 5


@panels.on("front", order=20)
def needs_in_figures(_request: Request, _subject: None) -> panels.Panel | None:
    """How many needs the municipalities have published, how many are researched now and how many have an answer."""
    figures = KnowledgeNeed.objects.published().in_figures()
    if not figures["count"]:
        return None
    shown = {**figures, "further": ", ".join(_further(figures))}
    return panels.Panel("needs/panel_figures.html", shown, place="figures")


def _further(figures: dict[str, int]) -> Iterator[str]:
    """What is said beside the number of needs with an answer."""
    used, researched = figures["used"], figures["researched"]
    if used:
        text = ngettext("%(number)s of them is in use", "%(number)s of them are in use", used)
        yield text % {"number": number(used)}
    if researched:
        text = ngettext("%(number)s more is being researched", "%(number)s more are being researched", researched)
        yield text % {"number": number(researched)}


@panels.on("front", order=20)
def latest_needs(_request: Request, _subject: None) -> panels.Panel | None:
    needs = list(KnowledgeNeed.objects.published().for_rows().in_order()[:SHOWN])
    context = {
        "heading": _("New knowledge needs"),
        "lead": _("Written by the municipalities, in their own words. If yours has the same need, you can endorse it."),
        "needs": needs,
        "more": reverse("need_list"),
    }
    return panels.Panel("needs/panel_latest.html", context) if needs else None


@panels.on("region", order=30)
def needs_of_region(request: Request, region: Region) -> panels.Panel | None:
    """The latest needs of the region's municipalities."""
    needs = KnowledgeNeed.objects.visible_to(request.user).alive().narrowed(region=region)
    return _panel(needs, f"{reverse('need_list')}?{urlencode({'region': region.slug})}")


@panels.on("cluster", order=30)
def needs_of_cluster(request: Request, cluster: Cluster) -> panels.Panel | None:
    """The latest needs of those who are members today."""
    needs = KnowledgeNeed.objects.visible_to(request.user).alive()
    members = cluster.memberships.filter(period__contains=today()).values("municipality")
    return _panel(needs.filter(municipality__in=members), "")


@panels.on("municipality", order=30)
def needs_of_municipality(request: Request, municipality: Municipality) -> panels.Panel | None:
    """The municipality's own needs."""
    needs = KnowledgeNeed.objects.visible_to(request.user).alive()
    return _panel(needs.filter(municipality=municipality), "")


@panels.on("my_page", order=5)
def ways_to_needs(request: Request, _subject: None) -> panels.Panel | None:
    """The first thing a contact comes for; others who may write for a municipality have it beside their work."""
    user = request.user
    if not may_write_needs(user):
        return None
    url = reverse("need_new")
    if user.municipality_ids(Role.RD_CONTACT):
        one = Action(_("Submit a need"), url)
    else:
        one = Action(_("Submit a need for a municipality"), url, look="secondary")
    return panels.Panel("components/action.html", {"one": one}, "actions")


@panels.on("my_page", order=10)
def own_needs(request: Request, _subject: None) -> panels.Panel | None:
    """The needs of the municipality one is the contact of."""
    own: Any = request.user.municipality_ids(Role.RD_CONTACT)
    if not own:
        return None
    shown = _panel(KnowledgeNeed.objects.alive().filter(municipality__in=own), "")
    return panels.Panel("needs/my_needs.html", shown.context if shown else {})


@panels.on("my_page", order=40)
def latest_turns(request: Request, _subject: None) -> panels.Panel | None:
    """What happened lately with the needs one follows."""
    if not request.user.has_role(Role.RD_CONTACT, Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR):
        return None  # follows none
    events = lately(KnowledgeNeed.objects.followed_by(request.user), SHOWN, request.user)
    return panels.Panel("needs/my_events.html", {"events": events}) if events else None


def _panel(needs: KnowledgeNeedQuerySet, more: str) -> panels.Panel | None:
    """The newest ones, with how many are open and how many have an answer, in one query."""
    counted = {"how_many_open": needs.how_many(OPEN), "how_many_answered": needs.how_many(ANSWERED)}
    latest = list(needs.for_rows().annotate(**counted).in_order()[:SHOWN])
    if not latest:
        return None
    figures = {"open": latest[0].how_many_open, "answered": latest[0].how_many_answered}
    context = {"heading": _("Knowledge needs"), "needs": latest, "more": more, **figures}
    return panels.Panel("needs/panel_latest.html", context)
