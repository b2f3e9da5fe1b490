"""The demo's decisions: computed by the portal, decided as the content says, with letters and acceptances."""

from datetime import date, datetime
from typing import Any

from demo.content_files import read
from demo.loading.applications import writer_for
from demo.loading.calls import at, staff
from grants.allocation import solve
from grants.letters import sealing
from grants.lifecycle import ApplicationState, AwardState, ProposalState
from grants.models import (
    Application,
    Award,
    Call,
    Deliverable,
    Line,
    Proposal,
    Rejection,
    Scenario,
)
from grants.models.award import COMPLAIN_WITHIN, MADE_BY_HAND
from grants.reading import wording
from grants.services import awarding
from grants.services.allocation import STEP, hash_of, problem_in, problem_of
from grants.services.awarding import ANSWER_WITHIN, due_on
from ksf.accounts.models import User
from regions.models import Municipality

DECIDED = ("2024", "2025")
DECISIONS = {"awarded", "partial", "rejected"}


def load_decisions(calls: dict[str, Call], applications: dict[str, Application]) -> None:
    """Decide the calls that are decided in the content."""
    lead = User.objects.get(email="leder@ksf.example")
    for slug in DECIDED:
        rows = [
            row
            for row in read("applications")["applications"]
            if row["call"] == slug and (row.get("decision") or {}).get("outcome") in DECISIONS
        ]
        proposal = _proposal(calls[slug], at(rows[0]["decision"]["decided_on"], 10), lead)
        lines = {line.application.number: line for line in proposal.scenario.lines.select_related("application")}
        for row in rows:
            line = lines[applications[row["id"]].number]
            _decide(line, applications[row["id"]], row["decision"], proposal, lead)


def load_letters() -> int:
    """Seal the letters of all that is decided; how many. About a fifth of a second each."""
    waiting = [application for call in Call.objects.all() for application in sealing.applications_without(call)]
    for application in waiting:
        sealing.seal(application, by=application.decision.decided_by)
    return len(waiting)


def _proposal(call: Call, moment: datetime, lead: User) -> Proposal:
    data = problem_of(call, pot=call.amount, cap=call.cap_per_municipality)
    problem = problem_in(data)
    result = solve(problem)
    scenario = Scenario.objects.create(
        call=call,
        parameters={"pot": call.amount, "cap_per_municipality": call.cap_per_municipality},
        input=data,
        input_hash=hash_of(data),
        result=result.as_json(),
        created_by=staff(),
        computed_at=moment,
    )
    ids = dict(call.applications.values_list("number", "pk"))
    Line.objects.bulk_create(
        Line(
            scenario=scenario,
            application_id=ids[award.application],
            amount=award.amount,
            score=problem.application(award.application).score,
            reason=wording.stored(award.reason),
            shares=[{"municipality": share.municipality, "amount": share.amount} for share in award.shares],
        )
        for award in result.awards
    )
    return Proposal.objects.create(
        call=call,
        scenario=scenario,
        state=ProposalState.DECIDED,
        chosen_by=staff(),
        proposed_by=staff(),
        proposed_at=moment,
        decided_by=lead,
        decided_at=moment,
        grounds="Regnet ut etter prinsippene i ordningen. Eksempel.",
    )


def _decide(line: Line, application: Application, decision: dict[str, Any], proposal: Proposal, lead: User) -> None:
    if line.amount != decision["amount"]:
        line.override_amount, line.override_reason = decision["amount"], decision["grounds"]
        line.override_shares = _shares(application, decision["amount"])
        line.overridden_by, line.overridden_at = staff(), proposal.decided_at
        line.save()
    reason = {MADE_BY_HAND: line.override_reason} if line.is_overridden else line.reason
    if decision["amount"]:
        _award(line, application, reason, proposal, accepted_on=decision.get("accepted_on"))
        application.state = ApplicationState.AWARDED
    else:
        Rejection.objects.create(
            application=application,
            reason=reason,
            decided_at=proposal.decided_at,
            decided_by=lead,
            complaint_due_on=proposal.decided_at.date() + COMPLAIN_WITHIN,
        )
        application.state = ApplicationState.REJECTED
    application.save(update_fields=["state"])


def _shares(application: Application, amount: int) -> list[dict[str, Any]]:
    """Whole thousands in proportion to what each asked; what is left over goes where there is room."""
    members = list(application.members.select_related("municipality"))
    asked = sum(member.amount for member in members)
    given = {one.municipality.number: one.amount * amount // asked // STEP * STEP for one in members}
    for member in members:
        room = min(member.amount - given[member.municipality.number], amount - sum(given.values()))
        given[member.municipality.number] += room // STEP * STEP
    return [{"municipality": number, "amount": share} for number, share in sorted(given.items()) if share]


def _award(
    line: Line, application: Application, reason: dict[str, Any], proposal: Proposal, *, accepted_on: date | None
) -> None:
    award = Award.objects.create(
        application=application,
        pot=application.call.pot,
        amount=line.final_amount,
        reason=reason,
        state=AwardState.ACCEPTED if accepted_on else AwardState.DECIDED,
        decided_at=proposal.decided_at,
        decided_by=proposal.decided_by,
        acceptance_due_on=proposal.decided_at.date() + ANSWER_WITHIN,
        answered_at=at(accepted_on) if accepted_on else None,
        answered_by=writer_for(application.cluster, application.motor) if accepted_on else None,
    )
    places = {one.number: one for one in Municipality.objects.filter(grant_memberships__application=application)}
    awarding.fill(award, line.final_shares, places)
    Deliverable.objects.bulk_create(
        Deliverable(award=award, requirement=one, due_on=due_on(one, application.call, accepted_on=accepted_on))
        for one in application.call.required_deliverables.all()
    )
