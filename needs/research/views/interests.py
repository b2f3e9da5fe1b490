"""A partner's interest: shown on a need or a question, answered by the coordinator (N7)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ksf.accounts.roles import Role
from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.lists import paged
from ksf.web.requests import SignedInRequest
from needs.models import KnowledgeNeed
from needs.research.actions import actions_on_interest
from needs.research.forms import InterestAnswerForm, InterestForm
from needs.research.lifecycle import INTEREST, QUESTION_ACTIONS
from needs.research.models import Interest, ResearchQuestion
from needs.research.services import interests as services
from regions.models import Partner


@require_http_methods(["GET", "POST"])
def question_interest(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ResearchQuestion.objects.public().select_related("region"), pk=pk)
    if request.method == "GET":  # what is sent too late gets its answer beside the words, which stay
        QUESTION_ACTIONS.check("ask", found, by=request.user)
    return _show(request, found)


@require_http_methods(["GET", "POST"])
def need_interest(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, get_object_or_404(KnowledgeNeed.objects.published().with_place(), pk=pk))


def _show(request: SignedInRequest, subject: KnowledgeNeed | ResearchQuestion) -> HttpResponse:
    if not request.user.has_perm("needs_research.show_interest"):
        raise PermissionDenied
    partners = Partner.objects.filter(pk__in=request.user.partner_ids(Role.PARTNER))
    form = InterestForm(request.POST or None, partners=partners)
    if acted(form, lambda **values: services.show_interest(subject, **values, by=request.user)):
        messages.success(request, _("The coordinator has got your message and will answer."))
        return redirect(subject)
    context = {"form": form, "heading": _("Show interest"), "lead": subject, "button": _("Send"), "back": subject}
    return render_page(request, "needs/research/form_page.html", context, status=422 if form.errors else 200)


@require_safe
def interest_list(request: SignedInRequest) -> HttpResponse:
    rows = Interest.objects.visible_to(request.user).with_subject()
    return render_page(request, "needs/research/interest_list.html", {"page": paged(request, rows)})


@require_http_methods(["GET", "POST"])
def interest(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Interest.objects.visible_to(request.user).with_subject(), pk=pk)
    steps = {step.name: step for step in INTEREST.steps_for(request.user, found)}
    form = InterestAnswerForm(request.POST or None)
    if request.method == "POST" and _answered(request, found, form):
        messages.success(request, _("Done. Those concerned have been told."))
        return redirect(found)
    context = {
        "interest": found,
        "form": form,
        "steps": steps,
        "address": found.answered_by.email if found.answered_by and services.is_matched(found) else "",
        "actions": actions_on_interest(request.user, found),
    }
    return render_page(request, "needs/research/interest.html", context, status=422 if form.errors else 200)


def _answered(request: SignedInRequest, found: Interest, form: InterestAnswerForm) -> bool:
    """Do what the pressed button says. Raises PermissionDenied for a button that is not there for this person."""
    step = request.POST.get("do", "")
    if step not in INTEREST.steps:
        raise PermissionDenied
    INTEREST.check(step, found, by=request.user)
    if step == "withdraw":
        return bool(services.withdraw(found, by=request.user))
    answer_with = services.put_in_touch if step == "put_in_touch" else services.decline
    return acted(form, lambda answer: answer_with(found, answer=answer, by=request.user))
