"""The national report as a web page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ksf.documents import charts
from ksf.web.dates import in_words
from reporting.figures.values import format_value
from reporting.national import comparisons, drawings, sentences
from reporting.stored.national import NationalData, NationalIndicator, NationalRegion

KEY_FIGURES = ("clusters_established", "in_established_cluster", "small_in_cluster", "contacts")


@dataclass(frozen=True)
class PageTable:
    """Headings, and rows whose first cell names the row."""

    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class PageChart:
    """A chart drawn for wide and for narrow windows, with its numbers as a table. ``id`` is its place on the page."""

    id: str
    title: str
    caption: str
    table: PageTable
    wide: SafeString
    narrow: SafeString


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with its values in words and digits."""

    code: str
    name: str
    value: str
    last: str
    target: str
    status: str


@dataclass(frozen=True)
class GoalRows:
    name: str
    order: int
    rows: Sequence[IndicatorRow]


@dataclass(frozen=True)
class YearsRow:
    """A figure and its value in each year: ``cells`` are pairs of year and value."""

    name: str
    cells: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class SizeRow:
    """A share among small, medium-sized and large municipalities, and how far the large are ahead."""

    name: str
    shares: Sequence[str]
    gap: str


@dataclass(frozen=True)
class RegionRow:
    """A region and how far its report has come."""

    name: str
    slug: str
    url: str
    status: str


@dataclass(frozen=True)
class Lack:
    """Something the report is made without, and what that means for it."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class LegendRow:
    css: str
    label: str
    count: int


@dataclass(frozen=True)
class RegionSummary:
    name: str
    slug: str
    text: str


def page_context(data: NationalData) -> dict[str, Any]:
    """What ``reporting/national_report.html`` needs besides the report itself, in the active language."""
    return {
        "headline": sentences.headline(data),
        "lead": sentences.basis(data),
        "day": in_words(data.day),
        "key_figures": _key_figures(data),
        "charts": list(_charts(data)),
        "goals": _goals(data),
        "without_figures": sentences.indicators_without_figures(data),
        "years": _years(data),
        "map": drawings.web_map(data),
        "legend": _legend(data),
        "received": sentences.reports_received(data),
        "by_size": _by_size(data),
        "regions": [_region(region) for region in data.regions],
        "lacks": list(_lacks(data)),
        "summaries": _summaries(data),
    }


def _key_figures(data: NationalData) -> list[dict[str, str]]:
    last = data.earlier[-1]
    return [
        {
            "label": str(data.totals[code].label),
            "value": format_value(data.totals[code].value, data.totals[code].unit),
            "note": _("%(value)s in %(year)d")
            % {
                "value": format_value(last.totals[code].value, data.totals[code].unit),
                "year": last.year,
            },
        }
        for code in KEY_FIGURES
    ]


def _charts(data: NationalData) -> Iterator[PageChart]:
    """Those of the charts that have anything to show."""
    shares_by_region = [[row.region, row.percent] for row in comparisons.cluster_shares_by_region(data)]
    drawn = (
        (
            _("Small and large municipalities"),
            _("Share in a cluster, per cent, by size and year"),
            drawings.sizes_chart,
            _numbers_table(comparisons.cluster_shares_by_year(data)),
        ),
        (
            _("Clusters"),
            _("At the end of each year"),
            drawings.clusters_chart,
            _numbers_table(comparisons.clusters_by_year(data)),
        ),
        (
            _("The regions, counted per municipality"),
            _("Share of the region's municipalities in a cluster, per cent"),
            drawings.regions_chart,
            PageTable([_("Region"), _("Per cent")], shares_by_region),
        ),
    )
    for number, (title, caption, draw, table) in enumerate(drawn, start=1):
        if table.rows:
            wide, narrow = draw(data, charts.WEB), draw(data, charts.NARROW_WEB)
            yield PageChart(f"figure{number}", title, caption, table, wide, narrow)


def _numbers_table(numbers: comparisons.NumbersByYear) -> PageTable:
    return PageTable([_("Year"), *numbers.columns], [[year, *row] for year, row in numbers.rows])


def _by_size(data: NationalData) -> list[SizeRow]:
    rows = []
    for label, shares in comparisons.shares_by_size(data):
        *texts, gap = sentences.share_texts(shares)
        rows.append(SizeRow(str(label), texts, gap))
    return rows


def _goals(data: NationalData) -> list[GoalRows]:
    """The goals that have an indicator with a figure."""
    found = []
    for goal in data.goals:
        rows = [_indicator(row) for row in data.indicators if row.goal == goal.code and row.value is not None]
        if rows:
            found.append(GoalRows(str(goal.name), goal.order, rows))
    return found


def _indicator(row: NationalIndicator) -> IndicatorRow:
    return IndicatorRow(
        code=row.code,
        name=str(row.name),
        value=format_value(row.value, row.unit),
        last=format_value(row.last, row.unit),
        target=format_value(row.target, row.unit),
        status=sentences.target_status_text(row.status),
    )


def _years(data: NationalData) -> dict[str, Any]:
    """The figures of this year beside those of earlier years."""
    years = comparisons.totals_by_year(data)
    rows = [
        YearsRow(str(total.label), [(row.year, format_value(row.value(code), total.unit)) for row in years])
        for code, total in comparisons.totals_to_show(data)
    ]
    return {"columns": [_("Figure"), *(str(row.year) for row in years)], "rows": rows}


def _legend(data: NationalData) -> list[LegendRow]:
    labels = {
        "established": _("Established"),
        "being_established": _("Being established"),
        "exploring": _("Exploring"),
        "": _("Not in a cluster yet"),
    }
    return [
        LegendRow(drawings.STATE_CLASSES[state], label, sum(tile.state == state for tile in data.tiles))
        for state, label in labels.items()
    ]


def _region(region: NationalRegion) -> RegionRow:
    return RegionRow(
        name=region.name,
        slug=region.slug,
        url=reverse("region", args=[region.slug]),
        status=sentences.report_status_text(region.report),
    )


def _lacks(data: NationalData) -> Iterator[Lack]:
    """The reports that are not received or not approved, and the municipalities no region reports on."""
    for region in data.regions:
        if not region.report.received_on:
            expected = _("Expected %(day)s. Figures from the register are included, text is not") % {
                "day": in_words(region.report.due_on)
            }
            yield Lack(_("%(region)s has not reported") % {"region": region.name}, expected)
        elif not region.report.is_sealed:
            yield Lack(f"{region.name}: {sentences.report_status_text(region.report)}")
    if data.unplaced.names:
        yield Lack(_("%(unplaced)s belongs to no region yet") % {"unplaced": ", ".join(data.unplaced.names)})


def _summaries(data: NationalData) -> list[RegionSummary]:
    """Each region's own summary."""
    return [
        RegionSummary(region.name, region.slug, section.text)
        for region in data.regions
        for section in region.sections
        if section.code == "summary" and section.text.strip()
    ]
