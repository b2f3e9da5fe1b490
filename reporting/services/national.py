"""Building and publishing the national report (R3)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import jobs
from ksf.accounts.models import User
from ksf.jobs.models import Job
from ksf.steps import take
from reporting.lifecycle import NATIONAL
from reporting.models import NationalReport


@transaction.atomic
def request_build(year: int, *, by: User) -> Job:
    """Ask for the year's report to be computed. An unfinished job for the year is returned instead of a second."""
    if not by.has_perm("reporting.build_national"):
        raise PermissionDenied("reporting.build_national")
    running = Job.objects.unfinished().filter(kind="reporting.national", params__year=year).first()
    if running is not None:
        return running
    title = _("National annual report %(year)s") % {"year": year}
    job: Job = jobs.request(
        "reporting.national", by=by, title=title, next_url=reverse("national_report", args=[year]), year=year
    )
    return job


@transaction.atomic
def publish(report: NationalReport, *, by: User) -> NationalReport:
    """The lead publishes: from now on the figures are never computed again, and the PDF is sealed."""
    report = take(NATIONAL, "publish", report, by=by, published_at=timezone.now(), published_by=by)
    jobs.request(
        "reporting.national_pdf",
        by=by,
        title=str(report),
        subject=report,
        key=f"national-report-{report.year}",
        next_url=report.get_absolute_url(),
    )
    return report
