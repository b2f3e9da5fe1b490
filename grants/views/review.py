"""Reviewing: one's own list, the declaration, the form, and KSF's overview (G6)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions.review import actions_on_review, main_of_reviews
from grants.forms.review import AdviceForm, DeclarationForm, PointsForm, SettleForm
from grants.lifecycle import REVIEW, REVIEW_ACTIONS
from grants.models import Application, Call, Review, Score
from grants.rules import scores
from grants.services import review as services
from ksf.web import render_page
from ksf.web.actions import Action
from ksf.web.requests import Request, SignedInRequest
from ksf.web.writing import mark_saved, save_text


@require_safe
def review_list(request: SignedInRequest) -> HttpResponse:
    """One's own reviews: those to do, and those one is done with."""
    reviews = Review.objects.visible_to(request.user).of_reviewer(request.user).for_list()
    open_now = set(reviews.to_do().values_list("pk", flat=True))
    context = {
        "to_do": [review for review in reviews if review.pk in open_now],
        "done": [review for review in reviews if review.pk not in open_now],
    }
    return render_page(request, "grants/review_list.html", context)


@require_safe
def review_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """Declaration first; then the application beside the form; then also what the others said."""
    found = _visible(request, pk)
    if REVIEW.allows("declare_impartial", found, by=request.user):
        return _declare_page(request, found, DeclarationForm())
    return _render_review(request, found)


def _declare_page(request: Request, found: Review, form: DeclarationForm) -> HttpResponse:
    members = found.application.members.select_related("municipality")
    context = {"review": found, "form": form, "members": members}
    return render_page(request, "grants/review_declare.html", context, status=422 if form.errors else 200)


def _render_review(request: Request, found: Review, *, status: int = 200, **more: Any) -> HttpResponse:
    application = Application.objects.visible_to(request.user).for_list().filter(pk=found.application_id).first()
    submission = application.latest_submission if application else None
    handed_in = Review.objects.visible_to(request.user).handed_in().of_application(found.application).for_page()
    others = [other for other in handed_in if other.pk != found.pk]
    is_own = found.reviewer_id == request.user.pk
    whose = _("You gave") if is_own else str(found.reviewer)
    context = {
        "review": found,
        "actions": actions_on_review(request.user, found),
        "is_own": is_own,
        "whose": whose,
        "declared": _declared(found, is_own=is_own) if submission else "",
        "application": application,
        "sealed": submission.snapshot if submission else None,
        "may_write": REVIEW.allows("hand_in", found, by=request.user),
        "rows": _beside(found, others),
        "points": range(1, 8),
        "advice": application and AdviceForm(initial={"advised_amount": found.advised_amount}, application=application),
        "views": [(whose, found), *((_("Reviewer %(n)s") % {"n": n}, one) for n, one in enumerate(others, 1))],
        **more,
    }
    return render_page(request, "grants/review.html", context, status=status)


def _declared(found: Review, *, is_own: bool) -> str:
    """What was declared, before the day it was; nothing while it is not (G6)."""
    if not found.declared_at:
        return ""
    if is_own:
        return _("You have declared that you are impartial in this case,")
    return _("The reviewer has declared to be impartial in this case,")


def _missing(found: Review, incomplete: services.Incomplete) -> list[Action]:
    """What a review lacks, each with the way to it on the page."""
    text = _("Score and grounds are missing on: %(name)s")
    missing = [
        Action(text % {"name": score.criterion.name}, f"#score-{score.pk}", look="link")
        for score in found.scores.all()
        if score.criterion.name in incomplete.missing
    ]
    if incomplete.lacks_amount:
        missing.append(Action(_("Write the amount you advise"), "#id_advised_amount", look="link"))
    return missing


def _beside(found: Review, others: list[Review]) -> list[tuple[Score, list[Score]]]:
    """The scores of a review, each with what the other reviewers gave on the same criterion."""
    given = [score for other in others for score in other.scores.all()]
    return [
        (score, [other for other in given if other.criterion_id == score.criterion_id]) for score in found.scores.all()
    ]


@require_POST
def review_declare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the declaration; a reviewer with a tie steps aside."""
    found = _visible(request, pk)
    REVIEW.check("declare_conflict", found, by=request.user)  # whoever may declare at all may say this
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        return _declare_page(request, found, form)
    declare = services.declare_impartial if form.cleaned_data["is_impartial"] else services.declare_conflict
    declare(found, declaration=form.cleaned_data["declaration"], by=request.user)
    messages.success(request, _("Your declaration is kept."))
    return redirect(found if form.cleaned_data["is_impartial"] else "review_list")


@require_POST
def review_points(request: SignedInRequest, pk: int, score: int) -> HttpResponse:
    """Save the points of one criterion."""
    found = _visible(request, pk)
    row = get_object_or_404(Score.objects.select_related("review"), review=found, pk=score)
    form = PointsForm(request.POST)
    if form.is_valid():
        services.save_points(row, form.cleaned_data["points"], by=request.user)
    return _saved(request, found, is_valid=form.is_valid())


@require_POST
def review_grounds(request: SignedInRequest, pk: int, score: int) -> HttpResponse:
    """Save the grounds of one criterion as typed."""
    found = _visible(request, pk)
    REVIEW_ACTIONS.check("write", found, by=request.user)
    row = get_object_or_404(Score, review=found, pk=score)
    return save_text(request, row, by=request.user, back=found.get_absolute_url())


@require_POST
def review_overall(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save the overall view as typed."""
    found = _visible(request, pk)
    REVIEW_ACTIONS.check("write", found, by=request.user)
    return save_text(request, found, by=request.user, back=found.get_absolute_url())


@require_POST
def review_advice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Save the advised amount."""
    found = _visible(request, pk)
    form = AdviceForm(request.POST, application=found.application)
    if not form.is_valid():
        return _render_review(request, found, advice=form, form=form, status=422)
    services.save_advice(found, by=request.user, **form.cleaned_data)
    return _saved(request, found, is_valid=True)


def _saved(request: Request, found: Review, *, is_valid: bool) -> HttpResponse:
    if request.htmx:
        response = HttpResponse(status=204 if is_valid else 422)
        mark_saved(response, is_saved=is_valid)
        return response
    return redirect(found)


@require_POST
def review_hand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    """Hand in, or say what is missing."""
    found = _visible(request, pk)
    try:
        services.hand_in(found, by=request.user)
    except services.Incomplete as incomplete:
        return _render_review(request, found, missing=_missing(found, incomplete), status=422)
    messages.success(request, _("The review is handed in. Now you can read what the others wrote."))
    return redirect(found)


@require_safe
def review_overview(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every application of a call with its score, its spread and who has handed in."""
    call = _managed(request, slug)
    applications = list(call.applications.received().for_list().with_reviews().order_by("number"))
    summaries = scores.of_call(call)
    rows = [(row, summaries.get(row.pk, scores.ScoreSummary())) for row in applications]
    waiting = sum(review.is_open for row in applications for review in row.reviews.all())
    rows.sort(key=lambda row: (row[1].score is None, -(row[1].score or 0)))
    context = {
        "call": call,
        "rows": rows,
        "reviewers": services.reviewers_of(call),
        "main": main_of_reviews(call, applications, is_complete=bool(applications) and not waiting),
        "waiting": waiting,
    }
    return render_page(request, "grants/review_overview.html", context)


@require_POST
def review_assign(request: SignedInRequest, slug: str) -> HttpResponse:
    """Assign reviewers evenly."""
    call = _managed(request, slug)
    try:
        made = services.assign_evenly(call, by=request.user)
    except services.StillOpen:
        messages.error(request, _("The call is still open. Reviewers are assigned when it is closed."))
        return redirect("review_overview", slug)
    if made:
        said = ngettext(
            "%(count)d review is assigned, and the reviewer is notified.",
            "%(count)d reviews are assigned, and the reviewers are notified.",
            len(made),
        )
        messages.success(request, said % {"count": len(made)})
    else:
        messages.warning(request, _("No reviews were assigned: nothing lacks one, or nobody without ties is left."))
    return redirect("review_overview", slug)


@require_POST
def review_release(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an unfinished review off its reviewer."""
    found = _visible(request, pk)
    services.release(found, by=request.user)
    messages.success(request, _("The review is taken off the reviewer. Assign reviewers again to give it to another."))
    return redirect("review_overview", found.application.call.slug)


@require_POST
def review_give_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a review back to be completed."""
    found = _visible(request, pk)
    services.give_back(found, by=request.user)
    messages.success(request, _("The review is given back, and the reviewer can write on."))
    return redirect("review_overview", found.application.call.slug)


@require_http_methods(["GET", "POST"])
def application_settle(request: SignedInRequest, pk: int, criterion: int) -> HttpResponse:
    """The panel's joint score on one criterion."""
    application = get_object_or_404(Application.objects.visible_to(request.user).for_list(), pk=pk)
    if not request.user.has_perm("grants.manage_review", application):
        raise PermissionDenied("grants.manage_review")
    row = get_object_or_404(application.call.criteria.select_related("award_criterion"), pk=criterion)
    form = SettleForm(request.POST or None, settled=application.joint_scores.of_criterion(row).first())
    if request.method == "POST" and form.is_valid():
        services.settle(application, row, by=request.user, **form.cleaned_data)
        messages.success(request, _("The joint score is kept, and the weighted score is counted again."))
        return redirect(f"{application.get_absolute_url()}#scores")
    given = Score.objects.handed_in().of_criterion(application, row)
    context = {"application": application, "criterion": row, "form": form, "given": given}
    return render_page(request, "grants/application_settle.html", context, status=422 if form.errors else 200)


def _visible(request: Request, pk: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user).for_page(), pk=pk)


def _managed(request: Request, slug: str) -> Call:
    call = get_object_or_404(Call.objects.visible_to(request.user).with_criteria(), slug=slug)
    if not request.user.has_perm("grants.manage_review", call):
        raise PermissionDenied("grants.manage_review")
    return call
