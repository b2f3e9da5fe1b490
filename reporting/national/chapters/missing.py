"""What the report lacks, and who has not reported."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ksf.documents import blocks as b
from reporting.national import words
from reporting.national.drawings import Data


def what_we_lack(data: Data) -> b.Chapter:
    """Who has reported when, and what belongs to no region."""
    columns = [
        b.Column(words)
        for words in (_("Region"), _("Expected"), pgettext("report", "Received"), _("Status"), _("Approved"))
    ]
    rows = [
        [
            row["name"],
            *(_day(row["report"][key]) for key in ("due_on", "received_on")),
            words.status_word(row["report"]),
            _day(row["report"]["approved_on"]),
        ]
        for row in data["regions"]
    ]
    late = [
        b.Paragraph(f"{row['name']}: {row['report']['late_reason']}", "note")
        for row in data["regions"]
        if row["report"]["late_reason"]
    ]
    part = (
        [_("%(names)s belongs to no region yet.") % {"names": ", ".join(data["unplaced"]["names"])}]
        if data["unplaced"]["names"]
        else []
    )
    return b.Chapter(
        "missing",
        _("What we lack"),
        [
            b.Table(_("Annual reports from the regions"), columns, rows, wide=True),
            b.Paragraph(words.received_line(data), "note"),
            *late,
            *(b.Paragraph(text, "note") for text in part),
        ],
        lead=_("A report must say what it does not know."),
    )


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
