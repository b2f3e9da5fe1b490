"""What is stored about oneself, and the wish to be erased; the wishes of others, for national leads."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ksf import personal, retention
from ksf.people import security
from ksf.periods import today
from ksf.privacy import erasing, services
from ksf.privacy.forms import AskForm, RefuseErasureForm
from ksf.privacy.lifecycle import ERASURE, ErasureState
from ksf.privacy.models import ErasureRequest, PersonalDownload
from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.confirming import confirm_first
from ksf.web.history import events
from ksf.web.limits import limited
from ksf.web.lists import paged
from ksf.web.requests import SignedInRequest


@require_safe
def personal_data(request: SignedInRequest) -> HttpResponse:
    """One's own: the file with all of it, and where the wish to be erased stands."""
    job = services.job_of(request.user)
    context = {
        "download": services.download_of(request.user),
        "days": services.DOWNLOAD_DAYS,
        "job": job if job and not job.is_finished else None,
        "asked": ErasureRequest.objects.filter(person=request.user).first(),
    }
    return render_page(request, "privacy/personal_data.html", context)


@require_POST
@limited("compute")
def personal_download_ask(request: SignedInRequest) -> HttpResponse:
    """Let the file be made."""
    return redirect(services.ask_for_download(by=request.user))


def _download(request: SignedInRequest) -> HttpResponse:
    """The file itself, to who has just shown who they are."""
    if services.download_of(request.user) is None:
        raise Http404
    found = PersonalDownload.objects.get(user=request.user)
    security.note("export", request.user, request=request, what=_("All that is stored about oneself"))
    name = f"ksf-{today()}.zip"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(bytes(found.content), content_type="application/zip", headers=headers)


personal_download = require_POST(confirm_first(_download, always=True))


def _ask(request: SignedInRequest) -> HttpResponse:
    """Ask to be erased: the page says what that means, and is the one question that is asked."""
    form = AskForm(request.POST or None)
    if acted(form, lambda reason: services.ask_for_erasure(by=request.user, reason=reason)):
        messages.success(request, _("Your wish is sent. You get an answer by e-mail within a month."))
        return redirect("personal_data")
    context = {
        "form": form,
        "hindrances": erasing.hindrances(request.user),
        "name_after": erasing.name_after(request.user),
        "fates": personal.by_fate(),
        "backup_days": retention.days("backups"),
    }
    return render_page(request, "privacy/erasure_ask.html", context, status=422 if form.errors else 200)


erasure_ask = require_http_methods(["GET", "POST"])(confirm_first(_ask, always=True))


@require_POST
def erasure_withdraw(request: SignedInRequest) -> HttpResponse:
    """Take one's own wish back, while it waits."""
    asked = get_object_or_404(ErasureRequest, person=request.user, state=ErasureState.ASKED)
    services.withdraw(asked, by=request.user)
    messages.success(request, _("Your wish to be erased is withdrawn."))
    return redirect("personal_data")


@require_safe
def erasure_list(request: SignedInRequest) -> HttpResponse:
    """The wishes of others: those that wait first, soonest due first."""
    _check_may_see(request)
    rows = ErasureRequest.objects.visible_to(request.user).select_related("person", "handled_by")
    waits = rows.open().order_by("due_on", "pk")
    answered = rows.exclude(state=ErasureState.ASKED).order_by(F("handled_at").desc(nulls_last=True), "-pk")
    return render_page(request, "privacy/erasure_list.html", {"waits": waits[:50], "page": paged(request, answered)})


@require_safe
def erasure(request: SignedInRequest, pk: int) -> HttpResponse:
    """One wish: what stands in its way, what becomes of what is stored, and the two answers."""
    _check_may_see(request)
    asked = get_object_or_404(ErasureRequest.objects.visible_to(request.user).select_related("person"), pk=pk)
    return _erasure_page(request, asked, RefuseErasureForm())


@require_POST
@confirm_first
def erasure_carry_out(request: SignedInRequest, pk: int) -> HttpResponse:
    _check_may_see(request)
    asked = get_object_or_404(ErasureRequest.objects.visible_to(request.user), pk=pk)
    if erasing.hindrances(asked.person):
        messages.error(request, _("The person has a role. It must end before the person can be erased."))
        return redirect(asked)
    services.carry_out(asked, by=request.user)
    messages.success(request, _("The person is erased."))
    return redirect(asked)


@require_POST
@confirm_first
def erasure_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    _check_may_see(request)
    asked = get_object_or_404(ErasureRequest.objects.visible_to(request.user), pk=pk)
    form = RefuseErasureForm(request.POST)
    if acted(form, lambda answer: services.refuse(asked, answer=answer, by=request.user)):
        messages.success(request, _("The wish is refused. The person gets the reason by e-mail."))
        return redirect(asked)
    return _erasure_page(request, asked, form)


def _erasure_page(request: SignedInRequest, asked: ErasureRequest, form: RefuseErasureForm) -> HttpResponse:
    is_open = ERASURE.allows("carry_out", asked, by=request.user)
    context = {
        "asked": asked,
        "form": form if is_open else None,
        "hindrances": erasing.hindrances(asked.person) if is_open else [],
        "fates": personal.by_fate() if is_open else [],
        "name_after": erasing.name_after(asked.person) if is_open else "",
        "events": events(asked),
        "up_url": reverse("erasure_list"),
    }
    return render_page(request, "privacy/erasure.html", context, status=422 if form.errors else 200)


def _check_may_see(request: SignedInRequest) -> None:
    if not request.user.has_perm("privacy.see_erasures"):
        raise PermissionDenied("privacy.see_erasures")
