"""The chapter on method: definitions and checksum."""

from django.utils.translation import gettext as _

from ksf.documents import blocks
from ksf.documents.typography import grouped
from reporting.stored.national import NationalData


def definitions(data: NationalData, checksum: str) -> blocks.Chapter:
    """The versions of the indicators used, and the SHA-256 of the figures."""
    columns = [
        blocks.Column(_("Code"), nowrap=True),
        blocks.Column(_("Indicator")),
        blocks.Column(_("How it is counted")),
    ]
    rows = [[f"{row.code} ({row.version})", str(row.name), row.how] for row in data.indicators]
    notes = [
        _("Percentages are rounded. Older reports keep the definitions they were written under."),
        _("Checksum of the figures (SHA-256): %(checksum)s") % {"checksum": grouped(checksum)},
    ]
    return blocks.Chapter(
        "method",
        _("Method and definitions"),
        [
            blocks.Table(_("Indicators, with the version of the definition"), columns, rows, wide=True, header=1),
            *(blocks.Paragraph(text, "note") for text in notes),
        ],
    )
