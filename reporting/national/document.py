"""The national report as a PDF: its chapters in order, rendered as a draft or sealed with a number."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ksf.accounts.models import User
from ksf.documents import blocks, pdf
from ksf.documents.models import Document
from ksf.documents.services import fingerprint, seal
from ksf.web.dates import in_words
from reporting.documents import NATIONAL_KIND, TEMPLATE
from reporting.models import NationalReport
from reporting.national import drawings
from reporting.national.chapters import method, network, overview, regions
from reporting.stored.national import NationalData


def render_pdf(data: NationalData, *, language: str = "nb") -> bytes:
    """The PDF of the data. The same data gives the same bytes."""
    return pdf.render(TEMPLATE, document_context(data, fingerprint(data.as_json()), language), language=language)


def seal_national(report: NationalReport, *, by: User) -> Document:
    """The published report as a numbered document, in bokmål."""
    context = document_context(report.contents, report.sha256, "nb")
    title = f"KSF årsrapport {report.year}"
    return seal(
        kind=NATIONAL_KIND, subject=report, title=title, template=TEMPLATE, context=context, language="nb", by=by
    )


def document_context(data: NationalData, checksum: str, language: str) -> dict[str, Any]:
    """What ``documents/report.html`` needs for the national report."""
    with translation.override(language):
        chapters = chapters_in_order(data, checksum)
        cover = drawings.cover(data)
        return {
            "title": _("KSF annual report %(year)s") % {"year": data.year},
            "subtitle": _("What the municipalities need to know, and how they have joined forces to find out"),
            "description": _("National annual report of KSF for %(year)s") % {"year": data.year},
            "imprint": [_("KS, figures as of %(day)s") % {"day": in_words(data.day)}],
            "checksum": checksum,
            "art": {"cover": cover} if cover else {},
            "chapters": chapters,
            "contents": blocks.contents(chapters),
        }


def chapters_in_order(data: NationalData, checksum: str) -> list[blocks.Chapter]:
    """The whole report, in the active language."""
    return [
        overview.how_to_read(data),
        overview.year_on_one_page(data),
        overview.earlier_years(data),
        overview.goals(data),
        network.who_takes_part(data),
        network.clusters(data),
        *regions.by_goal(data),
        network.small_beside_large(data),
        *(regions.one_region(region, data) for region in data.regions),
        regions.reports_of_the_regions(data),
        method.definitions(data, checksum),
    ]
