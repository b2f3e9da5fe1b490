"""Writing a need: the page, its saving as one types, the similar needs beside it (N1, N2)."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ksf.web import limits, render_page
from ksf.web.actions import Action
from ksf.web.requests import SignedInRequest
from ksf.web.unsent import hold
from ksf.web.writing import mark_saved
from needs.actions import endorse_instead
from needs.forms import ClarificationForm, DraftForm, NeedForm
from needs.lifecycle import ACTIONS, OWN
from needs.models import KnowledgeNeed
from needs.services import drafts
from needs.services.drafts import DraftConflict
from needs.services.finding import similar_needs
from regions.models import Municipality

WRITTEN = ("title", "description", "consequence", "service_area", "target_group", "concerns")


@require_http_methods(["GET", "POST"])
def need_new(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        return _saved(request, need=None)
    form = DraftForm(
        initial={"draft_key": uuid.uuid4(), "draft_tab": uuid.uuid4(), "draft_version": 0},
        municipalities=drafts.municipalities_for(request.user),
    )
    return _page(request, form, None)


@require_http_methods(["GET", "POST"])
def need_write(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.method == "POST" and not KnowledgeNeed.objects.filter(pk=pk).exists():
        return _saved(request, need=None)  # discarded meanwhile: what was typed here becomes a draft again
    need = get_object_or_404(KnowledgeNeed.objects.visible_to(request.user).with_place(), pk=pk)
    ACTIONS.check("write", need, by=request.user)
    if request.method == "POST":
        return _saved(request, need=need)
    return _page(request, DraftForm(initial=_initial(need), municipalities=_choices(request, need)), need)


@require_http_methods(["GET", "POST"])
def need_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once, and delete a draft that was never sent."""
    need = get_object_or_404(KnowledgeNeed.objects.visible_to(request.user).for_page(), pk=pk)
    drafts.check_discard(need, by=request.user)
    if request.method == "POST":
        drafts.discard(need, by=request.user)
        messages.success(request, _("The draft is discarded."))
        return redirect("my_page")
    return render_page(request, "needs/need_discard.html", {"need": need})


@require_POST
def need_autosave(request: SignedInRequest) -> HttpResponse:
    """Save what is typed. 200 with the new version, 409 with both texts, 422 with what is wrong."""
    form = DraftForm(request.POST, municipalities=_choices(request, _by_key(request)))
    if not form.is_valid():
        return render(request, "needs/need_write_saved.html", {"form": form}, status=422)
    if _is_empty_and_new(request, form):
        response = render(request, "needs/need_write_saved.html", {})
        mark_saved(response, is_saved=False)
        return response
    try:
        need = _keep(request, form)
    except DraftConflict as conflict:
        return render(request, "needs/need_write_saved.html", {"theirs": conflict.theirs}, status=409)
    response = render(request, "needs/need_write_saved.html", {"need": need})
    mark_saved(response)
    response["HX-Replace-Url"] = reverse("need_write", args=[need.pk])
    return response


@require_POST
def need_similar(request: SignedInRequest) -> HttpResponse:
    """The aside of the form: needs like what is typed so far."""
    limits.count(request, "search")
    found = _similar(request, request.POST.get("title", ""), request.POST.get("description", ""), _by_key(request))
    return render(request, "needs/need_similar.html", {"similar": found})


@dataclass(frozen=True)
class SimilarNeed:
    """A need like the one that is written, and what the writer can do: endorse it, or know it for one's own."""

    need: KnowledgeNeed
    is_own: bool
    is_answered: bool
    endorse: Action | None


def _similar(request: SignedInRequest, title: str, text: str, need: KnowledgeNeed | None) -> list[SimilarNeed]:
    found = similar_needs(title, text, to=request.user, but=need.pk if need else None)
    return [
        SimilarNeed(
            other,
            is_own=request.user.has_perm(OWN, other),
            is_answered=other.assessment == KnowledgeNeed.Assessment.KNOWLEDGE_EXISTS,
            endorse=endorse_instead(request.user, other),
        )
        for other in found
    ]


def _by_key(request: SignedInRequest) -> KnowledgeNeed | None:
    """The need whose draft is being written, if it has been saved already."""
    return KnowledgeNeed.objects.visible_to(request.user).with_key(request.POST.get("draft_key", "")).first()


def _saved(request: SignedInRequest, *, need: KnowledgeNeed | None) -> HttpResponse:
    """Save, and send or answer when that is what was pressed; show the page again when something is wrong."""
    is_sending = "send" in request.POST
    form = (NeedForm if is_sending else DraftForm)(request.POST, municipalities=_choices(request, need))
    answer = ClarificationForm(request.POST) if need is not None and need.open_question else None
    draft = DraftForm(request.POST, municipalities=_choices(request, need))
    if not draft.is_valid():
        return _page(request, draft, need, answer=answer, status=422)
    if need is None and _is_empty_and_new(request, draft):
        return _page(request, NeedForm(request.POST, municipalities=_choices(request, None)), None, status=422)
    try:
        kept = _keep(request, draft)
    except DraftConflict as conflict:
        return _page(request, form, need, theirs=conflict.theirs, answer=answer, status=409)
    form.data = {**request.POST.dict(), "draft_version": str(kept.draft_version)}
    if not is_sending:
        return _put_off(request, form, kept, answer)
    if not form.is_valid() or (answer is not None and not answer.is_valid()):
        return _page(request, form, kept, answer=answer, status=422)
    return _sent(request, kept, answer)


def _put_off(
    request: SignedInRequest, form: DraftForm, need: KnowledgeNeed, answer: ClarificationForm | None
) -> HttpResponse:
    try:
        hold(request)  # the answer to a question is no part of the draft
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, form, need, answer=answer, status=422)
    messages.success(request, _("The draft is saved. You can go on whenever you like."))
    return redirect("need_write", pk=need.pk)


def _sent(request: SignedInRequest, need: KnowledgeNeed, answer: ClarificationForm | None) -> HttpResponse:
    if answer is not None:
        drafts.answer(need, text=answer.cleaned_data["answer"], by=request.user)
        messages.success(request, _("The answer is sent, and the coordinator is told."))
    else:
        drafts.submit(need, by=request.user)
        messages.success(request, _("The need is sent. The coordinator reads it first, and you are told at each turn."))
    return redirect(need)


def _is_empty_and_new(request: SignedInRequest, form: DraftForm) -> bool:
    """Nothing is written and no draft is begun: then none is stored, nor a task made of it."""
    return not any(form.cleaned_data[name] for name in WRITTEN) and _by_key(request) is None


def _keep(request: SignedInRequest, form: DraftForm) -> KnowledgeNeed:
    values = form.cleaned_data
    return drafts.save_draft(
        values,
        by=request.user,
        key=values["draft_key"],
        version=values["overwrite"] or values["draft_version"] or 0,
        tab=values["draft_tab"],
    )


def _initial(need: KnowledgeNeed) -> dict[str, Any]:
    fields = (*drafts.FIELDS, "draft_key", "draft_version")
    return {**{name: getattr(need, name) for name in fields}, "draft_tab": uuid.uuid4()}


def _choices(request: SignedInRequest, need: KnowledgeNeed | None) -> Any:
    """The municipalities one may write for, and the need's own; only its own when it has been sent: others know it."""
    if need and need.was_sent:
        return Municipality.objects.filter(pk=need.municipality_id).with_place()
    allowed = drafts.municipalities_for(request.user)
    return allowed | Municipality.objects.filter(pk=need.municipality_id).with_place() if need else allowed


def _page(
    request: SignedInRequest,
    form: DraftForm,
    need: KnowledgeNeed | None,
    *,
    theirs: KnowledgeNeed | None = None,
    answer: ClarificationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    question = need.open_question if need else None
    similar = []
    if form["title"].value():
        text = form["description"].value() or ""
        similar = _similar(request, form["title"].value(), text, need)
    context = {
        "form": form,
        "need": need,
        "theirs": theirs,
        "question": question,
        "answer": answer or (ClarificationForm() if question else None),
        "similar": similar,
        "drafts": drafts.open_drafts(request.user)[:5] if need is None else [],
    }
    return render_page(request, "needs/need_write.html", context, status=status)
