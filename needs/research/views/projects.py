"""The register of research participation (N9)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Manager
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.web import render_page
from ksf.web.acting import acted, is_overtaken, see_now
from ksf.web.lists import ExportColumn, export, paged, wants_export
from ksf.web.numbers import whole
from ksf.web.requests import Request, SignedInRequest
from needs.models import KnowledgeNeed
from needs.research.actions import actions_on_project, new_project, participations_with_actions
from needs.research.forms import EditProjectForm, JoinForm, NewProjectForm, ProjectFilter, StopForm
from needs.research.lifecycle import PROJECT, PROJECT_LINE, ProjectState
from needs.research.models import Interest, Participation, ResearchProject, ResearchQuestion
from needs.research.services import projects as services


def _names(rows: Manager[Any]) -> str:
    return ", ".join(str(row) for row in rows.all())


COLUMNS = [
    ExportColumn(gettext_lazy("Title"), lambda project: project.title),
    ExportColumn(gettext_lazy("State"), lambda project: project.get_state_display()),
    ExportColumn(gettext_lazy("Region"), lambda project: project.region or ""),
    ExportColumn(gettext_lazy("Starts"), lambda project: project.starts_on),
    ExportColumn(gettext_lazy("Ends"), lambda project: project.last_day),
    ExportColumn(gettext_lazy("Knowledge partners"), lambda project: _names(project.partners)),
    ExportColumn(gettext_lazy("Clusters"), lambda project: _names(project.clusters)),
    ExportColumn(gettext_lazy("Municipalities"), lambda project: _names(project.participations)),
    ExportColumn(gettext_lazy("Who pays for it"), lambda project: project.funding_source),
    ExportColumn(gettext_lazy("Amount, kroner"), lambda project: project.funding_amount),
    ExportColumn(gettext_lazy("Combined positions"), lambda project: project.combined_positions),
    ExportColumn(gettext_lazy("Public-sector PhDs"), lambda project: project.public_sector_phds),
    ExportColumn(gettext_lazy("Master's theses"), lambda project: project.master_theses),
]


@login_not_required
@require_safe
def project_list(request: Request) -> HttpResponseBase:
    form = ProjectFilter(request.GET)
    rows = ResearchProject.objects.visible_to(request.user).narrowed(**form.chosen)
    if wants_export(request):
        return export(request, rows.with_people(), COLUMNS, "forskningsprosjekter")
    context = {
        "form": form,
        "page": paged(request, rows.for_rows()),
        "is_narrowed": bool(form.chosen),
        "new_project": new_project(request.user),
    }
    return render_page(request, "needs/research/project_list.html", context)


@login_not_required
@require_safe
def project(request: Request, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk), JoinForm())


def _page(request: Request, found: ResearchProject, form: JoinForm, status: int = 200) -> HttpResponse:
    user = request.user
    may_edit = user.has_perm("needs_research.edit_project", found)
    context = {
        "project": found,
        "line": () if found.state == ProjectState.STOPPED else PROJECT_LINE,
        "participations": participations_with_actions(user, found),
        "needs": KnowledgeNeed.objects.visible_to(user).filter(research_projects=found).with_place().order_by("number"),
        "questions": ResearchQuestion.objects.visible_to(user).filter(projects=found),
        "may_edit": may_edit,
        "actions": actions_on_project(user, found),
        "form": form if may_edit else None,
    }
    return render_page(request, "needs/research/project.html", context, status=status)


def _found(request: Request, pk: int) -> ResearchProject:
    rows = ResearchProject.objects.visible_to(request.user).select_related("region")
    return get_object_or_404(rows.prefetch_related("partners", "clusters"), pk=pk)


def _editable(request: Request, pk: int) -> ResearchProject:
    found = _found(request, pk)
    if not request.user.has_perm("needs_research.edit_project", found):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "POST"])
def project_new(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("needs_research.make_project"):
        raise PermissionDenied
    form = NewProjectForm(request.POST or None, user=request.user, initial=_begun(request))
    made: list[ResearchProject] = []
    if acted(form, lambda **values: made.append(services.register_project(**values, by=request.user))):
        messages.success(request, _("The project is registered."))
        return redirect(made[0])
    context = {"form": form, "heading": _("Register a research project"), "button": _("Register"), "is_project": True}
    return render_page(request, "needs/research/form_page.html", context, status=422 if form.errors else 200)


def _begun(request: Request) -> dict[str, Any]:
    """What is known from where the person came: an interest or a question, and their own region or cluster."""
    user = request.user
    begun: dict[str, Any] = {
        "region": next(iter(user.region_ids(Role.REGIONAL_COORDINATOR)), None),
        "clusters": list(user.cluster_ids(Role.CLUSTER_COORDINATOR)),
    }
    key, number = next(
        ((key, request.GET[key]) for key in ("interesse", "problemstilling") if key in request.GET), ("", "")
    )
    if whole(number) is None:
        return begun
    if key == "problemstilling":
        question = get_object_or_404(ResearchQuestion.objects.visible_to(user), pk=number)
        return begun | {"questions": [question], "needs": question.needs.all(), "title": question.title,
                        "partners": question.partner_ids_in_touch}  # fmt: skip
    interest = get_object_or_404(Interest.objects.visible_to(user).with_subject(), pk=number)
    begun |= {"partners": [interest.partner], "title": str(interest.subject)}
    if interest.question:
        return begun | {"questions": [interest.question], "needs": interest.question.needs.all()}
    return begun | {"needs": [interest.need]}


@require_http_methods(["GET", "POST"])
def project_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable(request, pk)
    form = EditProjectForm(request.POST or None, user=request.user, project=found)
    if acted(form, lambda **values: services.edit_project(found, **values, by=request.user)):
        messages.success(request, _("The project is changed."))
        return redirect(found)
    theirs = _found(request, pk) if is_overtaken(form) else None
    if theirs:
        see_now(form, "version", theirs.version)
    context = {"form": form, "heading": _("Change the project"), "button": _("Save"), "back": found, "is_project": True,
               "theirs": theirs, "written": found}  # fmt: skip
    return render_page(request, "needs/research/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def project_step(request: SignedInRequest, pk: int, step: str) -> HttpResponse:
    found = _found(request, pk)
    if step not in PROJECT.steps:
        raise Http404(step)
    row = PROJECT.check(step, found, by=request.user)
    form = StopForm(request.POST or None) if step == "stop" else None
    if request.method == "POST" and _moved(step, found, form, request.user):
        messages.success(
            request, _("The project stands as: %(state)s.") % {"state": ProjectState(PROJECT.steps[step].target).label}
        )
        return redirect(found)
    context = {
        "form": form,
        "heading": row.label,
        "lead": found,
        "button": row.label,
        "back": found,
        "is_project": True,
    }
    return render_page(request, "needs/research/form_page.html", context, status=422 if form and form.errors else 200)


def _moved(step: str, found: ResearchProject, form: StopForm | None, user: User) -> bool:
    if form is None:
        return bool(services.move_project(step, found, by=user))
    return acted(form, lambda reason: services.move_project(step, found, reason=reason, by=user))


@require_POST
def project_join(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _editable(request, pk)
    form = JoinForm(request.POST)
    if acted(form, lambda **values: services.join(found, **values, by=request.user)):
        return redirect(found)
    return _page(request, found, form, status=422)


@require_POST
def project_leave(request: SignedInRequest, pk: int, place: int) -> HttpResponse:
    found = _editable(request, pk)
    services.leave(get_object_or_404(Participation, project=found, pk=place), by=request.user)
    return redirect(found)
