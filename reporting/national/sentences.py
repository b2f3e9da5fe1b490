"""What the national report says in whole sentences, the same on the page and on paper."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reporting.lifecycle import ReportState
from reporting.national.comparisons import IN_CLUSTER, IN_ESTABLISHED_CLUSTER, NOBODY
from reporting.stored.national import NationalData, ReportStatus, TargetStatus
from reporting.stored.values import ShareOfSize


def headline(data: NationalData) -> str:
    """The report's finding in one sentence: how the smallest stand beside the largest."""
    sizes = data.totals[IN_CLUSTER].sizes
    small, large = (sizes.get(size, NOBODY).percent for size in ("small", "large"))
    gap = large - small
    if gap > 0:
        return _(
            "%(small)s%% of the small municipalities are in a cluster, %(gap)s percentage points behind the large"
        ) % {
            "small": small,
            "gap": gap,
        }
    return _("%(small)s%% of the small municipalities are in a cluster, as many as of the large or more") % {
        "small": small
    }


def basis(data: NationalData) -> str:
    """How many municipalities are in clusters, and what the figures rest on."""
    return _(
        "At the end of the year %(count)d of %(all)d municipalities were in an established cluster."
        " %(approved)d of %(expected)d regions have an approved report; for the others the register is counted."
    ) % {
        "count": data.totals[IN_ESTABLISHED_CLUSTER].count,
        "all": data.totals[IN_ESTABLISHED_CLUSTER].of,
        "approved": data.received.approved,
        "expected": data.received.expected,
    }


def reports_received(data: NationalData) -> str:
    """How many of the regions' reports came, and how many of them on time."""
    received = data.received
    return _("Expected %(expected)d, received %(received)d, on time %(on_time)d.") % {
        "expected": received.expected,
        "received": received.received,
        "on_time": received.on_time,
    }


def reports_not_approved(data: NationalData) -> list[str]:
    """Who has not reported, and whose report is not approved, by name; empty when all are approved."""
    received = data.received
    lines = []
    if received.missing:
        lines.append(_("Not received: %(regions)s.") % {"regions": ", ".join(received.missing)})
    if received.not_approved:
        lines.append(_("Received, but not approved: %(regions)s.") % {"regions": ", ".join(received.not_approved)})
    return lines


def indicators_without_figures(data: NationalData) -> str:
    """The indicators nobody has a figure for this year, by name, in a sentence; empty when all have one."""
    names = sorted(
        [
            *(f"{row.code} {row.name}" for row in data.indicators if row.value is None),
            *(f"{row.code} {row.name}" for row in data.uncounted),
        ]
    )
    return _("No figures yet: %(names)s.") % {"names": ", ".join(names)} if names else ""


def share_texts(shares: Sequence[ShareOfSize]) -> list[str]:
    """The shares as text, a dash for nobody, and last how far the large are ahead of the small in percentage points."""
    points = shares[-1].percent - shares[0].percent
    gap = f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"
    return [*(f"{share.percent} %" if share.whole else "–" for share in shares), gap]


def target_status_text(status: TargetStatus) -> str:
    texts = {
        "reached": pgettext("target", "Reached"),
        "nearly": pgettext("target", "Nearly"),
        "missed": pgettext("target", "Not reached"),
    }
    return texts.get(status, "–")


def report_status_text(report: ReportStatus) -> str:
    """How far the region's report has come, in a few words."""
    if not report.received_on:
        return _("Not received")
    if report.state == ReportState.RETURNED:
        return _("Returned, not handed in again")
    if not report.is_sealed:
        return _("Received, not approved")
    return _("Approved, on time") if report.is_on_time else _("Approved, late")
