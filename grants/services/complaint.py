"""Complaints about a decision (G9): within three weeks, handled by someone who took no part in it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from grants import notifications
from grants.lifecycle import COMPLAINT
from grants.models import Application, Complaint
from ksf import audit
from ksf.steps import lock, take


class TooLate(Exception):
    """The three weeks are over."""


class NothingDecided(Exception):
    """There is no decision to complain about, or a complaint about it is being handled already."""


@transaction.atomic
def complain(application: Application, *, text: str, by: Any) -> Complaint:
    """Register a complaint. Raises NothingDecided, TooLate, PermissionDenied."""
    application = lock(application)
    if not by.has_perm("grants.complain", application):
        raise PermissionDenied("grants.complain")
    decision = application.decision
    if decision is None or application.complaints.to_handle().exists():
        raise NothingDecided
    now = timezone.now()
    if timezone.localdate(now) > decision.complaint_due_on:
        raise TooLate
    complaint = Complaint.objects.create(application=application, text=text, received_at=now, sent_by=by)
    audit.record("complaint.receive", complaint, by=by, application=application.number)
    notifications.complained(complaint)
    return complaint


@transaction.atomic
def uphold(complaint: Complaint, *, answer: str, by: Any) -> Complaint:
    """Agree that the decision must be made anew."""
    return _answer("uphold", complaint, answer, by)


@transaction.atomic
def dismiss(complaint: Complaint, *, answer: str, by: Any) -> Complaint:
    """Let the decision stand."""
    return _answer("dismiss", complaint, answer, by)


def _answer(step: str, complaint: Complaint, answer: str, by: Any) -> Complaint:
    complaint = take(COMPLAINT, step, complaint, by=by, answer=answer, handled_at=timezone.now(), handled_by=by)
    notifications.complaint_answered(complaint)
    return complaint
