"""The national report's data: plain values, the same for page, PDF and spreadsheet (R3).

A region whose report is sealed speaks through its snapshot; for the others the register is counted, and the reader is
told. What belongs to no region (Oslo) is counted from the register too.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import MotorTerm
from regions.models import HostTerm, Region
from reporting.figures import Facts, Figure, Record, all_figures
from reporting.figures.values import json_number
from reporting.lifecycle import ReportState
from reporting.models import Goal, Indicator, NationalReport, RegionalReport
from reporting.models.report import in_unit, report_due_on
from reporting.snapshot import spoken

Progress = Callable[[int, Any], None]
YEARS_BACK = 2
NEARLY = 0.85
CLUSTER_IN_REGION = "4.2"  # counted from the regions' figures, not within them


def silent(_percent: int, _text: Any) -> None:
    """A progress that nobody follows."""


def national(year: int, progress: Progress = silent) -> dict[str, Any]:
    """Everything the report on ``year`` says. Reads only. A published report's own data is returned as it is."""
    published = NationalReport.objects.published().filter(year=year).first()
    if published is not None:
        return dict(published.data)
    facts = Facts(year)
    reports = {row.region_id: row for row in RegionalReport.objects.filter(year=year).select_related("region")}
    hosts = dict(HostTerm.objects.on(facts.day).values_list("region", "municipality__name"))
    regions = []
    all_regions = list(Region.objects.all())
    for number, region in enumerate(all_regions):
        progress(5 + 50 * number // max(len(all_regions), 1), _("Reading %(region)s") % {"region": region})
        regions.append(_region(region, reports.get(region.pk), facts, hosts.get(region.pk, "")))
    unplaced = _unplaced(facts)
    progress(60, _("Comparing with earlier years"))
    totals = _totals([*regions, unplaced])
    earlier = [earlier_totals(year - back) for back in range(YEARS_BACK, 0, -1)]
    progress(75, _("Comparing with the targets"))
    return {
        "year": year,
        "order": list(totals),
        "day": facts.day.isoformat(),
        "goals": [_goal(goal) for goal in Goal.objects.for_year(year)],
        "regions": regions,
        "unplaced": unplaced,
        "totals": totals,
        "earlier": earlier,
        "indicators": _indicators(year, totals, regions, earlier[-1]["totals"]),
        "uncounted": _uncounted(year, totals),
        "received": _received(regions),
        "sizes": _sizes(facts),
        "clusters": _clusters(facts),
        "tiles": _tiles(facts),
    }


def earlier_totals(year: int) -> dict[str, Any]:
    """The totals of an earlier year: as published if they are, else counted from the dated register."""
    published = NationalReport.objects.published().filter(year=year).first()
    if published is not None:
        return {"year": year, "is_published": True, "totals": published.data["totals"]}
    facts = Facts(year)
    reports = {row.region_id: row for row in RegionalReport.objects.sealed().filter(year=year)}
    parts = [{"figures": _figures(region, reports.get(region.pk), facts)} for region in Region.objects.all()]
    return {"year": year, "is_published": False, "totals": _totals([*parts, _unplaced(facts)])}


def _region(region: Region, report: RegionalReport | None, facts: Facts, host: str) -> dict[str, Any]:
    sealed = report.snapshot if report and report.is_sealed else None
    sections = sealed["sections"] if sealed else []
    activities = [row for section in sections for row in section["activities"]]
    return {
        "slug": region.slug,
        "name": region.name,
        "host": sealed["region"]["host"] if sealed else host,
        "municipalities": len(facts.places_in(region)),
        "report": _status(report, facts.year),
        "figures": _figures(region, report, facts),
        "sections": [{key: row[key] for key in ("code", "title", "text", "is_nothing")} for row in sections],
        "outcomes": {key: sum(row["outcome"] == key for row in activities) for key in ("done", "under_way", "dropped")},
        "grant_use": sealed["grant_use"] if sealed else None,
        "sha256": report.sha256 if report and sealed else "",
    }


def _status(report: RegionalReport | None, year: int) -> dict[str, Any]:
    first = report.first_submitted_at if report else None
    return {
        "state": report.state if report else "",
        "is_sealed": bool(report and report.is_sealed),
        "due_on": report_due_on(year).isoformat(),
        "received_on": timezone.localdate(first).isoformat() if first else None,
        "approved_on": timezone.localdate(report.approved_at).isoformat() if report and report.approved_at else None,
        "is_on_time": bool(report and report.is_on_time),
        "is_handed_in": bool(report and report.state in {ReportState.SUBMITTED, ReportState.APPROVED}),
        "late_reason": report.late_reason if report else "",
    }


def _figures(region: Region | None, report: RegionalReport | None, facts: Facts) -> dict[str, Any]:
    """The region's figures by code: sealed ones as the report says, else as the register counts."""
    if report and report.snapshot is not None:
        shared = {figure.code for figure in all_figures() if figure.is_shared}
        return {row["code"]: _sealed(row, is_shared=row["code"] in shared) for row in report.snapshot["figures"]}
    return {figure.code: _counted(figure, region, facts) for figure in all_figures() if figure.work}


def _sealed(row: dict[str, Any], *, is_shared: bool) -> dict[str, Any]:
    count = row["count"]
    records = (Record(*record) for record in row["records"]) if is_shared else ()
    if row["corrected"] is not None:
        count = row["corrected"] if row["of"] is None else round(row["corrected"] * row["of"] / 100)
    return {
        "count": count,
        "of": row["of"],
        "value": row["value"],
        "sizes": row["sizes"],
        "is_corrected": row["corrected"] is not None and row["computed"] is not None,
        **_once(records),
    }


def _counted(figure: Figure, region: Region | None, facts: Facts) -> dict[str, Any]:
    assert figure.work is not None  # noqa: S101 - the caller asks for computed figures only
    found = figure.work(facts, region)
    sizes = {size: list(pair) for size, pair in found.sizes.items()}
    return {
        "count": found.count,
        "of": found.of,
        "value": json_number(found.value),
        "sizes": sizes,
        "is_corrected": False,
        **_once(found.records if figure.is_shared else ()),
    }


def _once(records: Iterable[Record]) -> dict[str, Any]:
    """What other regions may count too: how much each record adds, by its address."""
    counted = {record.url: record.weight for record in records if record.counts}
    return {"once": counted} if counted else {}


def _counted_twice(rows: list[dict[str, Any]]) -> int:
    """How much too much the regions' sum is, because several of them counted the same record."""
    each = [row["once"] for row in rows if "once" in row]
    together: dict[str, int] = {}
    for found in each:
        together |= found
    return sum(sum(found.values()) for found in each) - sum(together.values())


def _unplaced(facts: Facts) -> dict[str, Any]:
    """Municipalities that belong to no region yet."""
    names = [place.municipality.name for place in facts.places_in(None)]
    return {"names": names, "municipalities": len(names), "figures": _figures(None, None, facts)}


def _totals(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Each figure over all regions; ``told_by`` is how many of them have it."""
    parts = list(parts)
    return {figure.code: _total(figure, parts) for figure in all_figures() if figure.is_summed}


def _total(figure: Figure, parts: list[dict[str, Any]]) -> dict[str, Any]:
    rows = [row for part in parts if (row := part["figures"].get(figure.code)) and row["count"] is not None]
    shares = [row["of"] for row in rows if row["of"] is not None]
    count, of = sum(row["count"] for row in rows) - _counted_twice(rows), (sum(shares) if shares else None)
    sizes: dict[str, list[int]] = {}
    for row in rows:
        for size, (part, whole) in row["sizes"].items():
            known = sizes.setdefault(size, [0, 0])
            sizes[size] = [known[0] + part, known[1] + whole]
    value = json_number(in_unit(round(count), of)) if rows else None
    return {
        "label": spoken(figure.label),
        "unit": figure.unit.value,
        "section": figure.section.value,
        "count": count,
        "of": of,
        "value": value,
        "sizes": sizes,
        "told_by": len(rows),
        "indicator": figure.indicator,
    }


def _indicators(
    year: int, totals: dict[str, Any], regions: list[dict[str, Any]], last: dict[str, Any]
) -> list[dict[str, Any]]:
    """The indicators that have a figure, with the year before, the target and how near it is."""
    by_indicator = {row["indicator"]: code for code, row in totals.items() if row["indicator"]}
    with_cluster = sum((row["figures"].get("clusters_established") or {"count": 0})["count"] > 0 for row in regions)
    rows = []
    for indicator in Indicator.objects.for_year(year).select_related("goal").prefetch_related("targets"):
        code = by_indicator.get(indicator.code)
        if code is None and indicator.code != CLUSTER_IN_REGION:
            continue
        value = totals[code]["value"] if code else with_cluster
        target = next((row.value for row in indicator.targets.all() if row.year == year), None)
        rows.append(
            {
                "code": indicator.code,
                "version": indicator.version,
                "goal": indicator.goal.code,
                "unit": indicator.unit,
                "name": {"nb": indicator.name_nb, "nn": indicator.name_nn, "en": indicator.name_en},
                "how": indicator.how,
                "value": value,
                "last": last[code]["value"] if code and code in last else None,
                "target": target,
                "told_by": totals[code]["told_by"] if code else len(regions),
                "status": target_status(value, target, indicator.better),
            }
        )
    return rows


def _uncounted(year: int, totals: dict[str, Any]) -> list[dict[str, Any]]:
    """The year's indicators that the portal keeps no records for yet, so that the report can say so."""
    counted = {row["indicator"] for row in totals.values()} | {CLUSTER_IN_REGION}
    found = Indicator.objects.for_year(year).exclude(code__in=counted)
    return [{"code": row.code, "name": {"nb": row.name_nb, "nn": row.name_nn, "en": row.name_en}} for row in found]


def target_status(value: float | None, target: int | None, better: str) -> str:
    """``reached``, ``nearly`` (within 15 per cent of the target) or ``missed``; empty when one of them is unknown."""
    if value is None or target is None:
        return ""
    if better == Indicator.Better.MORE:
        return "reached" if value >= target else "nearly" if value >= NEARLY * target else "missed"
    return "reached" if value <= target else "nearly" if value * NEARLY <= target else "missed"


def _received(regions: list[dict[str, Any]]) -> dict[str, Any]:
    got = [row for row in regions if row["report"]["received_on"]]
    return {
        "expected": len(regions),
        "received": len(got),
        "on_time": sum(row["report"]["is_on_time"] for row in got),
        "approved": sum(row["report"]["is_sealed"] for row in regions),
        "missing": [row["name"] for row in regions if not row["report"]["received_on"]],
        "not_approved": [row["name"] for row in got if not row["report"]["is_sealed"]],
    }


def _sizes(facts: Facts) -> list[dict[str, Any]]:
    """Small, medium and large municipalities: how many there are, are in clusters, and have a contact (S12)."""
    rows = []
    for size in ("small", "medium", "large"):
        places = [place for place in facts.places.values() if place.size == size]
        states = [facts.best_state(place) for place in places]
        rows.append(
            {
                "size": size,
                "municipalities": len(places),
                "established": states.count("established"),
                "in_cluster": states.count("established") + states.count("being_established"),
                "contacts": sum(place.has_contact for place in places),
            }
        )
    return rows


def _clusters(facts: Facts) -> list[dict[str, Any]]:
    motors = dict(
        MotorTerm.objects.filter(period__contains=facts.day).values_list("cluster", "membership__municipality__name")
    )
    regions = dict(Region.objects.values_list("pk", "slug"))
    return [
        {
            "name": group.cluster.name,
            "slug": group.cluster.slug,
            "region": regions[group.cluster.lead_region_id],
            "state": group.state,
            "motor": motors.get(pk, ""),
            "members": len(group.memberships),
            "people": sum(
                facts.places[m.municipality_id].people for m in group.memberships if m.municipality_id in facts.places
            ),
        }
        for pk, group in facts.groups.items()
        if group.state != "dissolved"
    ]


def _tiles(facts: Facts) -> list[list[Any]]:
    """``[number, name, q, r, region slug, size, furthest cluster state]`` for each municipality on the map."""
    regions = dict(Region.objects.values_list("pk", "slug"))
    return [
        [
            place.municipality.number,
            place.municipality.name,
            place.municipality.map_q,
            place.municipality.map_r,
            regions.get(place.region_id or 0, ""),
            place.size.value,
            facts.best_state(place),
        ]
        for place in facts.places.values()
        if place.municipality.map_q is not None
    ]


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "code": goal.code,
        "version": goal.version,
        "order": goal.order,
        "name": {"nb": goal.name_nb, "nn": goal.name_nn, "en": goal.name_en},
        "text": {"nb": goal.text_nb, "nn": goal.text_nn, "en": goal.text_en},
    }
