"""What grants add to pages of the network (registered from ``apps.py``)."""

from django.utils import timezone

from clusters.models import Cluster
from grants.models import Application, Award, Call
from grants.models.award import AwardQuerySet
from ksf import panels
from ksf.web.requests import Request
from regions.models import Municipality, Region

SHOWN = 10
"""The newest of each; the rest is on the calls' own pages."""


@panels.on("cluster", order=60)
def applications_of_cluster(request: Request, cluster: Cluster) -> panels.Panel | None:
    """The cluster's applications that the reader may open, and the way to start one."""
    rows = list(Application.objects.visible_to(request.user).of_cluster(cluster).for_list()[:SHOWN])
    return panels.Panel("grants/cluster_panel.html", {"applications": rows}) if rows else None


@panels.on("front", order=20)
def open_call(request: Request, _subject: None) -> panels.Panel | None:  # noqa: ARG001
    """The call that closes first."""
    call = Call.objects.open_at(timezone.now()).order_by("deadline_at", "pk").first()
    return panels.Panel("grants/front_panel.html", {"call": call}, place="top") if call else None


@panels.on("region", order=70)
def awards_in_region(request: Request, region: Region) -> panels.Panel | None:
    """The region's seed grants, the newest first."""
    awards = Award.objects.visible_to(request.user).in_region(region)
    return _awards(awards, names_cluster=True)


@panels.on("cluster", order=65)
def awards_of_cluster(request: Request, cluster: Cluster) -> panels.Panel | None:
    """The seed grants a cluster has got."""
    return _awards(Award.objects.visible_to(request.user).of_cluster(cluster))


@panels.on("municipality", order=70)
def awards_to_municipality(request: Request, municipality: Municipality) -> panels.Panel | None:
    """The municipality's own shares of seed grants."""
    return _awards(Award.objects.visible_to(request.user).shared_by(municipality), names_cluster=True)


def _awards(rows: AwardQuerySet, *, names_cluster: bool = False) -> panels.Panel | None:
    awards = list(rows.live().for_list()[: SHOWN + 1])
    context = {"awards": awards[:SHOWN], "has_more": len(awards) > SHOWN, "names_cluster": names_cluster}
    return panels.Panel("grants/award_panel.html", context) if awards else None
