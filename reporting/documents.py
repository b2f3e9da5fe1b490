"""The kinds of documents this app seals, who may open them, and a sealed regional report as a PDF.

Everything in the PDF comes from what is sealed; nothing is read again.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ksf.accounts.models import User
from ksf.actor import Actor
from ksf.documents import blocks, registry
from ksf.documents.models import Document
from ksf.documents.services import seal
from reporting.figures.values import format_value
from reporting.models import ActivityReport, NationalReport, RegionalReport
from reporting.stored.regional import SealedActivity, SealedFigure, SealedReport, SealedSection
from reporting.stored.values import SectionText, SpentGrant

REGIONAL_KIND = "reporting.regional_report"
NATIONAL_KIND = "reporting.national_report"
TEMPLATE = "documents/report.html"


def _may_open_regional(user: Actor, pk: int) -> bool:
    return RegionalReport.objects.visible_to(user).filter(pk=pk).exists()


def _may_open_national(user: Actor, pk: int) -> bool:
    return NationalReport.objects.visible_to(user).filter(pk=pk).exists()


registry.register(REGIONAL_KIND, _may_open_regional, prefix="R")
registry.register(NATIONAL_KIND, _may_open_national, prefix="N")


def seal_regional(report: RegionalReport, *, by: User) -> Document:
    """The approved report as a numbered PDF, in bokmål with the narratives as they were written."""
    return seal(
        kind=REGIONAL_KIND,
        subject=report,
        title=str(report),
        template=TEMPLATE,
        context=regional_context(report),
        language="nb",
        by=by,
    )


def regional_context(report: RegionalReport) -> dict[str, Any]:
    """What ``documents/report.html`` needs for one region's report. Set the language before calling.

    Raises ValueError for a report that is not approved.
    """
    sealed = report.sealed
    if sealed is None:
        raise ValueError(f"{report} is not sealed")
    chapters = [*(_chapter(section, sealed) for section in sealed.sections), _definitions(sealed)]
    return {
        "subtitle": _("What the region and its clusters did, and the figures behind it"),
        "imprint": [sealed.region.name, _("Host: %(host)s") % {"host": sealed.region.host or "–"}],
        "running": f"{sealed.region.name} {sealed.year}",
        "chapters": chapters,
        "contents": blocks.contents(chapters),
        "checksum": report.sha256,
    }


def paragraphs(section: SectionText) -> list[blocks.Paragraph]:
    """A section's own words, or that there is nothing to report."""
    if section.is_nothing and not section.text.strip():
        return [blocks.Paragraph(_("Nothing to report this year."), "soft")]
    return [blocks.Paragraph(text) for text in section.text.split("\n\n") if text.strip()]


def _chapter(section: SealedSection, sealed: SealedReport) -> blocks.Chapter:
    figures = [row for row in sealed.figures if row.section == section.code]
    content: list[object] = [*paragraphs(section)]
    if figures:
        content += [_figure_table(figures, sealed.year), *_figure_notes(figures)]
    if section.code == "grant_use" and sealed.grant_use:
        content.append(_grant_table(sealed.grant_use))
    if section.activities:
        content.append(_activity_table(section.activities))
    return blocks.Chapter(section.code, str(section.title), content, start="follow")


def _figure_table(figures: Sequence[SealedFigure], year: int) -> blocks.Table:
    """Figures beside the year before."""
    columns = [
        blocks.Column(_("Figure")),
        blocks.Column(str(year), number=True),
        blocks.Column(str(year - 1), number=True),
    ]
    rows = [
        [str(row.label), format_value(row.value, row.unit), format_value(row.last_year, row.unit)] for row in figures
    ]
    return blocks.Table(_("The figures"), columns, rows)


def _figure_notes(figures: Sequence[SealedFigure]) -> list[blocks.Paragraph]:
    """The region's words about single figures: corrections with their reason, and what explains a leap."""
    notes = []
    for row in figures:
        if row.is_corrected:
            notes.append(
                _("%(figure)s: corrected from %(computed)s. %(explanation)s")
                % {
                    "figure": row.label,
                    "computed": format_value(row.computed, row.unit),
                    "explanation": row.explanation,
                }
            )
        if row.remark:
            notes.append(f"{row.label}: {row.remark}")
    return [blocks.Paragraph(text, "note") for text in notes]


def _activity_table(activities: Sequence[SealedActivity]) -> blocks.Table:
    """How the plan's activities went."""
    columns = [
        blocks.Column(_("Activity")),
        blocks.Column(_("By"), nowrap=True),
        blocks.Column(_("Status"), nowrap=True),
        blocks.Column(pgettext("report", "What came of it")),
    ]
    outcomes = dict(ActivityReport.Outcome.choices)
    rows = [[row.title, row.due_on, str(outcomes[row.outcome]), row.note] for row in activities]
    return blocks.Table(_("Activities in the annual plan"), columns, rows, wide=True)


def _grant_table(use: SpentGrant) -> blocks.Table:
    columns = [blocks.Column(_("Operating grant")), blocks.Column(_("Kroner"), number=True)]
    rows = [[pgettext("report", "Received"), use.granted], [_("Spent"), use.spent]]
    return blocks.Table(_("Use of the operating grant"), columns, rows, total=[_("Left"), use.left])


def _definitions(sealed: SealedReport) -> blocks.Chapter:
    indicators = [row.indicator for row in sealed.figures if row.indicator]
    columns = [
        blocks.Column(_("Code"), nowrap=True),
        blocks.Column(_("Indicator")),
        blocks.Column(_("How it is counted")),
    ]
    rows = [[f"{row.code} ({row.version})", str(row.name), row.how] for row in indicators]
    table = blocks.Table(_("Indicators, with the version of the definition"), columns, rows, wide=True, header=1)
    return blocks.Chapter(
        "definitions", _("Definitions"), [table], lead=_("The definitions this report was written under.")
    )
