"""Money from appropriation to award (domain.md, section 3)."""

from grants.models.allocation import Line, Proposal, Scenario, ScenarioKind
from grants.models.application import Answer, Application, ApplicationMember, BudgetLine, Submission, Waiver
from grants.models.attachment import Attachment
from grants.models.award import Award, AwardShare, Deliverable, Instalment, Rejection
from grants.models.call import AnsweredQuestion, AwardCriterion, Call, CallNotice, CallText, CallTextKind, Scheme
from grants.models.complaint import Complaint, Redecision
from grants.models.form import (
    CostCategory,
    Criterion,
    PlannedInstalment,
    Question,
    RequiredAttachment,
    RequiredDeliverable,
)
from grants.models.money import Appropriation, Pot, PotKind
from grants.models.review import JointScore, Review, Score

__all__ = [
    "Answer",
    "AnsweredQuestion",
    "Application",
    "ApplicationMember",
    "Appropriation",
    "Attachment",
    "Award",
    "AwardCriterion",
    "AwardShare",
    "BudgetLine",
    "Call",
    "CallNotice",
    "CallText",
    "CallTextKind",
    "Complaint",
    "CostCategory",
    "Criterion",
    "Deliverable",
    "Instalment",
    "JointScore",
    "Line",
    "PlannedInstalment",
    "Pot",
    "PotKind",
    "Proposal",
    "Question",
    "Redecision",
    "Rejection",
    "RequiredAttachment",
    "RequiredDeliverable",
    "Review",
    "Scenario",
    "ScenarioKind",
    "Scheme",
    "Score",
    "Submission",
    "Waiver",
]
