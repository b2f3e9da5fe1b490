from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ksf import broker
from ksf.jobs.models import Job
from ksf.web import render_page
from ksf.web.requests import SignedInRequest


@require_safe
@never_cache
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far a piece of long work has come. The partial asks for itself again until the work is over."""
    job = get_object_or_404(Job, pk=pk)
    if not job.is_visible_to(request.user):
        raise Http404
    has_queue = job.is_finished or broker.answers()
    return render_page(request, "ksf/job.html", {"job": job, "has_queue": has_queue}, partial="progress")
