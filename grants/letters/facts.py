"""The facts of a decision that its letter tells (G9), read once from the decision's own rows.

Nothing here is in a language: KSF's own texts come in both written forms, and days and amounts as they are. Amounts
are whole kroner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from grants.lifecycle import ApplicationState, ProposalState
from grants.models import Application, Award, Call, Deliverable, Redecision, Rejection, RequiredDeliverable
from grants.models.award import COMPLAIN_WITHIN, LEAST_SHARE, MADE_BY_HAND
from grants.models.texts import BothForms, both_forms
from grants.rules import scores


class LetterKind(StrEnum):
    """Which of the three letters it is."""

    AWARD = "award"
    REJECTION = "rejection"
    DISMISSAL = "dismissal"


@dataclass(frozen=True)
class DecisionFacts:
    """One decision on one application. ``award`` and ``redecision`` are None where there is none.

    ``reason`` is what the decision's row keeps (``reading/wording.py``); ``names`` are those of the clusters and
    municipalities it mentions, by number. ``proposed_on`` is None where one person alone has decided.
    """

    outcome: LetterKind
    decided_at: datetime
    proposed_on: date | None
    reason: Mapping[str, Any]
    names: Mapping[str, str]
    application: "ApplicationFacts"
    call: "CallFacts"
    assessment: "AssessmentFacts"
    award: "GrantFacts | None"
    redecision: "OverturnedFacts | None"

    @property
    def is_by_hand(self) -> bool:
        """Whether KSF has changed what was computed, and written the reason itself (G8)."""
        return MADE_BY_HAND in self.reason

    @property
    def is_partial(self) -> bool:
        """Whether less is granted than was asked for; a decision after a complaint has its own explanation."""
        return self.award is not None and self.award.amount < self.application.asked and self.redecision is None

    @property
    def complaint_due_on(self) -> date:
        """Three weeks from the decision reaches the applicant, which in the portal is at once (G9)."""
        return timezone.localdate(self.decided_at) + COMPLAIN_WITHIN

    @property
    def least_share_only(self) -> list[str]:
        """Names of those who asked for more and got the least there is to give; none where KSF has set the shares."""
        if self.is_by_hand:
            return []
        return [member.name for member in self.application.members if member.granted == LEAST_SHARE < member.asked]

    def core(self) -> dict[str, Any]:
        """What was decided, however the letter puts it: its checksum stands in the letter's foot (G9)."""
        return {
            "application": self.application.number,
            "shares": self.award.shares if self.award else {},
            "reason": self.reason,
            "decided_at": self.decided_at,
        }


@dataclass(frozen=True)
class ApplicationFacts:
    """The application that was decided on, and who sent it."""

    number: str
    url: str
    received_on: date
    cluster: str
    region: str
    motor: str
    motor_org_number: str
    members: tuple["MemberFacts", ...]
    asked: int
    least: int
    own_contribution: int


@dataclass(frozen=True)
class MemberFacts:
    """A municipality that takes part: what it asked for and what it got."""

    name: str
    asked: int
    granted: int
    is_motor: bool


@dataclass(frozen=True)
class CallFacts:
    """The call, its rules, and how it went for all who applied: ``received`` of them, ``funded`` with a grant."""

    title: BothForms
    is_example: bool
    legal_basis: BothForms
    goal: BothForms
    texts: Mapping[str, BothForms]
    forbidden_costs: tuple[BothForms, ...]
    period_from: date
    period_to: date
    received: int
    asked_by_all: int
    funded: int
    given: int


@dataclass(frozen=True)
class AssessmentFacts:
    """What the reviewers found (G6). Scores have two decimals, as text, and are empty where there is none."""

    score: str
    criteria: tuple["CriterionFacts", ...]
    reviewers: int
    views: tuple[str, ...]


@dataclass(frozen=True)
class CriterionFacts:
    """A criterion, its weight in per cent and the score on it."""

    name: BothForms
    weight: int
    score: str


@dataclass(frozen=True)
class GrantFacts:
    """What is granted and on which terms (G9, G10). ``shares`` are by municipality number."""

    amount: int
    shares: Mapping[str, int]
    acceptance_due_on: date
    instalments: tuple["InstalmentFacts", ...]
    deliverables: tuple["DeliverableFacts", ...]


@dataclass(frozen=True)
class InstalmentFacts:
    """A part of the grant and when it is paid."""

    number: int
    amount: int
    when: BothForms
    is_held_back: bool


@dataclass(frozen=True)
class DeliverableFacts:
    """What is to be delivered: on a day, or so many months after the acceptance that has not come."""

    label: BothForms
    due_on: date | None
    months_after_acceptance: int | None


@dataclass(frozen=True)
class OverturnedFacts:
    """The decision that a complaint has overturned; ``letter`` is the number of its letter, or empty."""

    complained_on: date
    decided_on: date
    letter: str


def facts_of(application: Application) -> DecisionFacts:
    """The facts of the decision on a decided application, which is given as ``for_page`` finds it."""
    decision: Award | Rejection = application.decision
    award = decision if isinstance(decision, Award) else None
    redecision = _redecision(application, decision)
    return DecisionFacts(
        outcome=_outcome(application),
        decided_at=decision.decided_at,
        proposed_on=_proposed_on(application, redecision),
        reason=decision.reason,
        names=_names(application.call),
        application=_applied_for(application, award),
        call=_call_facts(application.call),
        assessment=_assessment(application),
        award=_grant(award) if award else None,
        redecision=_overturned(redecision) if redecision else None,
    )


def _outcome(application: Application) -> LetterKind:
    match application.state:
        case ApplicationState.AWARDED:
            return LetterKind.AWARD
        case ApplicationState.INELIGIBLE:
            return LetterKind.DISMISSAL
        case _:
            return LetterKind.REJECTION


def _redecision(application: Application, decision: Award | Rejection) -> Redecision | None:
    """The decision after a complaint that this one is, if it is one."""
    return Redecision.objects.filter(complaint__application=application, decided_at=decision.decided_at).first()


def _proposed_on(application: Application, redecision: Redecision | None) -> date | None:
    """A dismissal is made by one person; all else is proposed by one and decided by another (G5, G8)."""
    if application.state == ApplicationState.INELIGIBLE:
        return None
    proposal = redecision or application.call.proposals.filter(state=ProposalState.DECIDED).first()
    return timezone.localdate(proposal.proposed_at) if proposal else None


def _names(call: Call) -> dict[str, str]:
    """Names of clusters by application number, and of municipalities by theirs, as the reasons use them."""
    received = call.applications.received()
    clusters = received.values_list("number", "cluster__name")
    municipalities = received.values_list("members__municipality__number", "members__municipality__name")
    return dict(clusters) | {number: name for number, name in municipalities if number}


def _applied_for(application: Application, award: Award | None) -> ApplicationFacts:
    granted = dict(award.shares.values_list("municipality", "amount")) if award else {}
    members = tuple(
        MemberFacts(
            name=member.municipality.name,
            asked=member.amount,
            granted=granted.get(member.municipality_id, 0),
            is_motor=member.municipality_id == application.motor_id,
        )
        for member in application.members.all()
    )
    return ApplicationFacts(
        number=application.number,
        url=application.get_absolute_url(),
        received_on=timezone.localdate(application.submitted_at),
        cluster=application.cluster.name,
        region=application.cluster.lead_region.name,
        motor=application.motor.name,
        motor_org_number=application.motor.org_number,
        members=members,
        asked=application.asked,
        least=application.least_amount or 0,
        own_contribution=application.own_cost,
    )


def _call_facts(call: Call) -> CallFacts:
    asked = [application.asked for application in call.applications.received().with_asked()]
    given = Award.objects.of_call(call).values_list("amount", flat=True)
    return CallFacts(
        title=both_forms(call, "title"),
        is_example=call.is_example,
        legal_basis=both_forms(call.scheme, "legal_basis"),
        goal=both_forms(call.scheme, "goal"),
        texts={row.kind: both_forms(row, "text") for row in call.texts.all()},
        forbidden_costs=tuple(both_forms(row, "label") for row in call.cost_categories.all() if not row.is_allowed),
        period_from=call.period_from,
        period_to=call.period_to,
        received=len(asked),
        asked_by_all=sum(asked),
        funded=len(given),
        given=sum(given),
    )


def _assessment(application: Application) -> AssessmentFacts:
    found = scores.of_call(application.call).get(application.pk, scores.ScoreSummary())
    handed_in = application.reviews.handed_in()
    criteria = application.call.criteria.select_related("award_criterion")
    return AssessmentFacts(
        score=found.shown,
        criteria=tuple(
            CriterionFacts(
                both_forms(row.award_criterion, "name"), row.weight, scores.two_decimals(found.criteria.get(row.pk))
            )
            for row in criteria
        ),
        reviewers=handed_in.count(),
        views=tuple(text.strip() for text in handed_in.exclude(content="").values_list("content", flat=True)),
    )


def _grant(award: Award) -> GrantFacts:
    return GrantFacts(
        amount=award.amount,
        shares=dict(award.shares.values_list("municipality__number", "amount")),
        acceptance_due_on=award.acceptance_due_on,
        instalments=tuple(
            InstalmentFacts(part.number, part.amount, both_forms(part, "when"), part.is_held_back)
            for part in award.instalments.all()
        ),
        deliverables=tuple(_deliverable(row) for row in award.deliverables.select_related("requirement")),
    )


def _deliverable(row: Deliverable) -> DeliverableFacts:
    requirement = row.requirement
    waits = row.due_on is None and requirement.due_from == RequiredDeliverable.Point.ACCEPTED
    return DeliverableFacts(both_forms(requirement, "label"), row.due_on, requirement.due_months if waits else None)


def _overturned(redecision: Redecision) -> OverturnedFacts:
    before = redecision.overturned
    return OverturnedFacts(
        complained_on=timezone.localdate(redecision.complaint.received_at),
        decided_on=timezone.localdate(datetime.fromisoformat(before["decided_at"])),
        letter=before["letter"],
    )
