"""Keeping what was computed, and the report as a PDF."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from ksf import audit
from ksf.accounts.models import User
from ksf.documents import pdf
from ksf.documents.models import Document
from ksf.documents.services import fingerprint, seal
from reporting.lifecycle import NationalState
from reporting.models import NationalReport
from reporting.national.chapters import national_context

KIND = "reporting.national_report"
TEMPLATE = "documents/report.html"


@transaction.atomic
def keep(year: int, data: dict[str, Any], draft: bytes, *, by: User) -> NationalReport:
    """Store the computed report with its draft PDF. A published report is left as it is and returned."""
    report = NationalReport.objects.select_for_update().filter(year=year).first() or NationalReport(year=year)
    if report.state == NationalState.PUBLISHED:
        return report
    report.data, report.sha256 = data, fingerprint(data)
    report.built_at, report.draft = timezone.now(), draft
    report.save()
    audit.record("national_report.build", report, by=by, sha256=report.sha256)
    return report


def render_pdf(data: dict[str, Any], *, language: str = "nb") -> bytes:
    """The PDF of the data. The same data gives the same bytes."""
    return pdf.render(TEMPLATE, national_context(data, fingerprint(data), language), language=language)


def seal_national(report: NationalReport, *, by: User) -> Document:
    """The published report as a numbered document."""
    context = national_context(report.data, report.sha256, "nb")
    title = f"KSF årsrapport {report.year}"
    return seal(kind=KIND, subject=report, title=title, template=TEMPLATE, context=context, language="nb", by=by)
