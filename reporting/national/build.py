"""Storing what was computed."""

from django.db import transaction
from django.utils import timezone

from ksf import audit
from ksf.accounts.models import User
from ksf.documents.services import fingerprint
from reporting.lifecycle import NationalState
from reporting.models import NationalReport
from reporting.stored.national import NationalData


@transaction.atomic
def store(data: NationalData, draft: bytes, *, by: User) -> NationalReport:
    """Store the computed report with its draft PDF. A published report is left as it is and returned."""
    found = NationalReport.objects.select_for_update().filter(year=data.year).first()
    report = found or NationalReport(year=data.year)
    if report.state == NationalState.PUBLISHED:
        return report
    report.data = data.as_json()
    report.sha256 = fingerprint(report.data)
    report.built_at, report.draft = timezone.now(), draft
    report.save()
    audit.record("national_report.build", report, by=by, sha256=report.sha256)
    return report
