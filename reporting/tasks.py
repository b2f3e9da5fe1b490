"""Long work: the national report, and the PDFs of what is sealed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ksf import audit, jobs
from ksf.actor import Actor
from ksf.jobs import Effect, Progress
from ksf.jobs.models import Job
from reporting.documents import seal_regional
from reporting.models import NationalReport, RegionalReport
from reporting.national import build, document
from reporting.national.compute import national_data


def _is_national(user: Actor, _job: Job) -> bool:
    return bool(user.is_national)


@jobs.handler("reporting.national", queue="documents", may_see=_is_national)
def build_national(job: Job, progress: Progress) -> Effect:
    """Compute the year's national report and its draft PDF; kept when the job ends."""
    year = job.params["year"]
    data = national_data(year, progress)
    progress(85, _("Setting the report as PDF"))
    draft = document.render_pdf(data)

    def effect() -> dict[str, Any]:
        report = build.store(data, draft, by=job.requested_by)
        return {"year": year, "sha256": report.sha256}

    return effect


@jobs.handler("reporting.national_pdf", queue="documents", may_see=_is_national)
def seal_national(job: Job, progress: Progress) -> Effect:
    """Seal the published report as a numbered PDF."""
    progress(20, _("Setting the report as PDF"))

    def effect() -> dict[str, Any]:
        report = NationalReport.objects.select_for_update().get(pk=job.subject_id)
        if not report.document_number:
            report.document_number = document.seal_national(report, by=job.requested_by).number
            report.draft = None
            report.save(update_fields=["document_number", "draft"])
            audit.record("national_report.seal", report, by=job.requested_by, document=report.document_number)
        return {"document": report.document_number}

    return effect


@jobs.handler("reporting.regional_pdf", queue="documents", may_see=_is_national)
def seal_report(job: Job, progress: Progress) -> Effect:
    """Seal an approved regional report as a numbered PDF."""
    progress(20, _("Setting the report as PDF"))

    def effect() -> dict[str, Any]:
        report = RegionalReport.objects.select_for_update(of=("self",)).select_related("region").get(pk=job.subject_id)
        if not report.document_number:
            report.document_number = seal_regional(report, by=job.requested_by).number
            report.save(update_fields=["document_number"])
            audit.record("regional_report.seal", report, by=job.requested_by, document=report.document_number)
        return {"document": report.document_number}

    return effect
