"""Complaints about a decision (G9): within three weeks, handled by someone who took no part in it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from grants import notifications
from grants.lifecycle import APPLICATION, COMPLAINT, ApplicationState, CallState
from grants.models import Application, Complaint, Rejection
from ksf import audit
from ksf.accounts.models import User
from ksf.steps import lock, take


class ComplainedTooLate(Exception):
    """The three weeks are over."""


class NothingDecided(Exception):
    """There is no decision to complain about, or a complaint about it is being handled already."""


@transaction.atomic
def complain(application: Application, *, text: str, by: User) -> Complaint:
    """Register a complaint. Raises NothingDecided, ComplainedTooLate, PermissionDenied."""
    application = lock(application)
    if not by.has_perm("grants.complain", application):
        raise PermissionDenied("grants.complain")
    decision = application.decision
    if decision is None or application.complaints.to_handle().exists():
        raise NothingDecided
    now = timezone.now()
    if timezone.localdate(now) > decision.complaint_due_on:
        raise ComplainedTooLate
    complaint = Complaint.objects.create(application=application, text=text, received_at=now, sent_by=by)
    audit.record("complaint.receive", complaint, by=by, application=application.number)
    notifications.complained(complaint)
    return complaint


@transaction.atomic
def uphold(complaint: Complaint, *, answer: str, by: User) -> Complaint:
    """Agree that the decision must be made again.

    What was dismissed as ineligible is assessed with the others while the call is not decided; its dismissal is gone,
    and kept in the log.
    """
    application = lock(complaint.application)
    if application.state != ApplicationState.INELIGIBLE or application.call.state == CallState.DECIDED:
        return _answer("uphold", complaint, answer, by)
    complaint = _answer("readmit", complaint, answer, by)
    dismissal = Rejection.objects.select_related("letter").get(application=application)
    letter = dismissal.letter.number if dismissal.letter else ""
    before = {"grounds": dismissal.grounds, "decided_at": dismissal.decided_at, "letter": letter}
    dismissal.delete()
    take(APPLICATION, "readmit", application, by=by, dismissal_grounds="")
    audit.record("application.undismiss", application, by=by, before=before)
    return complaint


@transaction.atomic
def dismiss(complaint: Complaint, *, answer: str, by: User) -> Complaint:
    """Let the decision stand."""
    return _answer("dismiss", complaint, answer, by)


def _answer(step: str, complaint: Complaint, answer: str, by: User) -> Complaint:
    complaint = take(COMPLAINT, step, complaint, by=by, answer=answer, handled_at=timezone.now(), handled_by=by)
    notifications.complaint_answered(complaint)
    return complaint
