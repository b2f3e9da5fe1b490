"""What is done with a need: steps with a note, endorsing, assessing, relating, merging (N3, N4)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ksf.web import limits, render_page
from ksf.web.acting import acted, is_overtaken, see_now
from ksf.web.numbers import whole
from ksf.web.requests import Request, SignedInRequest
from needs.actions import merge_into, take_back
from needs.forms import AssessForm, EndorseForm, NoteForm, PairForm, RelateForm
from needs.lifecycle import ACTIONS, NEED, OWN
from needs.models import Endorsement, KnowledgeNeed
from needs.services import drafts, endorsing, handling, merging
from needs.services.finding import search_needs, similar_needs

TAKEN: dict[str, Any] = {
    "return": lambda need, note, by: handling.return_with_question(need, question=note, by=by),
    "close": lambda need, note, by: handling.close(need, reason=note, by=by),
    "decline": lambda need, note, by: handling.decline(need, reason=note, by=by),
    "give_answer": lambda need, note, by: handling.give_answer(need, answer=note, by=by),
    "reopen": lambda need, note, by: handling.reopen(need, note=note, by=by),
    "withdraw": lambda need, _note, by: drafts.withdraw(need, by=by),
    **{
        name: lambda need, note, by, name=name: handling.move(name, need, note=note, by=by)
        for name in ("take_up", "prioritise", "formulate", "start_research", "put_to_use")
    },
}
"""The steps that are taken with a note, each with the service that does it."""


def _found(request: Request, pk: int) -> KnowledgeNeed:
    return get_object_or_404(KnowledgeNeed.objects.visible_to(request.user).with_place(), pk=pk)


def _posted(request: Request) -> QueryDict | None:
    """What was sent, even when it is nothing; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
def need_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    need = _found(request, pk)
    if step not in TAKEN:
        raise Http404(step)
    allowed = NEED.check(step, need, by=request.user)
    form = NoteForm(_posted(request), step=step)
    if acted(form, lambda note: TAKEN[step](need, note, request.user)):
        messages.success(request, _("Done. Those concerned have been told."))
        return redirect("need_queue" if request.GET.get("fra") == "queue" else need)
    status = 422 if form.is_bound else 200
    context = {"need": need, "form": form, "step": allowed}
    return render_page(request, "needs/need_step.html", context, status=status)


@require_http_methods(["GET", "POST"])
def need_endorse(request: SignedInRequest, pk: int) -> HttpResponse:
    need = _found(request, pk)
    choices = endorsing.municipalities_to_endorse(need, request.user)
    is_own = not choices and request.user.has_perm(OWN, need)
    if not is_own:
        ACTIONS.check("endorse", need, by=request.user)
    form = EndorseForm(_posted(request) if choices else None, municipalities=choices)
    if acted(form, lambda **values: endorsing.endorse(need, **values, by=request.user)):
        messages.success(request, _("You stand behind the need. The municipality that has it is told."))
        return redirect(need)
    context = {"need": need, "form": form, "choices": choices}
    status = 403 if is_own else 422 if form.errors else 200
    return render_page(request, "needs/need_endorse.html", context, status=status)


@require_POST
def need_endorse_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    need = _found(request, pk)
    endorsement = get_object_or_404(Endorsement, need=need, pk=whole(request.POST.get("endorsement", "")))
    endorsing.withdraw_endorsement(endorsement, by=request.user)
    messages.success(request, _("The endorsement is taken back."))
    return redirect(need)


@require_POST
def need_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    need = drafts.confirm(_found(request, pk), by=request.user)
    messages.success(request, _("The need is confirmed as yours."))
    return redirect(need)


@require_POST
def need_hide(request: SignedInRequest, pk: int) -> HttpResponse:
    need = handling.hide(_found(request, pk), is_hidden=request.POST.get("hidden") == "1", by=request.user)
    return redirect(need)


@require_http_methods(["GET", "POST"])
def need_assess(request: SignedInRequest, pk: int) -> HttpResponse:
    need = _found(request, pk)
    ACTIONS.check("assess", need, by=request.user)
    form = AssessForm(_posted(request), initial=_assessed(need))
    if acted(form, lambda **values: handling.assess(need, **values, by=request.user)):
        messages.success(request, _("The assessment is saved, and those concerned are told."))
        return redirect(need)
    theirs = _found(request, pk) if is_overtaken(form) else None
    if theirs:
        see_now(form, "seen", handling.assessments_of(theirs))
    context = {"need": need, "form": form, "theirs": theirs}
    return render_page(request, "needs/need_assess.html", context, status=422 if form.is_bound else 200)


def _assessed(need: KnowledgeNeed) -> dict[str, Any]:
    lines = [f"{source.title} {source.url}".strip() for source in need.sources.all()]
    return {
        "summary": need.known_summary,
        "sources": "\n".join(lines),
        "method_assessment_url": need.method_assessment_url,
        "outcome": need.assessment,
        "seen": handling.assessments_of(need),
    }


@require_http_methods(["GET", "POST"])
def need_relate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Find the other need by search, or among those like this one; relate or merge from there."""
    need = _found(request, pk)
    ACTIONS.check("relate", need, by=request.user)
    limits.count(request, "search")
    visible = KnowledgeNeed.objects.visible_to(request.user).findable().exclude(pk=pk)
    form = RelateForm(_posted(request), needs=visible)
    if acted(form, lambda **values: handling.relate(need, **values, by=request.user)):
        messages.success(request, _("The needs are related."))
        return redirect(need)
    query = request.GET.get("q", "")
    by_query = search_needs(query, visible.with_place().with_support())[:10] if query else None
    can_merge = NEED.allows("merge", need, by=request.user)
    found = by_query if by_query is not None else similar_needs(need.title, need.description, to=request.user, but=pk)
    context = {
        "need": need,
        "form": form,
        "found": [(other, merge_into(need, other) if can_merge else None) for other in found],
        "query": query,
        "related": [
            (other, how, take_back(need, other)) for other, how in KnowledgeNeed.objects.related_to(need, request.user)
        ],
    }
    return render_page(request, "needs/need_relate.html", context, status=422 if form.errors else 200)


@require_POST
def need_unrelate(request: SignedInRequest, pk: int) -> HttpResponse:
    need = _found(request, pk)
    handling.unrelate(need, other=_other(request), by=request.user)
    messages.success(request, _("The needs are no longer related."))
    return redirect("need_relate", pk=pk)


def _other(request: Request) -> KnowledgeNeed:
    """The other need of the pair, among those one may see; otherwise 404."""
    form = PairForm(request.POST, needs=KnowledgeNeed.objects.visible_to(request.user).sent())
    if not form.is_valid():
        raise Http404("other")
    return form.cleaned_data["other"]


@require_POST
def need_merge(request: SignedInRequest, pk: int) -> HttpResponse:
    need, other = _found(request, pk), _other(request)
    try:
        merging.merge(need, into=other, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("need_relate", pk=pk)
    messages.success(request, _("The two needs are merged. All texts and endorsements are kept, and it can be undone."))
    return redirect("need_queue" if request.GET.get("fra") == "queue" else need)


@require_POST
def need_unmerge(request: SignedInRequest, pk: int) -> HttpResponse:
    need = _found(request, pk)
    try:
        merging.unmerge(need, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The merging is undone. Both needs are as they were."))
    return redirect(need)


@require_POST
def need_settle(request: SignedInRequest, pk: int) -> HttpResponse:
    need = _found(request, pk)
    handling.settle(need, other=_other(request), by=request.user)
    return redirect("need_queue")
