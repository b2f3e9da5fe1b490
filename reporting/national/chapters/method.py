"""Definitions and checksum."""

from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from ksf.documents.typography import grouped
from reporting.national.drawings import Data
from reporting.snapshot import in_language


def definitions(data: Data, checksum: str) -> b.Chapter:
    """The versions of the indicators used, and the checksum."""
    columns = [b.Column(_("Code"), nowrap=True), b.Column(_("Indicator")), b.Column(_("How it is counted"))]
    rows = [[f"{row['code']} ({row['version']})", in_language(row["name"]), row["how"]] for row in data["indicators"]]
    return b.Chapter(
        "method",
        _("Method and definitions"),
        [
            b.Table(_("Indicators, with the version of the definition"), columns, rows, wide=True, header=1),
            b.Paragraph(
                _("Percentages are rounded. Older reports keep the definitions they were written under."), "note"
            ),
            b.Paragraph(_("Checksum of the figures (SHA-256): %(checksum)s") % {"checksum": grouped(checksum)}, "note"),
        ],
    )
