"""Assigning, declaring, scoring and handing in reviews (G6)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from grants import notifications
from grants.lifecycle import APPLICATION, APPLICATION_ACTIONS, REVIEW, REVIEW_ACTIONS, ApplicationState, ReviewState
from grants.models import Application, Call, Criterion, JointScore, Review, Score
from grants.rules.assignment import spread
from ksf import audit
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.steps import lock, take


class Incomplete(Exception):
    """A review lacks points, grounds or an advised amount; ``missing`` names the criteria."""

    def __init__(self, missing: list[str], *, lacks_amount: bool) -> None:
        self.missing = missing
        self.lacks_amount = lacks_amount
        super().__init__(", ".join(missing))


class StillOpen(Exception):
    """Applications are assigned to reviewers when the call is closed."""


def reviewers_of(call: Call) -> list[User]:
    """Those appointed reviewers of the call today, by name."""
    appointed = call.appointments.in_force().filter(role=Role.REVIEWER).values("user")
    return list(User.objects.filter(pk__in=appointed, is_active=True).order_by("name", "email"))


@transaction.atomic
def assign_evenly(call: Call, *, by: User) -> list[Review]:
    """Give every application of a closed call its reviewers, as evenly as ties allow; returns the new reviews.

    What is assigned already stays. Raises StillOpen while applications can come in.
    """
    call = lock(call)
    _check_manages(call, by)
    if call.is_open:
        raise StillOpen
    applications = list(call.applications.in_assessment().select_related("call", "cluster"))
    for application in applications:
        if application.state == ApplicationState.SUBMITTED:
            take(APPLICATION, "begin_review", application, by=by)
    ids = {application.pk: application for application in applications}
    reviewers = {user.pk: user for user in reviewers_of(call)}
    plan = spread(*_free_and_held(ids, reviewers, each=call.reviews_each))
    made = [_assign(ids[pk], reviewers[reviewer], by=by) for pk, chosen in plan.items() for reviewer in sorted(chosen)]
    notifications.assigned(made)
    return made


def _free_and_held(
    applications: dict[int, Application], reviewers: dict[int, User], *, each: int
) -> tuple[dict[int, set[int]], int, dict[int, set[int]]]:
    free: dict[int, set[int]] = {pk: set() for pk in applications}
    for reviewer in reviewers.values():
        for pk in Application.objects.filter(pk__in=applications).not_tied_to(reviewer).values_list("pk", flat=True):
            free[pk].add(reviewer.pk)
    held: dict[int, set[int]] = {pk: set() for pk in applications}
    for review in Review.objects.filter(application__in=applications):
        free[review.application_id].discard(review.reviewer_id)
        if review.state in {ReviewState.ASSIGNED, ReviewState.WRITING, ReviewState.HANDED_IN}:
            held[review.application_id].add(review.reviewer_id)
    return free, each, held


def _assign(application: Application, reviewer: User, *, by: User) -> Review:
    review = Review.objects.create(application=application, reviewer=reviewer, assigned_by=by)
    Score.objects.bulk_create(
        Score(review=review, criterion=criterion) for criterion in application.call.criteria.all()
    )
    audit.record("review.assign", review, by=by, application=application, reviewer=reviewer)
    return review


@transaction.atomic
def declare_impartial(review: Review, *, declaration: str, by: User) -> Review:
    """Declare that nothing makes the reviewer partial (Public Administration Act, section 6); opens the application."""
    return take(REVIEW, "declare_impartial", review, by=by, declaration=declaration, declared_at=timezone.now())


@transaction.atomic
def declare_conflict(review: Review, *, declaration: str, by: User) -> Review:
    """Step aside. The application closes for the reviewer and staff are notified."""
    review = take(REVIEW, "declare_conflict", review, by=by, declaration=declaration, declared_at=timezone.now())
    notifications.conflicted(review)
    return review


def lock_writing(review: Review, *, by: User) -> Review:
    """The review, locked, while its reviewer writes it. Raises as the lifecycle does."""
    locked = lock(review)
    REVIEW_ACTIONS.check("write", locked, by=by)
    return locked


@transaction.atomic
def save_points(score: Score, points: int | None, *, by: User) -> Score:
    """Save the points of one criterion."""
    lock_writing(score.review, by=by)
    score.points = points
    score.save(update_fields=["points"])
    return score


@transaction.atomic
def save_advice(review: Review, *, advised_amount: int | None, by: User) -> Review:
    """Save the amount the reviewer advises, in kroner."""
    review = lock_writing(review, by=by)
    review.advised_amount = advised_amount
    review.save(update_fields=["advised_amount"])
    return review


@transaction.atomic
def hand_in(review: Review, *, by: User) -> Review:
    """Hand in a complete review; from now on the reviewer sees the others'. Raises Incomplete."""
    review = lock_writing(review, by=by)
    scores = review.scores.select_related("criterion__award_criterion")
    missing = [score.criterion.name for score in scores if not score.points or not score.content.strip()]
    if missing or review.advised_amount is None:
        raise Incomplete(missing, lacks_amount=review.advised_amount is None)
    return take(REVIEW, "hand_in", review, by=by, handed_in_at=timezone.now())


@transaction.atomic
def give_back(review: Review, *, by: User) -> Review:
    return take(REVIEW, "give_back", review, by=by, handed_in_at=None)


@transaction.atomic
def release(review: Review, *, by: User) -> Review:
    """Take an unfinished review off its reviewer, so that another can be assigned."""
    return take(REVIEW, "release", review, by=by)


@transaction.atomic
def settle(application: Application, criterion: Criterion, *, points: int, grounds: str, by: User) -> JointScore:
    """Keep the score the panel has agreed on for one criterion, in place of the reviewers' mean.

    Raises StepNotAllowed when the application is no longer under review.
    """
    application = lock(application)
    _check_manages(application.call, by)
    if not application.is_under_review:
        raise APPLICATION_ACTIONS.refusal("settle", application)
    score, _is_new = JointScore.objects.update_or_create(
        application=application,
        criterion=criterion,
        defaults={"points": points, "grounds": grounds, "settled_by": by},
    )
    audit.record("application.settle", application, by=by, criterion=criterion.code, points=points)
    return score


def _check_manages(call: Call, by: User) -> None:
    if not by.has_perm("grants.manage_review", call):
        raise PermissionDenied("grants.manage_review")
