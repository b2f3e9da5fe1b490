"""Figures for those on watch, in Prometheus' text format: requests, jobs, mail and queues. None is about a person."""

import secrets
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ksf import broker, counting
from ksf.audit.models import AuditCheck
from ksf.jobs.models import UNFINISHED, Job, JobState
from ksf.notifications.models import Notice
from ksf.web.requests import Request

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
QUEUES: Final = ("default", "documents", "solver")
Sample = tuple[str, float]


@login_not_required
@never_cache
@require_safe
def metrics(request: Request) -> HttpResponse:
    """For this machine itself, or whoever has the token; for others there is no such page."""
    if not _may_read(request):
        raise Http404
    parts = (*_requests(), *_jobs(), *_mail(), *_queues(), *_audit())
    return HttpResponse("".join(parts), content_type=CONTENT_TYPE)


def _may_read(request: Request) -> bool:
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN:
        return secrets.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    is_proxied = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104  no address is not our own
    return not is_proxied and ip_address(address).is_loopback


def _family(name: str, kind: str, about: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{labels} {value:g}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _requests() -> Iterable[str]:
    statuses, buckets, seconds = counting.totals()
    by_status = [(f'{{status="{first}xx"}}', count) for first, count in statuses.items()]
    yield _family("ksf_requests_total", "counter", "Answers by status.", by_status)
    so_far = 0
    samples: list[Sample] = []
    for most, count in zip(counting.BUCKETS, buckets, strict=True):
        so_far += count
        limit = "+Inf" if most == float("inf") else f"{most:g}"
        samples.append((f'_bucket{{le="{limit}"}}', so_far))
    samples += [("_sum", seconds), ("_count", so_far)]
    yield _family("ksf_request_seconds", "histogram", "How long answers took.", samples)


def _jobs() -> Iterable[str]:
    counts = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    by_state = [(f'{{state="{state}"}}', counts.get(state, 0)) for state in JobState.values]
    yield _family("ksf_jobs", "gauge", "Jobs by state.", by_state)
    oldest = dict(Job.objects.unfinished().order_by().values_list("state").annotate(Min("created_at")))
    now = timezone.now()
    ages = [
        (f'{{state="{state}"}}', (now - oldest[state]).total_seconds() if state in oldest else 0)
        for state in UNFINISHED
    ]
    yield _family("ksf_job_oldest_seconds", "gauge", "Age of the oldest unfinished job.", ages)


def _mail() -> Iterable[str]:
    found = Notice.objects.to_send().aggregate(count=Count("pk"), oldest=Min("created_at"))
    age = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0
    yield _family("ksf_mail_waiting", "gauge", "Mails that have not left.", [("", found["count"])])
    yield _family("ksf_mail_oldest_seconds", "gauge", "Age of the oldest mail that has not left.", [("", age)])


def _queues() -> Iterable[str]:
    lengths = broker.lengths(QUEUES)
    yield _family("ksf_broker_up", "gauge", "Whether Redis answers.", [("", 0 if lengths is None else 1)])
    samples = [(f'{{queue="{name}"}}', count) for name, count in (lengths or {}).items()]
    yield _family("ksf_queue_length", "gauge", "Messages that wait on a queue.", samples)


def _audit() -> Iterable[str]:
    """Minus one where nobody has looked through the log yet."""
    last = AuditCheck.objects.first()
    faults = len(last.faults) if last else -1
    age = (timezone.now() - last.at).total_seconds() if last else -1
    yield _family("ksf_audit_faults", "gauge", "What the newest look through the log found.", [("", faults)])
    yield _family("ksf_audit_check_age_seconds", "gauge", "Age of the newest look through the log.", [("", age)])
