"""What grants add to pages of the network (registered from ``apps.py``)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from grants.models import Application, Call
from ksf import panels


@panels.on("cluster", order=60)
def applications_of_cluster(request: HttpRequest, cluster: Any) -> panels.Panel | None:
    """The cluster's applications that the reader may open, and the way to start one."""
    rows = list(Application.objects.visible_to(request.user).filter(cluster=cluster).for_list())
    return panels.Panel("grants/cluster_panel.html", {"applications": rows}) if rows else None


@panels.on("front", order=20)
def open_call(request: HttpRequest, _subject: Any) -> panels.Panel | None:  # noqa: ARG001
    """The call that closes first."""
    call = Call.objects.open_at(timezone.now()).select_related("pot__appropriation").order_by("deadline_at").first()
    return panels.Panel("grants/front_panel.html", {"call": call}, place="top") if call else None
