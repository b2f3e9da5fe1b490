"""A sealed regional report as a PDF. Everything comes from the snapshot; nothing is read again."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ksf.accounts.models import User
from ksf.documents import blocks as b
from ksf.documents.models import Document
from ksf.documents.services import seal
from reporting.figures.values import format_value
from reporting.models import ActivityReport, RegionalReport
from reporting.snapshot import in_language

KIND = "reporting.regional_report"
TEMPLATE = "documents/report.html"


def seal_regional(report: RegionalReport, *, by: User) -> Document:
    """The approved report as a numbered PDF, in bokmål with the narratives as they were written."""
    return seal(
        kind=KIND,
        subject=report,
        title=str(report),
        template=TEMPLATE,
        context=regional_context(report),
        language="nb",
        by=by,
    )


def regional_context(report: RegionalReport) -> dict[str, Any]:
    """What ``documents/report.html`` needs for one region's report. Set the language before calling."""
    data = report.snapshot or {}
    chapters = [*(_chapter(section, data) for section in data["sections"]), _definitions(data)]
    return {
        "subtitle": _("What the region and its clusters did, and the figures behind it"),
        "imprint": [data["region"]["name"], _("Host: %(host)s") % {"host": data["region"]["host"] or "–"}],
        "running": f"{data['region']['name']} {data['year']}",
        "chapters": chapters,
        "contents": b.contents(chapters),
        "checksum": report.sha256,
    }


def paragraphs(section: dict[str, Any]) -> list[b.Paragraph]:
    """A section's own words, or that there is nothing to report."""
    if section["is_nothing"] and not section["text"].strip():
        return [b.Paragraph(_("Nothing to report this year."), "soft")]
    return [b.Paragraph(text) for text in section["text"].split("\n\n") if text.strip()]


def figure_table(rows: list[dict[str, Any]], year: int, caption: str) -> b.Table:
    """Figures beside the year before; a corrected one says what the portal counted."""
    columns = [b.Column(_("Figure")), b.Column(str(year), number=True), b.Column(str(year - 1), number=True)]
    return b.Table(caption, columns, [_figure_row(row) for row in rows])


def _figure_row(row: dict[str, Any]) -> list[object]:
    return [
        in_language(row["label"]),
        format_value(row["value"], row["unit"]),
        format_value(row["last_year"], row["unit"]),
    ]


def notes(rows: list[dict[str, Any]]) -> list[b.Paragraph]:
    """The region's words about single figures: corrections with their reason, and what explains a leap."""
    said = []
    for row in rows:
        label = in_language(row["label"])
        if row["corrected"] is not None and row["computed"] is not None:
            words = _("%(figure)s: corrected from %(computed)s. %(explanation)s") % {
                "figure": label,
                "computed": format_value(row["computed"], row["unit"]),
                "explanation": row["explanation"],
            }
            said.append(b.Paragraph(words, "note"))
        if row["remark"]:
            said.append(b.Paragraph(f"{label}: {row['remark']}", "note"))
    return said


def activity_table(rows: list[dict[str, Any]]) -> b.Table:
    """How the plan's activities went."""
    columns = [
        b.Column(_("Activity")),
        b.Column(_("By"), nowrap=True),
        b.Column(_("Status"), nowrap=True),
        b.Column(pgettext("report", "What came of it")),
    ]
    outcomes = dict(ActivityReport.Outcome.choices)
    lines = [[row["title"], _short(row["due_on"]), str(outcomes[row["outcome"]]), row["note"]] for row in rows]
    return b.Table(_("Activities in the annual plan"), columns, lines, wide=True)


def grant_table(use: dict[str, Any]) -> b.Table:
    columns = [b.Column(_("Operating grant")), b.Column(_("Kroner"), number=True)]
    rows = [[pgettext("report", "Received"), use["granted"]], [_("Spent"), use["spent"]]]
    return b.Table(_("Use of the operating grant"), columns, rows, total=[_("Left"), use["left"]])


def _chapter(section: dict[str, Any], data: dict[str, Any]) -> b.Chapter:
    figures = [row for row in data["figures"] if row["section"] == section["code"]]
    content: list[object] = [*paragraphs(section)]
    if figures:
        content += [figure_table(figures, data["year"], _("The figures")), *notes(figures)]
    if section["code"] == "grant_use" and data["grant_use"]:
        content.append(grant_table(data["grant_use"]))
    if section["activities"]:
        content.append(activity_table(section["activities"]))
    return b.Chapter(section["code"], in_language(section["title"]), content, start="follow")


def _definitions(data: dict[str, Any]) -> b.Chapter:
    defined = [row["indicator"] for row in data["figures"] if row["indicator"]]
    columns = [b.Column(_("Code"), nowrap=True), b.Column(_("Indicator")), b.Column(_("How it is counted"))]
    rows = [[f"{row['code']} ({row['version']})", in_language(row["name"]), row["how"]] for row in defined]
    table = b.Table(_("Indicators, with the version of the definition"), columns, rows, wide=True, header=1)
    return b.Chapter("definitions", _("Definitions"), [table], lead=_("The definitions this report was written under."))


def _short(day: str) -> date:
    return date.fromisoformat(day)
