"""What the national report says in whole sentences, the same on the page and on paper."""

from collections.abc import Sequence
from datetime import date

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reporting.lifecycle import ReportState
from reporting.national.drawings import Data
from reporting.snapshot import in_language


def day_in_words(iso: str) -> str:
    return formatted(date.fromisoformat(iso), pgettext("date format", "j F Y"))


def headline(data: Data) -> str:
    """The report's finding in one sentence: how the smallest stand beside the largest."""
    sizes = data["totals"]["in_cluster"]["sizes"]
    small, large = (share(*sizes.get(size, (0, 0))) for size in ("small", "large"))
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


def lead(data: Data) -> str:
    """What the figures rest on, in a sentence."""
    received = data["received"]
    return _(
        "At the end of the year %(count)d of %(all)d municipalities were in an established cluster."
        " %(approved)d of %(expected)d regions have an approved report; for the others the register is counted."
    ) % {
        "count": data["totals"]["in_established_cluster"]["count"],
        "all": data["totals"]["in_established_cluster"]["of"],
        "approved": received["approved"],
        "expected": received["expected"],
    }


def received_line(data: Data) -> str:
    return _("Expected %(expected)d, received %(received)d, on time %(on_time)d.") % data["received"]


def not_in_place(data: Data) -> list[str]:
    """Who has not reported, and whose report is not approved, by name; empty when all are approved."""
    received = data["received"]
    lines = []
    if received["missing"]:
        lines.append(_("Not received: %(regions)s.") % {"regions": ", ".join(received["missing"])})
    if received["not_approved"]:
        lines.append(_("Received, but not approved: %(regions)s.") % {"regions": ", ".join(received["not_approved"])})
    return lines


def without_figures(data: Data) -> str:
    """The indicators nobody has a figure for this year, by name, in a sentence; empty when all have one."""
    rows = [*(row for row in data["indicators"] if row["value"] is None), *data.get("uncounted", [])]
    names = [f"{row['code']} {in_language(row['name'])}" for row in sorted(rows, key=lambda row: row["code"])]
    return _("No figures yet: %(names)s.") % {"names": ", ".join(names)} if names else ""


def shares(pairs: Sequence[Sequence[int]]) -> list[str]:
    """The share of the small, the medium-sized and the large, and how far the large are ahead, in percentage points."""
    small, *_between, large = (share(part, whole) for part, whole in pairs)
    points = large - small
    gap = f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"
    return [*(f"{share(part, whole)} %" if whole else "–" for part, whole in pairs), gap]


def target_status_text(status: str) -> str:
    words = {
        "reached": pgettext("target", "Reached"),
        "nearly": pgettext("target", "Nearly"),
        "missed": pgettext("target", "Not reached"),
    }
    return words.get(status, "–")


def share(part: int, whole: int) -> int:
    """``part`` of ``whole`` in whole per cent, 0 when there is nothing."""
    return round(100 * part / whole) if whole else 0


def status_word(report: Data) -> str:
    """How the region's report stands, in a few words."""
    if not report["received_on"]:
        return _("Not received")
    if report["state"] == ReportState.RETURNED:
        return _("Returned, not handed in again")
    if not report["is_sealed"]:
        return _("Received, not approved")
    return _("Approved, on time") if report["is_on_time"] else _("Approved, late")
