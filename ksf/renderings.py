"""PDFs that are made when somebody asks for one: by a job, once for each version, and kept for the next who asks (X11).

No request makes one: whoever asks first gets a page that says how far it has come, and so does everybody who asks
meanwhile. What is kept is deleted ``RENDERINGS_KEPT_DAYS`` after it was made (``ksf.privacy.rules``), and is made again
if anybody asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.db import models, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from ksf import jobs
from ksf.accounts.models import User
from ksf.documents.models import Rendering
from ksf.jobs import Effect, Progress
from ksf.jobs.models import Job, JobState
from ksf.web import limits, render_page
from ksf.web.requests import Request

TRIED_AGAIN_AFTER: Final = timedelta(minutes=10)
SECONDS_TO_WAIT: Final = 30

Make = Callable[[dict[str, Any]], tuple[str, bytes]]
"""``make(params)``: the version that was made, and the PDF of it."""

_kinds: set[str] = set()


class Outcome(StrEnum):
    """What the page says of it."""

    BEING_MADE = "being_made"
    READY = "ready"
    BUSY = "busy"
    FAILED = "failed"


STATUS: Final = {Outcome.BEING_MADE: 202, Outcome.READY: 200, Outcome.BUSY: 503, Outcome.FAILED: 503}


@dataclass(frozen=True)
class Wanted:
    """A PDF somebody asks for.

    ``version`` is a SHA-256 in hex of all it says; what says the same has the same version. ``params`` is what the
    maker of the kind needs to make it.
    """

    kind: str
    version: str
    subject: models.Model
    title: str
    filename: str
    params: dict[str, Any]


def maker(kind: str) -> Callable[[Make], Make]:
    """Register the decorated ``make(params)`` for PDFs of ``kind``."""

    def register(make: Make) -> Make:
        @jobs.handler(kind, queue="documents")
        def work(job: Job, progress: Progress) -> Effect:
            progress(20, _("Setting the document as PDF"))
            version, content = make(job.params)

            def effect() -> None:
                Rendering.objects.get_or_create(version=version, defaults={"content": content})

            return effect

        _kinds.add(kind)
        return make

    return register


def respond(request: Request, wanted: Wanted) -> HttpResponseBase:
    """The PDF if it is kept (304 if the reader has it), else the page that says how far it has come.

    The caller has seen to it that the reader may have it. Raises AskedTooOften.
    """
    etag = f'"{wanted.version}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        unchanged["ETag"] = etag
        return unchanged
    kept = Rendering.objects.filter(version=wanted.version)
    if request.htmx:  # the page that waits gets a link: a script can do nothing with the PDF itself
        return _page(request, wanted, Outcome.READY) if kept.exists() else _being_made(request, wanted)
    rendering = kept.first()
    if rendering is None:
        return _being_made(request, wanted)
    return HttpResponse(
        bytes(rendering.content),
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=False, filename=wanted.filename),
            "ETag": etag,
            "Cache-Control": "private, no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _being_made(request: Request, wanted: Wanted) -> HttpResponse:
    job = _newest_job(wanted)
    if job is None or job.is_finished:
        if job and _has_just_failed(job):
            return _page(request, wanted, Outcome.FAILED)
        if _unfinished().count() >= settings.RENDERINGS_WAITING:
            return _page(request, wanted, Outcome.BUSY)
        limits.count(request, "pdf")
        job = _ask_for(wanted)
    return _page(request, wanted, Outcome.BEING_MADE, job)


def _page(request: Request, wanted: Wanted, outcome: Outcome, job: Job | None = None) -> HttpResponse:
    before = _unfinished().filter(pk__lt=job.pk).count() if job else 0
    context = {"wanted": wanted, "outcome": outcome, "job": job, "before": before, "url": request.get_full_path()}
    status = 200 if request.htmx else STATUS[outcome]  # htmx puts nothing in the page of an answer that is an error
    response = render_page(request, "ksf/rendering.html", context, partial="progress", status=status)
    add_never_cache_headers(response)
    if status == STATUS[Outcome.BUSY]:
        response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def _has_just_failed(job: Job) -> bool:
    """Whether it stopped by an error a moment ago: the same would most likely stop it again."""
    return (
        job.state == JobState.FAILED
        and job.finished_at is not None
        and job.finished_at > timezone.now() - TRIED_AGAIN_AFTER
    )


def _newest_job(wanted: Wanted) -> Job | None:
    found: Job | None = Job.objects.about(wanted.subject).filter(kind=wanted.kind, key=wanted.version).first()
    return found


def _unfinished() -> "models.QuerySet[Job]":
    return Job.objects.unfinished().filter(kind__in=_kinds)


@transaction.atomic
def _ask_for(wanted: Wanted) -> Job:
    """Ask for it, once however many do. An earlier job whose PDF is deleted again gives its key free."""
    Job.objects.filter(key=wanted.version, state=JobState.DONE).update(key=None)
    return jobs.request(
        wanted.kind,
        by=User.objects.system(),
        title=wanted.title[:200],
        subject=wanted.subject,
        key=wanted.version,
        **wanted.params,
    )
