"""The demo's dismissals and complaints: one answered long ago, one that waits for somebody who took no part."""

from datetime import timedelta
from typing import Any

from demo.content_files import read
from demo.loading.applications import writer_for
from demo.loading.calls import at, shift_of, staff
from grants.lifecycle import ComplaintState
from grants.models import Application, Complaint, Rejection
from grants.models.award import COMPLAIN_WITHIN
from ksf.accounts.models import User

STATES = {"not_upheld": ComplaintState.DISMISSED, "received": ComplaintState.RECEIVED}


def load_dismissals(applications: dict[str, Application]) -> None:
    """The decision behind every application that was dismissed as ineligible."""
    for row, shift in _rows():
        if row["status"] == "ineligible":
            decided_on = row["decision"]["decided_on"] + shift
            Rejection.objects.create(
                application=applications[row["id"]],
                reason={"override": row["decision"]["grounds"]},
                grounds=row["decision"]["grounds"],
                decided_at=at(decided_on, 10),
                decided_by=staff(),
                complaint_due_on=decided_on + COMPLAIN_WITHIN,
            )


def load_complaints(applications: dict[str, Application]) -> None:
    """The complaints of the content, handled by an account that took no part in the decisions."""
    handler = User.objects.get(email="klage1@ksf.example")
    for row, shift in _rows():
        if complaint := row.get("complaint"):
            _complaint(applications[row["id"]], complaint, shift, handler)


def _complaint(application: Application, complaint: dict[str, Any], shift: timedelta, handler: User) -> None:
    state = STATES[complaint["outcome"]]
    is_answered = state != ComplaintState.RECEIVED
    Complaint.objects.create(
        application=application,
        state=state,
        text=complaint["text"],
        received_at=at(complaint["received_on"] + shift, 9),
        sent_by=writer_for(application.cluster, application.motor),
        answer=complaint["decision"] if is_answered else "",
        handled_at=at(complaint["decided_on"] + shift, 14) if is_answered else None,
        handled_by=handler if is_answered else None,
    )


def _rows() -> list[tuple[dict[str, Any], timedelta]]:
    """Each application of the content, with how far its call's dates are moved."""
    shifts = {row["code"]: shift_of(row) for row in read("scheme_and_calls")["calls"]}
    return [(row, shifts[row["call"]]) for row in read("applications")["applications"]]
