"""What the log would say had the demo's grants been handled in the portal, from the dates the rows carry.

Letters are left out: they are sealed by the portal itself, which notifies its log.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import translation

from demo.loading.calls import staff
from grants.lifecycle import ApplicationState
from grants.models import Application, Award, Call, Complaint, Proposal, Rejection
from ksf.accounts.models import Appointment, User
from ksf.audit.models import AuditEntry
from ksf.audit.recording import subject_of

Happening = tuple[str, Model, User, datetime | None]
"""What happened (the log's verb), to what, who did it, and when; never where there is no time."""
NOTICED = timedelta(minutes=5)
"""The clock closes a call a little after its deadline."""


def record_grants() -> int:
    """Write the history of calls, applications, decisions and complaints. Returns how many entries."""
    roles = _roles()
    rows = [*_calls(), *_applications(), *_decisions(), *_complaints()]
    entries = [_entry(verb, subject, by, when, roles) for verb, subject, by, when in rows if when]
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


def _calls() -> Iterator[Happening]:
    system, handler = User.objects.system(), staff()
    for call in Call.objects.all():
        yield "call.publish", call, handler, call.published_at
        if call.state != "published":
            yield "call.close", call, system, call.deadline_at + NOTICED
    for proposal in Proposal.objects.select_related("call", "chosen_by", "proposed_by", "decided_by"):
        yield "proposal.chosen", proposal, proposal.chosen_by, proposal.proposed_at
        yield "proposal.propose", proposal, proposal.proposed_by, proposal.proposed_at
        yield "proposal.decide", proposal, proposal.decided_by, proposal.decided_at
        yield "call.decide", proposal.call, proposal.decided_by, proposal.decided_at


def _applications() -> Iterator[Happening]:
    handler = staff()
    handed_in = Application.objects.filter(submitted_at__isnull=False).select_related("call", "created_by")
    for row in handed_in:
        submitted_at: Any = row.submitted_at
        yield "application.submit", row, row.created_by, submitted_at
        if row.state == ApplicationState.WITHDRAWN:
            yield "application.withdraw", row, row.created_by, submitted_at + timedelta(days=2)
        elif row.state != ApplicationState.INELIGIBLE:
            yield "application.begin_review", row, handler, row.call.deadline_at + timedelta(days=3)


def _decisions() -> Iterator[Happening]:
    for award in Award.objects.select_related("application", "decided_by", "answered_by"):
        yield "application.award", award.application, award.decided_by, award.decided_at
        yield "award.accept", award, award.answered_by or award.decided_by, award.answered_at
    for rejection in Rejection.objects.select_related("application", "decided_by"):
        is_dismissal = rejection.application.state == ApplicationState.INELIGIBLE
        verb = "application.dismiss" if is_dismissal else "application.reject"
        yield verb, rejection.application, rejection.decided_by, rejection.decided_at


def _complaints() -> Iterator[Happening]:
    for complaint in Complaint.objects.select_related("sent_by", "handled_by"):
        yield "complaint.receive", complaint, complaint.sent_by, complaint.received_at
        if complaint.handled_by:
            yield "complaint.dismiss", complaint, complaint.handled_by, complaint.handled_at


def _roles() -> dict[int, str]:
    """What each person acts as, in the words of the log."""
    with translation.override("nb"):
        return {row.user_id: str(row) for row in Appointment.objects.in_force().with_scope().order_by("-pk")}


def _entry(verb: str, subject: Model, by: User, when: datetime, roles: dict[int, str]) -> AuditEntry:
    subject_type, subject_id = subject_of(subject)
    return AuditEntry(
        verb=verb, subject_type=subject_type, subject_id=subject_id, actor=by, acting_as=roles.get(by.pk, ""), at=when
    )
