"""The rules an application must meet, each a small object that says how it stands (G5).

The applicant sees them while writing, submission asks them again, and KSF may waive those marked so, with a reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.lifecycle import ClusterState
from grants.models import Application
from ksf.web.dates import in_words
from ksf.web.numbers import kroner

MAY_APPLY = {ClusterState.BEING_ESTABLISHED, ClusterState.ESTABLISHED}
WHOLE = 100


class RuleOutcome(StrEnum):
    OK = "ok"
    MISSING = "missing"
    WARNING = "warning"
    WAIVED = "waived"


@dataclass(frozen=True)
class Finding:
    """How one rule stands: what it says, its ground, the part of the page where it is fixed and the place there."""

    code: str
    outcome: RuleOutcome
    title: str
    detail: str = ""
    part: str = ""
    anchor: str = ""
    can_be_waived: bool = False

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of submitting."""
        return self.outcome is RuleOutcome.MISSING


class Case:
    """An application, what it rests on today, and the moment it is judged at. Each part is read once."""

    def __init__(self, application: Application, moment: datetime) -> None:
        self.application = application
        self.call = application.call
        self.moment = moment

    @cached_property
    def members(self) -> list[Any]:
        return list(self.application.members.all())

    @cached_property
    def budget(self) -> list[Any]:
        return list(self.application.budget.all())

    @cached_property
    def answers(self) -> list[Any]:
        return list(self.application.answers.all())

    @cached_property
    def attached(self) -> set[int]:
        current = getattr(self.application, "current_attachments", None)
        rows = self.application.attachments.current().without_content() if current is None else current
        return {row.requirement_id for row in rows}

    @cached_property
    def required_attachments(self) -> list[Any]:
        return list(self.call.required_attachments.all())

    @cached_property
    def cluster_ids(self) -> set[int]:
        """The municipalities that are members of the cluster today."""
        return {membership.municipality_id for membership in self.application.joined}

    @cached_property
    def motor_id(self) -> int | None:
        motors = (row.municipality_id for row in self.application.joined if getattr(row, "is_motor", False))
        return next(motors, None)

    @cached_property
    def waived(self) -> dict[str, str]:
        return {waiver.rule: waiver.reason for waiver in self.application.waivers.all()}

    @property
    def asked(self) -> int:
        return sum(member.amount for member in self.members)

    @property
    def granted_cost(self) -> int:
        return self.application.granted_cost

    @property
    def own_cost(self) -> int:
        return self.application.own_cost


class Rule:
    """One rule; ``part`` is the part of the writing page where it is fixed."""

    code: str
    part: str
    can_be_waived: bool

    def judge(self, case: Case) -> tuple[bool, str, str]:
        """Whether the rule is met, what to say of it, and the ground."""
        raise NotImplementedError

    def place(self, case: Case) -> str:  # noqa: ARG002
        """The id of the first thing to fix."""
        return self.part


class ClusterMayApply(Rule):
    code, part, can_be_waived = "cluster", "", True

    def judge(self, case: Case) -> tuple[bool, str, str]:
        cluster = case.application.cluster
        detail = f"{cluster}: {cluster.get_state_display()}"
        if cluster.state in MAY_APPLY:
            return True, _("The cluster is being established or established"), detail
        return False, _("Only clusters that are being established or established can apply"), detail


class EnoughMembers(Rule):
    code, part, can_be_waived = "members", "members", True

    def judge(self, case: Case) -> tuple[bool, str, str]:
        least, count = case.call.least_members, len(case.members)
        detail = ngettext("%(count)d takes part", "%(count)d take part", count) % {"count": count}
        if count >= least:
            return True, _("At least %(least)d municipalities") % {"least": least}, detail
        lacking = ngettext("%(count)d is missing", "%(count)d are missing", least - count) % {"count": least - count}
        return False, _("Fewer than %(least)d municipalities take part") % {"least": least}, f"{detail}, {lacking}"


class EveryMemberAsks(Rule):
    code, part, can_be_waived = "without_amount", "members", True

    def judge(self, case: Case) -> tuple[bool, str, str]:
        without = [str(member.municipality) for member in case.members if not member.amount]
        if without:
            sentence = _("Some take part without an amount: write one, or leave the field empty for those who do not")
            return False, sentence, ", ".join(without)
        return True, _("All who take part have an amount"), ""


class MembersOfCluster(Rule):
    code, part, can_be_waived = "belonging", "members", False

    def judge(self, case: Case) -> tuple[bool, str, str]:
        outside = [str(m.municipality) for m in case.members if m.municipality_id not in case.cluster_ids]
        if outside:
            return False, _("Some who take part are not members of the cluster"), ", ".join(outside)
        return True, _("All who take part are members of the cluster"), ""


class MotorApplies(Rule):
    code, part, can_be_waived = "motor", "members", False

    def judge(self, case: Case) -> tuple[bool, str, str]:
        motor = case.application.motor
        if case.motor_id != motor.pk:
            return False, _("The municipality that applies is not the cluster's motor today"), str(motor)
        if motor.pk not in {member.municipality_id for member in case.members}:
            return False, _("The motor municipality does not take part"), str(motor)
        return True, _("The motor municipality applies"), str(motor)


class WithinCap(Rule):
    code, part, can_be_waived = "cap", "members", False

    def judge(self, case: Case) -> tuple[bool, str, str]:
        cap = case.call.cap_per_municipality
        over = [
            _("%(municipality)s by %(amount)s") % {"municipality": row.municipality, "amount": kroner(row.amount - cap)}
            for row in case.members
            if row.amount > cap
        ]
        if over:
            sentence = _("Over the cap of %(cap)s per municipality") % {"cap": kroner(cap)}
            return False, sentence, ", ".join(over)
        highest = max((member.amount for member in case.members), default=0)
        detail = _("The highest amount is %(amount)s") % {"amount": kroner(highest)}
        return True, _("Under the cap per municipality"), detail


class SomethingAsked(Rule):
    code, part, can_be_waived = "asked", "members", False

    def judge(self, case: Case) -> tuple[bool, str, str]:
        if not case.asked:
            return False, _("No amount is written for any municipality"), ""
        if case.asked > case.call.amount:
            detail = _("%(asked)s, %(over)s too much") % {
                "asked": kroner(case.asked),
                "over": kroner(case.asked - case.call.amount),
            }
            return False, _("The sum is over the whole amount of the call"), detail
        sentence = _("Within the call's %(amount)s") % {"amount": kroner(case.call.amount)}
        return True, sentence, kroner(case.asked)


class LeastAmount(Rule):
    code, part, can_be_waived = "least", "details", False

    def place(self, case: Case) -> str:  # noqa: ARG002
        return "least"

    def judge(self, case: Case) -> tuple[bool, str, str]:
        least = case.application.least_amount
        if not least:
            return False, _("The least amount that makes sense is not written"), ""
        if least > case.asked:
            detail = _("%(least)s against %(asked)s") % {"least": kroner(least), "asked": kroner(case.asked)}
            return False, _("The least amount is over the sum asked for"), detail
        return True, _("The least amount is within the sum"), kroner(least)


class BudgetBalances(Rule):
    code, part, can_be_waived = "budget", "budget", False

    def judge(self, case: Case) -> tuple[bool, str, str]:
        if case.granted_cost != case.asked:
            sentence = _("The budget and the members' amounts differ")
            detail = _("%(budget)s in the budget, %(asked)s in all from the members: %(difference)s differ") % {
                "budget": kroner(case.granted_cost),
                "asked": kroner(case.asked),
                "difference": kroner(abs(case.granted_cost - case.asked)),
            }
            return False, sentence, detail
        return True, _("The budget is the sum the members ask for"), kroner(case.granted_cost)


class OwnContribution(Rule):
    code, part, can_be_waived = "own", "budget", True

    def judge(self, case: Case) -> tuple[bool, str, str]:
        share, whole = case.call.own_share, case.granted_cost + case.own_cost
        if share and (not whole or case.own_cost * 100 < share * whole):
            sentence = _("The municipalities' own contribution is under %(share)d per cent") % {"share": share}
            detail = _("%(own)s, %(missing)s is missing") % {
                "own": kroner(case.own_cost),
                "missing": kroner(own_contribution_needed(case.granted_cost, share) - case.own_cost),
            }
            return False, sentence, detail if whole else ""
        return True, _("Own contribution of at least %(share)d per cent") % {"share": share}, kroner(case.own_cost)


def own_contribution_needed(grant: int, share: int) -> int:
    """The least own contribution, in kroner, that is ``share`` per cent of itself and the grant together."""
    return ceil(grant * share / (WHOLE - share)) if share < WHOLE else grant


class AllowedCosts(Rule):
    code, part, can_be_waived = "costs", "budget", False

    def judge(self, case: Case) -> tuple[bool, str, str]:
        barred = [str(line.category.label) for line in case.budget if line.grant and not line.category.is_allowed]
        if barred:
            return False, _("The grant may not be used for this"), ", ".join(barred)
        over = [
            _("%(cost)s, at most %(share)d per cent") % {"cost": line.category.label, "share": line.category.max_share}
            for line in case.budget
            if line.category.max_share is not None and line.grant * 100 > line.category.max_share * case.granted_cost
        ]
        if over:
            return False, _("Too large a share of the grant"), ", ".join(over)
        return True, _("Only costs the grant may be used for"), ""


class QuestionsAnswered(Rule):
    code, part, can_be_waived = "answers", "answers", False

    def judge(self, case: Case) -> tuple[bool, str, str]:
        empty, long = self._empty(case), self._long(case)
        if empty:
            sentence = ngettext(
                "%(count)d question is not answered", "%(count)d questions are not answered", len(empty)
            ) % {"count": len(empty)}
            return False, sentence, self._first(empty)
        if long:
            return False, _("An answer is too long"), self._first(long)
        return True, _("All questions are answered"), ""

    def place(self, case: Case) -> str:
        wrong = self._empty(case) or self._long(case)
        return f"answer-{wrong[0].pk}" if wrong else self.part

    @staticmethod
    def _empty(case: Case) -> list[Any]:
        return [a for a in case.answers if a.question.is_required and not a.content.strip()]

    @staticmethod
    def _long(case: Case) -> list[Any]:
        return [a for a in case.answers if len(a.content) > a.question.max_characters]

    @staticmethod
    def _first(answers: list[Any]) -> str:
        """The first of them; the page shows the others when one goes there."""
        return str(answers[0].question.label)


class AgreementAttached(Rule):
    code, part, can_be_waived = "agreement", "attachments", True

    def judge(self, case: Case) -> tuple[bool, str, str]:
        asked = [row for row in case.required_attachments if row.is_agreement and row.is_required]
        if any(row.pk not in case.attached for row in asked):
            return False, _("The cooperation agreement is not attached"), _("A draft is enough")
        return True, _("Cooperation agreement or draft"), "" if asked else _("Not asked for in this call")


class AttachmentsInPlace(Rule):
    code, part, can_be_waived = "attachments", "attachments", True

    def judge(self, case: Case) -> tuple[bool, str, str]:
        asked = [row for row in case.required_attachments if row.is_required and not row.is_agreement]
        missing = [str(row.label) for row in asked if row.pk not in case.attached]
        if missing:
            return False, _("Attachments are missing"), "; ".join(missing)
        return True, _("Required attachments"), _("%(count)d of %(count)d") % {"count": len(asked)}


class InTime(Rule):
    code, part, can_be_waived = "deadline", "", False

    def judge(self, case: Case) -> tuple[bool, str, str]:
        deadline = in_words(case.call.deadline_at)
        if case.call.is_open_at(case.moment):
            return True, _("Before the deadline"), deadline
        if case.moment < case.call.opens_at:
            return False, _("The call is not open yet"), in_words(case.call.opens_at)
        return False, _("The deadline is over"), deadline


RULES: tuple[Rule, ...] = (
    ClusterMayApply(),
    EnoughMembers(),
    EveryMemberAsks(),
    MembersOfCluster(),
    MotorApplies(),
    WithinCap(),
    SomethingAsked(),
    LeastAmount(),
    BudgetBalances(),
    OwnContribution(),
    AllowedCosts(),
    QuestionsAnswered(),
    AgreementAttached(),
    AttachmentsInPlace(),
    InTime(),
)
WAIVABLE = {rule.code for rule in RULES if rule.can_be_waived}


def examine(application: Application, moment: datetime) -> list[Finding]:
    """How every rule stands for the application at ``moment``, in the order of the page."""
    case = Case(application, moment)
    return [_found(rule, case) for rule in RULES]


def _found(rule: Rule, case: Case) -> Finding:
    is_met, title, detail = rule.judge(case)
    outcome = RuleOutcome.OK if is_met else RuleOutcome.MISSING
    if not is_met and rule.can_be_waived and rule.code in case.waived:
        outcome = RuleOutcome.WAIVED
        detail = _("KSF has made an exception: %(reason)s") % {"reason": case.waived[rule.code]}
    return Finding(rule.code, outcome, title, detail, rule.part, rule.place(case), rule.can_be_waived)


def sealed(rows: Iterable[dict[str, str]]) -> list[Finding]:
    """The findings as a submission keeps them."""
    return [Finding(row["code"], RuleOutcome(row["outcome"]), row["title"], row["detail"]) for row in rows]


def met(findings: Iterable[Finding]) -> int:
    """How many rules do not stand in the way."""
    return sum(not finding.blocks for finding in findings)
