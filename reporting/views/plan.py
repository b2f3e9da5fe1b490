from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ksf.web import render_page
from ksf.web.confirming import confirm_first
from ksf.web.requests import Request, SignedInRequest
from regions.models import Region
from reporting.actions import plan_actions
from reporting.forms import ActivityForm, CommentForm, TargetsForm
from reporting.lifecycle import PLAN, PLAN_WRITING
from reporting.models import PlanActivity, RegionalPlan
from reporting.reading import plans
from reporting.services import plan as services


def _plan(request: Request, year: int, region: str) -> RegionalPlan:
    """The plan, if the user may open it."""
    visible = RegionalPlan.objects.visible_to(request.user).for_page()
    return get_object_or_404(visible, year=year, region__slug=region)


def _activity(plan: RegionalPlan, pk: int) -> PlanActivity:
    return get_object_or_404(PlanActivity.objects.select_related("plan__region", "goal"), plan=plan, pk=pk)


@require_safe
def regional_plan(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    found = _plan(request, year, region)
    return _plan_page(request, found, CommentForm())


def _plan_page(request: SignedInRequest, found: RegionalPlan, form: CommentForm) -> HttpResponse:
    context = {
        "plan": found,
        "goals": plans.activities_by_goal(found),
        "targets": plans.targets(found),
        "actions": plan_actions(request.user, found),
        "form": form,
    }
    return render_page(request, "reporting/plan.html", context, status=422 if form.is_bound else 200)


@require_POST
def plan_start(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    made = services.start(get_object_or_404(Region, slug=region), year, by=request.user)
    return redirect(made)


@require_http_methods(["GET", "POST"])
def plan_activity_new(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    found = _plan(request, year, region)
    PLAN_WRITING.check("write", found, by=request.user)
    form = ActivityForm(request.POST or None, plan=found, initial=ActivityForm.begun(request.GET.get("goal", "")))
    if form.is_valid():
        services.add_activity(found, **form.cleaned_data, by=request.user)
        messages.success(request, _("The activity is in the plan."))
        return redirect(found)
    return _activity_page(request, found, form, None)


@require_http_methods(["GET", "POST"])
def plan_activity(request: SignedInRequest, year: int, region: str, pk: int) -> HttpResponse:
    found = _plan(request, year, region)
    PLAN_WRITING.check("write", found, by=request.user)
    activity = _activity(found, pk)
    form = ActivityForm(request.POST or None, plan=found, instance=activity)
    if form.is_valid():
        services.change_activity(activity, **form.cleaned_data, by=request.user)
        messages.success(request, _("The activity is changed."))
        return redirect(found)
    return _activity_page(request, found, form, activity)


def _activity_page(
    request: Request, found: RegionalPlan, form: ActivityForm, activity: PlanActivity | None
) -> HttpResponse:
    context = {
        "plan": found,
        "form": form,
        "activity": activity,
        "title": str(activity or _("New activity")),
        "heading": _("Change the activity") if activity else _("New activity"),
    }
    return render_page(request, "reporting/plan_activity.html", context, status=422 if form.is_bound else 200)


@require_POST
def plan_activity_remove(request: SignedInRequest, year: int, region: str, pk: int) -> HttpResponse:
    found = _plan(request, year, region)
    services.remove_activity(_activity(found, pk), by=request.user)
    messages.success(request, _("The activity is taken out of the plan."))
    return redirect(found)


@require_POST
def plan_activity_move(request: SignedInRequest, year: int, region: str, pk: int) -> HttpResponse:
    found = _plan(request, year, region)
    services.move_activity(_activity(found, pk), up=request.POST.get("direction") == "up", by=request.user)
    return redirect(found)


@require_http_methods(["GET", "POST"])
def plan_targets(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    found = _plan(request, year, region)
    PLAN_WRITING.check("write", found, by=request.user)
    form = TargetsForm(request.POST or None, plan=found)
    if form.is_valid():
        services.set_targets(found, targets=form.targets(), by=request.user)
        messages.success(request, _("The targets are saved."))
        return redirect(found)
    context = {"plan": found, "form": form}
    return render_page(request, "reporting/plan_targets.html", context, status=422 if form.is_bound else 200)


@require_POST
def plan_hand_in(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    found = _plan(request, year, region)
    try:
        services.hand_in(found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The plan is handed in to KS."))
    return redirect(found)


@require_POST
def plan_return(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    found = _plan(request, year, region)
    PLAN.check("return", found, by=request.user)
    form = CommentForm(request.POST)
    if form.is_valid():
        services.give_back(found, **form.cleaned_data, by=request.user)
        messages.success(request, _("The plan is returned. The coordinator is notified."))
        return redirect(found)
    return _plan_page(request, found, form)


@require_POST
@confirm_first
def plan_approve(request: SignedInRequest, year: int, region: str) -> HttpResponse:
    found = services.approve(_plan(request, year, region), by=request.user)
    messages.success(request, _("The plan is approved."))
    return redirect(found)
