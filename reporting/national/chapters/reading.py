"""How the report is to be read."""

from django.utils.translation import gettext as _

from ksf.documents import blocks as b
from reporting.national import words
from reporting.national.drawings import Data


def how_to_read(data: Data) -> b.Chapter:
    """How figures, sizes and map are meant, and what is missing."""
    return b.Chapter(
        "reading",
        _("How to read the report"),
        [
            b.Section(
                _("The figures"),
                [
                    b.Paragraph(
                        _(
                            "The figures are from the KSF portal and from the annual reports of the regions"
                            " that are approved. Run again for"
                            " a published year, the report gives the same figures."
                        )
                    )
                ],
                long=True,
            ),
            b.Section(
                _("Small and large"),
                [
                    b.Paragraph(
                        _(
                            "KSF exists to even out differences between small and large municipalities. Small"
                            " ones have fewer than 5,000"
                            " inhabitants, medium-sized 5,000 to 19,999, and large 20,000 or more, counted on"
                            " 1 January of the year."
                        )
                    )
                ],
                long=True,
            ),
            b.Section(
                _("The map"),
                [b.Paragraph(_("Every municipality is an equally large hexagon. Their places are approximate."))],
                long=True,
            ),
            b.Section(_("What is missing"), [b.Paragraph(words.received_line(data)), *_missing_names(data)], long=True),
        ],
    )


def _missing_names(data: Data) -> list[b.Paragraph]:
    lines = words.not_in_place(data) or [_("All regions have reported, and every report is approved.")]
    return [b.Paragraph(line) for line in lines]
