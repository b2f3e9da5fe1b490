"""Who is notified of what about calls, applications and reviews."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from grants.models import Application, Award, Call, CallNotice, Complaint, Proposal, Review, Submission, Waiver
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


NOTIFIED_OF_CALLS = (
    Role.CLUSTER_COORDINATOR,
    Role.RD_CONTACT,
    Role.REGIONAL_COORDINATOR,
    Role.HOST_LEAD,
    Role.KS_REGIONAL_OFFICE,
)
"""Those a new call concerns: who may apply, and the regions that help them (G3)."""


def recipients_of_calls() -> QuerySet[User]:
    """Everybody who is notified of a new call, each once."""
    return _holders(*NOTIFIED_OF_CALLS)


def published(call: Call) -> None:
    """Tell those a new call concerns that it is there."""
    for user in recipients_of_calls():
        notify(user, "grants/call_published", {"call": call}, url=call.get_absolute_url(), urgent=True)


def deadline_comes(call: Call) -> int:
    """Remind those with a draft of the deadline; how many."""
    count = 0
    for application in call.applications.in_draft():
        for user in writers_of(application):
            context = {"call": call, "application": application}
            notify(user, "grants/deadline_comes", context, url=application.get_absolute_url(), urgent=True)
            count += 1
    return count


def changed(call: Call, notice: CallNotice) -> None:
    """Tell all who have begun an application that the call is corrected or extended."""
    begun = call.applications.all()
    recipients = {user.pk: user for application in begun for user in writers_of(application)}
    for user in recipients.values():
        notify(user, "grants/call_changed", {"call": call, "notice": notice}, url=call.get_absolute_url(), urgent=True)


def waived(waiver: Waiver) -> None:
    """Tell the applicant of an exception KSF has made, and why."""
    _notify_of_rules(waiver, "grants/waived")


def waiver_taken_back(waiver: Waiver) -> None:
    _notify_of_rules(waiver, "grants/waiver_taken_back")


def _notify_of_rules(waiver: Waiver, template: str) -> None:
    application = waiver.application
    for user in writers_of(application):
        context = {"application": application, "waiver": waiver}
        notify(user, template, context, url=application.get_absolute_url(), urgent=True)


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


def proposed(proposal: Proposal) -> None:
    """Ask the leads to decide; whoever proposed is another person."""
    url = reverse("proposal", args=[proposal.call.slug])
    for user in _holders(Role.NATIONAL_LEAD):
        if user.pk != proposal.proposed_by_id:
            notify(user, "grants/proposed", {"proposal": proposal, "call": proposal.call}, url=url, urgent=True)


def sent_back(proposal: Proposal, note: str) -> None:
    """Let the one who proposed know that the lead wants it changed; without one, whoever chose the scenario."""
    context = {"call": proposal.call, "note": note}
    url = reverse("proposal", args=[proposal.call.slug])
    notify(proposal.proposed_by or proposal.chosen_by, "grants/sent_back", context, url=url, urgent=True)


def decided(application: Application) -> None:
    """Tell the applicant that the letter is there."""
    _notify_writers(application, "grants/decided", decision=application.decision)


def accepted(award: Award) -> None:
    _notify_writers(award.application, "grants/accepted", award=award)


def declined(award: Award) -> None:
    """Tell the one who decided that the money is free again."""
    url = award.get_absolute_url()
    notify(award.decided_by, "grants/declined", {"award": award, "application": award.application}, url=url)


def lapsed(award: Award) -> None:
    _notify_writers(award.application, "grants/lapsed", award=award)


def complained(complaint: Complaint) -> None:
    """A receipt to the applicant, and a notice to those of KSF who took no part in the decision."""
    _notify_writers(complaint.application, "grants/complaint_received", complaint=complaint)
    for user in _holders(Role.NATIONAL_STAFF, Role.NATIONAL_LEAD):
        if user.pk not in complaint.participant_ids:
            context = {"complaint": complaint, "application": complaint.application}
            notify(user, "grants/complaint_to_handle", context, url=complaint.get_absolute_url(), urgent=True)


def complaint_answered(complaint: Complaint) -> None:
    _notify_writers(complaint.application, "grants/complaint_answered", complaint=complaint)


def _notify_writers(application: Application, template: str, **context: Any) -> None:
    url = reverse("application_decision", args=[application.pk])
    for user in writers_of(application):
        notify(user, template, {"application": application, **context}, url=url, urgent=True)


def _holders(*roles: Role) -> QuerySet[User]:
    appointed = Appointment.objects.in_force().filter(role__in=roles).values("user")
    return User.objects.filter(pk__in=appointed, is_active=True)
