"""The chapters from the regions: each goal with the regions side by side, each region by itself, and who is missing."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ksf.documents import blocks
from ksf.web.dates import in_words
from reporting.documents import paragraphs
from reporting.figures.values import format_value
from reporting.models.sections import SECTION_DEFINITIONS, SectionCode
from reporting.national import comparisons, drawings, sentences
from reporting.stored.national import NationalData, NationalGoal, NationalRegion
from reporting.stored.values import Number

SECTION_OF_GOAL = {part.goal: code for code, part in SECTION_DEFINITIONS.items() if part.goal}
SECTIONS_OF_REGION = {SectionCode.SUMMARY, SectionCode.NETWORK, SectionCode.GRANT_USE, SectionCode.NEXT}
"""The other sections are in the chapters on the goals."""


def by_goal(data: NationalData) -> list[blocks.Chapter]:
    """A chapter for each goal that has figures or text; they follow each other on the page."""
    chapters: list[blocks.Chapter] = []
    for goal in data.goals:
        section = SECTION_OF_GOAL[goal.code]
        table, texts = _side_by_side(section, data), _texts(section, data)
        if texts or table.rows:
            content = [*([table] if table.rows else []), *texts]
            chapters.append(_goal_chapter(goal, content, start="follow" if chapters else "page"))
    return chapters


def _goal_chapter(goal: NationalGoal, content: list[object], *, start: str) -> blocks.Chapter:
    part = _("Goal %(number)d") % {"number": goal.order}
    return blocks.Chapter(f"goal{goal.order}", str(goal.name), content, part=part, lead=str(goal.text), start=start)


def _texts(section: SectionCode, data: NationalData) -> list[blocks.Section]:
    """What each region wrote in the section."""
    return [
        blocks.Section(region.name, paragraphs(row), long=True)
        for region in data.regions
        for row in region.sections
        if row.code == section and row.text.strip()
    ]


def _side_by_side(section: SectionCode, data: NationalData) -> blocks.Table:
    """The section's figures with a column for each region and one for the country."""
    names = [region.name.removeprefix("KSF ") for region in data.regions]
    columns = [blocks.Column(_("Figure")), *(blocks.Column(name, number=True) for name in (*names, _("The country")))]
    rows = [
        [
            str(total.label),
            *(format_value(_value(region, code), total.unit) for region in data.regions),
            format_value(total.value, total.unit),
        ]
        for code, total in comparisons.totals_to_show(data)
        if total.section == section and total.unit != "kroner"
    ]
    return blocks.Table(_("Region by region"), columns, rows, wide=True)


def _value(region: NationalRegion, code: str) -> Number | None:
    return region.figures[code].value if code in region.figures else None


def one_region(region: NationalRegion, data: NationalData) -> blocks.Chapter:
    """A region with its map, its figures beside the country's, and its own words."""
    facts = [
        (_("Host municipality"), region.host or "–"),
        (_("Municipalities"), region.municipalities),
        (_("Report"), sentences.report_status_text(region.report)),
    ]
    content: list[object] = [
        blocks.Aside(drawings.region_map(data, region.slug), facts),
        _beside_the_country(region, data),
    ]
    if region.sections:
        content += [
            blocks.Text(str(section.title), paragraphs(section))
            for section in region.sections
            if section.code in SECTIONS_OF_REGION
        ]
    else:
        content.append(_no_text_yet(region))
    return blocks.Chapter(f"region-{region.slug}", region.name, content, part=_("Region by region"))


def _beside_the_country(region: NationalRegion, data: NationalData) -> blocks.Table:
    columns = [
        blocks.Column(_("Figure")),
        blocks.Column(region.name, number=True),
        blocks.Column(_("The country"), number=True),
    ]
    rows = [
        [str(total.label), format_value(value, total.unit), format_value(total.value, total.unit)]
        for code, total in comparisons.totals_to_show(data)
        if (value := _value(region, code)) is not None
    ]
    return blocks.Table(_("The region and the country"), columns, rows)


def _no_text_yet(region: NationalRegion) -> blocks.Box:
    text = _("The report was expected on %(day)s and is not approved. The figures are counted from the register.") % {
        "day": in_words(region.report.due_on)
    }
    return blocks.Box(_("The region's own words are missing"), [blocks.Paragraph(text)])


def reports_of_the_regions(data: NationalData) -> blocks.Chapter:
    """Who has reported when, why some were late, and what belongs to no region."""
    columns = [
        blocks.Column(_("Region")),
        blocks.Column(_("Expected")),
        blocks.Column(pgettext("report", "Received")),
        blocks.Column(_("Status")),
        blocks.Column(_("Approved")),
    ]
    rows = [
        [
            region.name,
            region.report.due_on,
            region.report.received_on,
            sentences.report_status_text(region.report),
            region.report.approved_on,
        ]
        for region in data.regions
    ]
    notes = [
        sentences.reports_received(data),
        *(f"{region.name}: {region.report.late_reason}" for region in data.regions if region.report.late_reason),
    ]
    if data.unplaced.names:
        notes.append(_("%(names)s belongs to no region yet.") % {"names": ", ".join(data.unplaced.names)})
    return blocks.Chapter(
        "missing",
        _("What we lack"),
        [
            blocks.Table(_("Annual reports from the regions"), columns, rows, wide=True),
            *(blocks.Paragraph(text, "note") for text in notes),
        ],
        lead=_("A report must say what it does not know."),
    )
