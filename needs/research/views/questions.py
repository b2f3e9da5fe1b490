"""What partners look for: open questions and published needs; and one question, written together (N6, N7)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ksf.actor import Actor
from ksf.web import render_page
from ksf.web.acting import acted
from ksf.web.lists import paged
from ksf.web.numbers import whole
from ksf.web.requests import Request, SignedInRequest
from ksf.web.writing import save_text
from needs.models import KnowledgeNeed
from needs.research.actions import actions_on_question, new_question
from needs.research.forms import QuestionForm, SearchForm
from needs.research.lifecycle import QUESTION, QUESTION_ACTIONS, QUESTION_LINE
from needs.research.models import Interest, QuestionText, ResearchProject, ResearchQuestion, SavedSearch
from needs.research.services import questions as services
from needs.research.services import searches


@login_not_required
@require_safe
def question_list(request: Request) -> HttpResponse:
    form = SearchForm(request.GET)
    shows_needs = request.GET.get("vis") == "behov"
    questions = ResearchQuestion.objects.visible_to(request.user).narrowed(**form.chosen).with_place()
    needs = KnowledgeNeed.objects.published().narrowed(**form.chosen).with_place().with_support().in_order()
    context = {
        "form": form,
        "shows_needs": shows_needs,
        "page": paged(request, needs if shows_needs else questions),
        "searches": _searches(request.user),
        "new_question": new_question(request.user),
        "is_narrowed": bool(form.chosen),
    }
    return render_page(request, "needs/research/question_list.html", context)


def _searches(user: Actor) -> list[SavedSearch]:
    if not user.is_authenticated:
        return []
    return list(SavedSearch.objects.filter(user=user.pk).select_related("area", "region"))


@require_POST
def search_save(request: SignedInRequest) -> HttpResponse:
    form = SearchForm(request.POST)
    saved = searches.save_search(**form.chosen, by=request.user)
    messages.success(request, _("The search is saved. You get an e-mail every Monday there is something new."))
    return redirect(saved)


@require_POST
def search_change(request: SignedInRequest, pk: int) -> HttpResponse:
    search = get_object_or_404(SavedSearch, pk=pk, user=request.user)
    match request.POST.get("do"):
        case "remove":
            searches.remove_search(search)
            messages.success(request, _("The search is removed."))
        case "on" | "off" as wanted:
            searches.switch_search(search, is_on=wanted == "on")
            messages.success(request, _("The e-mail is on.") if wanted == "on" else _("The e-mail is off."))
        case _unknown:
            raise Http404
    return redirect("question_list")


@login_not_required
@require_safe
def question(request: Request, pk: int) -> HttpResponse:
    found = _found(request, pk)
    user = request.user
    context = {
        "question": found,
        "line": QUESTION_LINE,
        "texts": _texts(found),
        "actions": actions_on_question(user, found),
        "may_write": QUESTION_ACTIONS.allows("write", found, by=user),
        "needs": KnowledgeNeed.objects.visible_to(user).filter(questions=found).with_place().order_by("number"),
        "projects": ResearchProject.objects.visible_to(user).filter(questions=found),
        "interests": list(Interest.objects.visible_to(user).filter(question=found).with_subject()),
        "sees_history": user.has_perm("needs_research.write_question", found),
    }
    return render_page(request, "needs/research/question.html", context)


def _found(request: Request, pk: int) -> ResearchQuestion:
    rows = ResearchQuestion.objects.visible_to(request.user).select_related("region", "service_area")
    return get_object_or_404(rows, pk=pk)


def _texts(found: ResearchQuestion) -> list[QuestionText]:
    order = QuestionText.Part.values
    return sorted(found.texts.select_related("updated_by"), key=lambda text: order.index(text.part))


@require_http_methods(["GET", "POST"])
def question_new(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("needs_research.make_question"):
        raise PermissionDenied
    handled = KnowledgeNeed.objects.handled_by(request.user)
    choices = handled.to_research().select_related("municipality__county__region")
    first = [pk for sent in request.GET.getlist("behov") if (pk := whole(sent))]
    form = QuestionForm(request.POST or None, needs=choices.order_by("number"), initial={"needs": first})
    made: list[ResearchQuestion] = []
    if acted(form, lambda **values: made.append(services.make_question(**values, by=request.user))):
        messages.success(request, _("The question is begun. Write it below; partners see it when you open it."))
        return redirect(made[0])
    context = {"form": form, "heading": _("New researchable question"), "button": _("Begin the question")}
    return render_page(request, "needs/research/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def question_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    QUESTION_ACTIONS.check("edit", found, by=request.user)
    chosen = list(found.needs.all())
    choices = KnowledgeNeed.objects.to_research(kept=chosen).select_related("municipality__county__region")
    values = {name: getattr(found, name) for name in ("title", "kind", "service_area", "language")}
    form = QuestionForm(request.POST or None, needs=choices.order_by("number"), initial={**values, "needs": chosen})
    if acted(form, lambda **values: services.edit_question(found, **values, by=request.user)):
        messages.success(request, _("The question is changed."))
        return redirect(found)
    context = {"form": form, "heading": _("Title, needs and kind"), "button": _("Save"), "back": found}
    return render_page(request, "needs/research/form_page.html", context, status=422 if form.errors else 200)


@require_POST
def question_text(request: SignedInRequest, pk: int, part: str) -> HttpResponse:
    found = _found(request, pk)
    text = get_object_or_404(found.texts, part=part)
    QUESTION_ACTIONS.check("write", found, by=request.user)
    return save_text(request, text, by=request.user, back=found.get_absolute_url())


@require_POST
def question_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    found = _found(request, pk)
    if step not in QUESTION.steps or step == "become_project":
        raise Http404(step)
    try:
        moved = services.move_question(step, found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(found)
    messages.success(request, _("The question stands as: %(state)s.") % {"state": moved.get_state_display()})
    return redirect(found)
