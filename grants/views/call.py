"""Calls: the open pages, and KSF's editor."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants import notifications
from grants.actions.call import actions_on_call, actions_on_calls, publish_later
from grants.forms.call import (
    CallForm,
    CorrectionForm,
    ExtendForm,
    NewCallForm,
    PublicAnswerForm,
    PublishCallForm,
    TextsForm,
    WeightsForm,
)
from grants.forms.call_rows import FORM_PARTS
from grants.lifecycle import CALL, CALL_ACTIONS, CallState
from grants.models import AnsweredQuestion, Application, Award, Call
from grants.rules.readiness import faults
from grants.services import call as services
from ksf.accounts.models import User
from ksf.web import render_page
from ksf.web.lists import paged
from ksf.web.requests import Request, SignedInRequest
from ksf.web.stages import Stage

EDITOR_PARTS = ("main", "texts", "criteria", *FORM_PARTS)


@login_not_required
@require_safe
def call_list(request: Request) -> HttpResponse:
    """All calls one may read, the newest first."""
    calls = Call.objects.visible_to(request.user).select_related("pot__appropriation")
    context = {
        "page": paged(request, calls),
        "actions": actions_on_calls(request.user),
        "mine": Application.objects.written_by(request.user).for_list(),
    }
    return render_page(request, "grants/call_list.html", context)


@login_not_required
@require_safe
def call_page(request: Request, slug: str) -> HttpResponse:
    """A call as everyone reads it, and for KSF the steps they may take."""
    found = get_object_or_404(Call.objects.visible_to(request.user).for_page(), slug=slug).filled()
    may_manage = request.user.has_perm("grants.manage_call", found)
    own = Application.objects.written_by(request.user).to_call(found).for_list()
    categories = found.cost_categories.all()
    context = {
        "call": found,
        "texts": {text.kind: text for text in found.texts.all()},
        "costs": {
            "allowed": [one for one in categories if one.is_allowed],
            "barred": [one for one in categories if not one.is_allowed],
        },
        "may_manage": may_manage,
        "actions": actions_on_call(request.user, found, own),
        "received": found.applications.received().count() if may_manage else None,
        "awards": Award.objects.of_call(found).live().for_list().with_shares(),
        "stages": _stages(found),
        "contact_email": settings.CONTACT_EMAIL,
    }
    return render_page(request, "grants/call.html", context)


def _stages(found: Call) -> list[Stage]:
    """The call's way from opening to the grants' use, with its days; nothing has come of a draft."""
    here = _stage_now(found)
    days = [
        (_("Opened") if here > 0 else _("Opens"), found.opens_at),
        (_("Deadline"), found.deadline_at),
        (_("Decision"), found.decision_on),
        (_("The money can be used"), found.period_from),
    ]
    return [Stage(str(label), place < here, place == here, on) for place, (label, on) in enumerate(days)]


def _stage_now(found: Call) -> int:
    if found.state == CallState.DRAFT:
        return -1
    if found.state == CallState.DECIDED:
        return 3
    return 0 if found.is_coming else 1 if found.is_open else 2


@require_http_methods(["GET", "POST"])
def call_new(request: SignedInRequest) -> HttpResponse:
    """Draft a call, if wanted from an earlier one."""
    _check_manages(request)
    form = NewCallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        drafted = services.draft_call(by=request.user, **form.cleaned_data)
        messages.success(request, _("The draft is saved. Go through each part, then publish."))
        return redirect("call_edit", drafted.slug, "texts")
    return render_page(request, "grants/call_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def call_edit(request: SignedInRequest, slug: str, part: str) -> HttpResponse:
    """One part of a draft: the main facts, the texts, the weights, or rows of the form."""
    found = _managed(request, slug)
    CALL_ACTIONS.check("write", found, by=request.user)
    form = _editor_form(part, request.POST or None, found)
    if request.method == "POST" and form.is_valid():
        saved = _save_part(part, form, found, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("call_edit", saved.slug, part)
    has_errors = request.method == "POST"
    context = {
        "call": found,
        "part": part,
        "form": form,
        "parts": _parts(),
        "heading": dict(_parts())[part],
        "is_rows": part in FORM_PARTS,
        "faults": faults(found.filled(), timezone.now()),
        "publish": publish_later(found),
    }
    return render_page(request, "grants/call_edit.html", context, status=422 if has_errors else 200)


def _parts() -> list[tuple[str, Any]]:
    first = [("main", _("Main facts")), ("texts", _("Texts")), ("criteria", _("Criteria and weights"))]
    return [*first, *((part, heading) for part, (heading, _formset) in FORM_PARTS.items())]


def _editor_form(part: str, data: QueryDict | None, found: Call) -> Any:
    if part == "main":
        return CallForm(data, instance=Call.objects.get(pk=found.pk))
    if part == "texts":
        return TextsForm(data, call=found)
    if part == "criteria":
        return WeightsForm(data, call=found)
    return FORM_PARTS[part][1](data, instance=found, prefix=part)


def _save_part(part: str, form: Any, found: Call, *, by: User) -> Call:  # Any: each part has a form of its own
    if part == "main":
        return services.change_draft(found, by=by, **form.cleaned_data)
    if part == "texts":
        services.set_texts(found, form.texts(), by=by)
    elif part == "criteria":
        services.set_weights(found, form.weights(), by=by)
    else:
        services.change_form(found, form, by=by)
    return found


@require_http_methods(["GET", "POST"])
def call_publish(request: SignedInRequest, slug: str) -> HttpResponse:
    """What must be fixed or looked at before a draft is published, who will be notified, and publishing."""
    found = _managed(request, slug)
    CALL.check("publish", found, by=request.user)
    data = request.POST if request.method == "POST" else None
    form = PublishCallForm(data, faults=faults(found.filled(), timezone.now()))
    if request.method == "POST" and form.is_valid():
        try:
            services.publish(found, by=request.user, has_looked=form.has_looked)
        except services.NotReady as not_ready:  # changed since the page was read
            form = PublishCallForm(None, faults=not_ready.faults)
        else:
            messages.success(request, _("The call is published, and those it concerns are notified."))
            return redirect("call", slug)
    context = {
        "call": found,
        "form": form,
        "opens_later": found.opens_at > timezone.now(),
        "recipients": notifications.recipients_of_calls().count(),
    }
    return render_page(request, "grants/call_publish.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def call_correct(request: SignedInRequest, slug: str) -> HttpResponse:
    """Correct a published call, with a notice to all."""
    found = _managed(request, slug)
    CALL.check("correct", found, by=request.user)
    form = CorrectionForm(request.POST or None, instance=Call.objects.get(pk=found.pk))
    texts = TextsForm(request.POST or None, call=found)
    if request.method == "POST" and form.is_valid() and texts.is_valid():
        services.correct(found, texts=texts.texts(), by=request.user, **form.cleaned_data)
        messages.success(request, _("The call is corrected, and those who have begun an application are notified."))
        return redirect("call", slug)
    context = {"call": found, "form": form, "texts": texts, "form_beside": texts, "written": found}
    return render_page(request, "grants/call_correct.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def call_extend(request: SignedInRequest, slug: str) -> HttpResponse:
    """Move the deadline to a later moment, with a notice to all."""
    found = _managed(request, slug)
    CALL.check("extend", found, by=request.user)
    form = ExtendForm(request.POST or None, call=found, initial={"deadline_at": found.deadline_at})
    if request.method == "POST" and form.is_valid():
        services.extend(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The deadline is moved, and those who have begun an application are notified."))
        return redirect("call", slug)
    context = {"call": found, "form": form}
    return render_page(request, "grants/call_extend.html", context, status=422 if form.errors else 200)


@require_POST
def call_close(request: SignedInRequest, slug: str) -> HttpResponse:
    """Close a call before or after its deadline."""
    services.close(_managed(request, slug), by=request.user)
    messages.success(request, _("The call is closed."))
    return redirect("call", slug)


@require_http_methods(["GET", "POST"])
def call_answer(request: SignedInRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Publish a question and its answer, or correct one."""
    found = _managed(request, slug)
    row = get_object_or_404(found.answered_questions, pk=pk) if pk else None
    initial = {"asked_on": timezone.localdate()}
    form = PublicAnswerForm(request.POST or None, instance=row or AnsweredQuestion(call=found), initial=initial)
    if request.method == "POST" and form.is_valid():
        services.answer_question(found, row=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("The answer is published."))
        return redirect("call", slug)
    context = {"call": found, "form": form, "written": row}
    return render_page(request, "grants/call_answer.html", context, status=422 if form.errors else 200)


def _managed(request: Request, slug: str) -> Call:
    found = get_object_or_404(Call.objects.visible_to(request.user).for_page(), slug=slug)
    if not request.user.has_perm("grants.manage_call", found):
        raise PermissionDenied("grants.manage_call")
    return found


def _check_manages(request: Request) -> None:
    if not request.user.has_perm("grants.manage_call"):
        raise PermissionDenied("grants.manage_call")
