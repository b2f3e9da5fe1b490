"""What reporting adds to a region's page: its plans and reports."""

from ksf import panels
from ksf.web.requests import Request
from regions.models import Region
from reporting.models import RegionalPlan, RegionalReport

SHOWN = 3


@panels.on("region", order=70)
def plans_and_reports(request: Request, region: Region) -> panels.Panel | None:
    """The newest plans and reports the user may open; nothing for others."""
    if not request.user.is_authenticated:
        return None
    reports = list(
        RegionalReport.objects.visible_to(request.user).filter(region=region).for_page().defer("snapshot")[:SHOWN]
    )
    plans = list(RegionalPlan.objects.visible_to(request.user).filter(region=region).for_page()[:SHOWN])
    if not reports and not plans:
        return None
    return panels.Panel("reporting/region_panel.html", {"reports": reports, "plans": plans}, place="aside")
