"""Computing the national report: the first step, from which page, PDF and spreadsheet are made (R3).

A region whose report is sealed gives the figures of that report; for the others the register is counted, and the report
says which. What belongs to no region (Oslo) is counted from the register too.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import MotorTerm
from ksf.jobs import Progress
from regions.models import HostTerm, Region, Size
from reporting.figures import Facts, FigureDefinition, all_figures
from reporting.figures.values import json_number
from reporting.lifecycle import ReportState
from reporting.models import Goal, Indicator, NationalReport, RegionalReport
from reporting.models.report import in_unit, report_due_on
from reporting.national.comparisons import CLUSTERS_ESTABLISHED
from reporting.stored.national import (
    EarlierYear,
    MunicipalityTile,
    NationalCluster,
    NationalData,
    NationalGoal,
    NationalIndicator,
    NationalRegion,
    NationalTotal,
    OutsideRegions,
    RegionFigure,
    ReportsReceived,
    ReportStatus,
    SizeTotals,
    TargetStatus,
    UncountedIndicator,
)
from reporting.stored.regional import SealedFigure, SealedReport
from reporting.stored.values import Number, SectionText, ShareOfSize, Translated

FigureByCode = Mapping[str, RegionFigure]

YEARS_BACK = 2
NEARLY = 0.85
REGIONS_WITH_CLUSTER = "4.2"
"""The indicator that is counted from the regions' figures, not within them."""


def no_progress(_percent: int, _text: object) -> None:
    """For a caller that shows no progress."""


def national_data(year: int, progress: Progress = no_progress) -> NationalData:
    """Everything the report on ``year`` says. Reads only. A published report's own data is returned as it is."""
    published = NationalReport.objects.published().filter(year=year).first()
    if published is not None:
        return published.contents
    facts = Facts(year)
    regions = _regions(facts, progress)
    unplaced = _outside_regions(facts)
    progress(60, _("Comparing with earlier years"))
    totals = _totals([*(region.figures for region in regions), unplaced.figures])
    earlier = [earlier_totals(year - back) for back in range(YEARS_BACK, 0, -1)]
    progress(75, _("Comparing with the targets"))
    return NationalData(
        year=year,
        order=list(totals),
        day=facts.day,
        goals=[_goal(goal) for goal in Goal.objects.for_year(year)],
        regions=regions,
        unplaced=unplaced,
        totals=totals,
        earlier=earlier,
        indicators=_indicators(year, totals, regions, earlier[-1].totals),
        uncounted=_uncounted(year, totals),
        received=_received(regions),
        sizes=_sizes(facts),
        clusters=_clusters(facts),
        tiles=_tiles(facts),
    )


def earlier_totals(year: int) -> EarlierYear:
    """The totals of an earlier year: as published if they are, else counted from the dated register."""
    published = NationalReport.objects.published().filter(year=year).first()
    if published is not None:
        return EarlierYear(year, is_published=True, totals=published.contents.totals)
    facts = Facts(year)
    reports = {row.region_id: row.sealed for row in RegionalReport.objects.sealed().filter(year=year)}
    figures = [_figures(region, reports.get(region.pk), facts) for region in Region.objects.all()]
    return EarlierYear(year, is_published=False, totals=_totals([*figures, _outside_regions(facts).figures]))


def _regions(facts: Facts, progress: Progress) -> list[NationalRegion]:
    reports = {row.region_id: row for row in RegionalReport.objects.filter(year=facts.year).select_related("region")}
    hosts = dict(HostTerm.objects.on(facts.day).values_list("region", "municipality__name"))
    every = list(Region.objects.all())
    found = []
    for number, region in enumerate(every):
        progress(5 + 50 * number // len(every), _("Reading %(region)s") % {"region": region})
        found.append(_region(region, reports.get(region.pk), facts, hosts.get(region.pk, "")))
    return found


def _region(region: Region, report: RegionalReport | None, facts: Facts, host: str) -> NationalRegion:
    sealed = report.sealed if report else None
    sections = sealed.sections if sealed else ()
    outcomes = [activity.outcome for section in sections for activity in section.activities]
    return NationalRegion(
        slug=region.slug,
        name=region.name,
        host=sealed.region.host if sealed else host,
        municipalities=len(facts.places_in(region)),
        report=_status(report, facts.year),
        figures=_figures(region, sealed, facts),
        sections=[SectionText(row.code, row.title, row.text, row.is_nothing) for row in sections],
        outcomes={
            "done": outcomes.count("done"),
            "under_way": outcomes.count("under_way"),
            "dropped": outcomes.count("dropped"),
        },
        grant_use=sealed.grant_use if sealed else None,
        sha256=report.sha256 if report and sealed else "",
    )


def _status(report: RegionalReport | None, year: int) -> ReportStatus:
    first = report.first_submitted_at if report else None
    return ReportStatus(
        state=report.state if report else "",
        is_sealed=bool(report and report.is_sealed),
        due_on=report_due_on(year),
        received_on=timezone.localdate(first) if first else None,
        approved_on=timezone.localdate(report.approved_at) if report and report.approved_at else None,
        is_on_time=bool(report and report.is_on_time),
        is_handed_in=bool(report and report.state in {ReportState.SUBMITTED, ReportState.APPROVED}),
        late_reason=report.late_reason if report else "",
    )


def _figures(region: Region | None, sealed: SealedReport | None, facts: Facts) -> FigureByCode:
    """The region's figures by code: as its sealed report says, else as the register counts."""
    if sealed:
        shared = {figure.code for figure in all_figures() if figure.is_shared}
        return {row.code: _from_report(row, is_shared=row.code in shared) for row in sealed.figures}
    return {figure.code: _from_register(figure, region, facts) for figure in all_figures() if figure.work}


def _from_report(row: SealedFigure, *, is_shared: bool) -> RegionFigure:
    count: Number | None = row.count
    if row.corrected is not None:
        count = row.corrected if row.of is None else round(row.corrected * row.of / 100)
    return RegionFigure(
        count=count,
        of=row.of,
        value=row.value,
        sizes=row.sizes,
        is_corrected=row.is_corrected,
        shared_records={record.url: record.weight for record in row.records if is_shared and record.counts},
    )


def _from_register(figure: FigureDefinition, region: Region | None, facts: Facts) -> RegionFigure:
    assert figure.work is not None  # noqa: S101 - the caller asks for computed figures only
    found = figure.work(facts, region)
    return RegionFigure(
        count=found.count,
        of=found.of,
        value=json_number(found.value),
        sizes={size: ShareOfSize(part, whole) for size, (part, whole) in found.sizes.items()},
        is_corrected=False,
        shared_records={record.url: record.weight for record in found.records if figure.is_shared and record.counts},
    )


def _counted_twice(rows: Sequence[RegionFigure]) -> int:
    """How much too much the regions' sum is, because several of them counted the same record."""
    together: dict[str, int] = {}
    for row in rows:
        together |= row.shared_records
    return sum(sum(row.shared_records.values()) for row in rows) - sum(together.values())


def _outside_regions(facts: Facts) -> OutsideRegions:
    names = [place.municipality.name for place in facts.places_in(None)]
    return OutsideRegions(names=names, municipalities=len(names), figures=_figures(None, None, facts))


def _totals(parts: Iterable[FigureByCode]) -> dict[str, NationalTotal]:
    """Each figure over all regions and what lies outside them, by code in the order of the report."""
    parts = list(parts)
    return {figure.code: _total(figure, parts) for figure in all_figures() if figure.is_summed}


def _total(figure: FigureDefinition, parts: Iterable[FigureByCode]) -> NationalTotal:
    rows = [row for part in parts if (row := part.get(figure.code)) and row.count is not None]
    shares = [row.of for row in rows if row.of is not None]
    count, of = sum(row.count or 0 for row in rows) - _counted_twice(rows), (sum(shares) if shares else None)
    sizes: dict[str, ShareOfSize] = {}
    for row in rows:
        for size, share in row.sizes.items():
            before = sizes.get(size, ShareOfSize(0, 0))
            sizes[size] = ShareOfSize(before.part + share.part, before.whole + share.whole)
    return NationalTotal(
        label=Translated.of(figure.label),
        unit=figure.unit.value,
        section=figure.section.value,
        count=count,
        of=of,
        value=json_number(in_unit(round(count), of)) if rows else None,
        sizes=sizes,
        regions_counted=len(rows),
        indicator=figure.indicator,
    )


def _indicators(
    year: int,
    totals: Mapping[str, NationalTotal],
    regions: Sequence[NationalRegion],
    last: Mapping[str, NationalTotal],
) -> list[NationalIndicator]:
    """The indicators that have a figure, with the year before, the target and how near it is."""
    codes = {row.indicator: code for code, row in totals.items() if row.indicator}
    with_cluster = sum(_has_cluster(region) for region in regions)
    rows = []
    for indicator in Indicator.objects.for_year(year).select_related("goal").prefetch_related("targets"):
        code = codes.get(indicator.code)
        if code is None and indicator.code != REGIONS_WITH_CLUSTER:
            continue
        value = totals[code].value if code else with_cluster
        target = next((row.value for row in indicator.targets.all() if row.year == year), None)
        rows.append(
            NationalIndicator(
                code=indicator.code,
                version=indicator.version,
                goal=indicator.goal.code,
                unit=indicator.unit,
                name=Translated.of_fields(indicator, "name"),
                how=indicator.how,
                value=value,
                last=last[code].value if code and code in last else None,
                target=target,
                regions_counted=totals[code].regions_counted if code else len(regions),
                status=target_status(value, target, indicator.better),
            )
        )
    return rows


def _has_cluster(region: NationalRegion) -> bool:
    figure = region.figures.get(CLUSTERS_ESTABLISHED)
    return bool(figure and figure.count)


def _uncounted(year: int, totals: Mapping[str, NationalTotal]) -> list[UncountedIndicator]:
    """The year's indicators that the portal keeps no records for yet, so that the report can say so."""
    counted = {row.indicator for row in totals.values()} | {REGIONS_WITH_CLUSTER}
    found = Indicator.objects.for_year(year).exclude(code__in=counted)
    return [UncountedIndicator(row.code, Translated.of_fields(row, "name")) for row in found]


def target_status(value: float | None, target: int | None, better: str) -> TargetStatus:
    """``reached``, ``nearly`` (within 15 per cent of the target) or ``missed``; empty when one of them is unknown."""
    if value is None or target is None:
        return ""
    if better == Indicator.Better.MORE:
        return "reached" if value >= target else "nearly" if value >= NEARLY * target else "missed"
    return "reached" if value <= target else "nearly" if value * NEARLY <= target else "missed"


def _received(regions: Sequence[NationalRegion]) -> ReportsReceived:
    received = [region for region in regions if region.report.received_on]
    return ReportsReceived(
        expected=len(regions),
        received=len(received),
        on_time=sum(region.report.is_on_time for region in received),
        approved=sum(region.report.is_sealed for region in regions),
        missing=[region.name for region in regions if not region.report.received_on],
        not_approved=[region.name for region in received if not region.report.is_sealed],
    )


def _sizes(facts: Facts) -> list[SizeTotals]:
    """The small, the medium-sized and the large municipalities (S12)."""
    rows = []
    for size in Size:
        places = [place for place in facts.places.values() if place.size == size]
        states = [facts.best_state(place) for place in places]
        rows.append(
            SizeTotals(
                size=size.value,
                municipalities=len(places),
                established=states.count("established"),
                in_cluster=states.count("established") + states.count("being_established"),
                contacts=sum(place.has_contact for place in places),
            )
        )
    return rows


def _clusters(facts: Facts) -> list[NationalCluster]:
    motors = dict(
        MotorTerm.objects.filter(period__contains=facts.day).values_list("cluster", "membership__municipality__name")
    )
    regions = dict(Region.objects.values_list("pk", "slug"))
    return [
        NationalCluster(
            name=group.cluster.name,
            slug=group.cluster.slug,
            region=regions[group.cluster.lead_region_id],
            state=group.state,
            motor=motors.get(pk, ""),
            members=len(group.memberships),
            people=sum(
                facts.places[row.municipality_id].people
                for row in group.memberships
                if row.municipality_id in facts.places
            ),
        )
        for pk, group in facts.groups.items()
        if group.state != "dissolved"
    ]


def _tiles(facts: Facts) -> list[MunicipalityTile]:
    """The municipalities that have a place on the map."""
    regions = dict(Region.objects.values_list("pk", "slug"))
    return [
        MunicipalityTile(
            number=place.municipality.number,
            name=place.municipality.name,
            q=place.municipality.map_q,
            r=place.municipality.map_r or 0,
            region=regions.get(place.region_id or 0, ""),
            size=place.size.value,
            state=facts.best_state(place),
        )
        for place in facts.places.values()
        if place.municipality.map_q is not None
    ]


def _goal(goal: Goal) -> NationalGoal:
    return NationalGoal(
        code=goal.code,
        version=goal.version,
        order=goal.order,
        name=Translated.of_fields(goal, "name"),
        text=Translated.of_fields(goal, "text"),
    )
