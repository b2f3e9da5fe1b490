from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ksf import jobs
from ksf.jobs import Effect, Progress
from ksf.jobs.models import Job
from ksf.notifications import notify
from ksf.privacy.download import make_zip
from ksf.privacy.models import PersonalDownload
from ksf.privacy.services import DOWNLOAD_DAYS, DOWNLOAD_JOB


@jobs.handler(DOWNLOAD_JOB, queue="documents")
def make_download(job: Job, progress: Progress) -> Effect:
    """Put together all that is stored about who asked."""
    progress(20, _("Finding what is stored about you"))
    content = make_zip(job.requested_by)

    def effect() -> None:
        PersonalDownload.objects.update_or_create(
            user=job.requested_by, defaults={"content": content, "made_at": timezone.now()}
        )
        notify(job.requested_by, "privacy/download_ready", {"days": DOWNLOAD_DAYS}, url=job.next_url)

    return effect
