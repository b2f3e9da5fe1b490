"""Who is told what about calls, applications and reviews."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from grants.models import Application, Call, CallNotice, Review, Submission
from ksf.accounts.models import Appointment, User
from ksf.accounts.roles import Role
from ksf.notifications import notify


def writers_of(application: Application) -> Iterable[User]:
    """Those who may write the application: the cluster's coordinators and the motor's R&D contacts."""
    scopes = Q(role=Role.CLUSTER_COORDINATOR, cluster=application.cluster_id) | Q(
        role=Role.RD_CONTACT, municipality=application.motor_id
    )
    appointed = Appointment.objects.in_force().filter(scopes).values("user")
    return User.objects.filter(pk__in=appointed, is_active=True)


def receipt(application: Application, submission: Submission) -> None:
    for user in writers_of(application):
        context = {"application": application, "submission": submission}
        notify(user, "grants/receipt", context, url=application.get_absolute_url(), urgent=True)


def withdrawn(application: Application) -> None:
    for user in writers_of(application):
        notify(user, "grants/withdrawn", {"application": application}, url=application.get_absolute_url(), urgent=True)


def changed(call: Call, notice: CallNotice) -> None:
    """Tell all who have begun an application that the call is corrected or extended."""
    begun = call.applications.all()
    told = {user.pk: user for application in begun for user in writers_of(application)}
    for user in told.values():
        notify(user, "grants/call_changed", {"call": call, "notice": notice}, url=call.get_absolute_url(), urgent=True)


def assigned(reviews: Iterable[Review]) -> None:
    """Tell each reviewer once of all the applications they got."""
    by_reviewer: dict[int, list[Review]] = {}
    for review in reviews:
        by_reviewer.setdefault(review.reviewer_id, []).append(review)
    for mine in by_reviewer.values():
        context: dict[str, Any] = {"reviews": mine, "call": mine[0].application.call}
        notify(mine[0].reviewer, "grants/assigned", context, url="/tilskudd/vurderinger/", urgent=True)


def conflicted(review: Review) -> None:
    """Tell the one who assigned the review that somebody else is needed."""
    url = review.application.get_absolute_url()
    notify(review.assigned_by, "grants/conflicted", {"review": review}, url=url, urgent=True)
