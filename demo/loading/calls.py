"""The demo's money, scheme and calls: two decided, one under review, one open."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from demo.accounts import make_account
from demo.content_files import moment, read
from demo.loading.network import appoint
from grants.lifecycle import CallState
from grants.models import (
    AnsweredQuestion,
    Appropriation,
    AwardCriterion,
    Call,
    CallText,
    CallTextKind,
    CostCategory,
    Criterion,
    PlannedInstalment,
    Pot,
    PotKind,
    Question,
    RequiredAttachment,
    RequiredDeliverable,
    Scheme,
)
from ksf.accounts.models import User
from ksf.accounts.roles import Role

REVIEWERS = ("fagfelle1", "fagfelle2", "fagfelle3", "fagfelle4")
UNDER_REVIEW, OPEN = "2026", "2027"
CLOSED_AGO, CLOSES_IN = timedelta(days=35), timedelta(days=45)
DUE_RULE = re.compile(r"(award_accepted|grant_period\.end) ([+-]) (\d+) months")


def load_calls() -> dict[str, Call]:
    """Make appropriations, pots, the scheme and its calls, by slug, with reviewers appointed to each."""
    content = read("scheme_and_calls")
    pots = {row["year"]: _pot(row) for row in content["budgets"]}
    scheme = _scheme(content["scheme"], content["score_guidance"])
    calls = {row["code"]: _call(row, scheme, pots[row["year"]]) for row in content["calls"]}
    for call in calls.values():
        for number, name in enumerate(REVIEWERS, 1):
            appoint(make_account(name, label=f"Fagfelle {number}"), Role.REVIEWER, call, start=call.opens_at.date())
    return calls


def shift_of(row: dict[str, Any]) -> timedelta:
    """How far the dates of a call are moved so that it is under review, or open, the day the demo is loaded."""
    deadline = moment(row["deadline"]).date()
    if row["code"] == UNDER_REVIEW:
        return max(timezone.localdate() - CLOSED_AGO - deadline, timedelta())
    if row["code"] == OPEN:
        return timezone.localdate() + CLOSES_IN - deadline
    return timedelta()


def state_of(slug: str) -> CallState:
    return {UNDER_REVIEW: CallState.CLOSED, OPEN: CallState.PUBLISHED}.get(slug, CallState.DECIDED)


def staff() -> User:
    return User.objects.get(email="nasjonalt@ksf.example")


def _pot(row: dict[str, Any]) -> Pot:
    granted, _is_new = Appropriation.objects.get_or_create(
        year=row["year"], defaults={"amount": row["appropriation"], "source": row["source"]}
    )
    Pot.objects.get_or_create(appropriation=granted, kind=PotKind.REGIONS, defaults={"amount": row["regions_max"]})
    pot, _is_new = Pot.objects.get_or_create(
        appropriation=granted, kind=PotKind.SEED_GRANTS, defaults={"amount": row["seed_max"]}
    )
    return pot


def _both(name: str, text: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}_nb": text["nb"], f"{name}_nn": text.get("nn", "")}


def _scheme(row: dict[str, Any], guidance: dict[str, dict[str, dict[int, str]]]) -> Scheme:
    scheme = Scheme.objects.create(
        code=row["code"],
        version=row["version"],
        **_both("name", row["name"]),
        **_both("legal_basis", row["legal_basis"]),
        **_both("goal", row["goal"]),
        **_both("target_group", row["target_group"]),
        **_both("follow_up", row["follow_up_and_control"]),
        **_both("evaluation", row["evaluation"]),
        goal_achievement=row["goal_achievement_criteria"],
        principles=row["distribution_principles"],
    )
    for order, criterion in enumerate(row["award_criteria"]):
        AwardCriterion.objects.create(
            scheme=scheme,
            order=order,
            code=criterion["code"],
            **_both("name", criterion),
            **_both("guidance", guidance[criterion["code"]]),
        )
    return scheme


def _call(row: dict[str, Any], scheme: Scheme, pot: Pot) -> Call:
    shift, period = shift_of(row), row["grant_period"]
    call = Call.objects.create(
        slug=row["code"],
        scheme=scheme,
        pot=pot,
        title_nb=_title(row["title"]["nb"]),
        title_nn=_title(row["title"].get("nn", "")),
        amount=row["pot"],
        cap_per_municipality=row["cap_per_municipality"],
        least_members=row["minimum_members"],
        own_share=row["own_contribution"]["min_share"],
        opens_at=moment(row["opens"]) + shift,
        deadline_at=moment(row["deadline"]) + shift,
        decision_on=row["decision_planned"] + shift,
        review_due_on=row["decision_planned"] + shift - timedelta(days=21),
        period_from=period["start"] + shift,
        period_to=period["end"] + shift,
        state=state_of(row["code"]),
        published_at=moment(row["opens"]) + shift,
        is_example=True,
    )
    _texts(call, row)
    _form(call, row, shift)
    AnsweredQuestion.objects.bulk_create(
        AnsweredQuestion(
            call=call,
            asked_on=min(qa["asked"] + shift, timezone.localdate()),
            question_nb=qa["q"],
            question_nn=qa.get("q_nn", ""),
            answer_nb=qa["a"],
            answer_nn=qa.get("a_nn", ""),
        )
        for qa in row["public_qa"]
    )
    return call


def _title(text: str) -> str:
    """Without the word that says it is a draft: the demo has published it."""
    return text.removesuffix(" (utkast)")


def _texts(call: Call, row: dict[str, Any]) -> None:
    kind, own = CallTextKind, row["own_contribution"]
    texts = {
        kind.PURPOSE: row["purpose"],
        kind.WHO_MAY_APPLY: row["who_may_apply"],
        kind.FEW_MEMBERS: {"nb": row["minimum_exception"], "nn": row.get("minimum_exception_nn", "")},
        kind.OWN_CONTRIBUTION: {"nb": own["text"], "nn": own.get("text_nn", "")},
        kind.REPORTING: {"nb": row["reporting_terms"], "nn": row.get("reporting_terms_nn", "")},
        kind.CONTROL: {"nb": row["control_terms"], "nn": row.get("control_terms_nn", "")},
    }
    if "reservation" in row:
        texts[kind.RESERVATION] = row["reservation"]
    CallText.objects.bulk_create(
        CallText(call=call, kind=kind, order=order, **_both("text", text))
        for order, (kind, text) in enumerate(texts.items())
    )


def _form(call: Call, row: dict[str, Any], shift: timedelta) -> None:
    own = {criterion.code: criterion for criterion in call.scheme.award_criteria.all()}
    Criterion.objects.bulk_create(
        Criterion(call=call, award_criterion=own[one["code"]], weight=one["weight"]) for one in row["criteria"]
    )
    questions = [(section, one) for section in row["form"] for one in section["questions"]]
    Question.objects.bulk_create(
        Question(
            call=call,
            order=order,
            **_label(one),
            section_nb=section["section"],
            section_nn=section.get("section_nn", ""),
            help_nb=one["help"],
            help_nn=one.get("help_nn", ""),
            max_characters=one["max_chars"],
            is_required=one["required"],
        )
        for order, (section, one) in enumerate(questions)
    )
    CostCategory.objects.bulk_create(
        CostCategory(
            call=call,
            order=order,
            code=one["code"],
            label_nb=one["nb"],
            label_nn=one["nn"],
            is_allowed=one["allowed"],
            max_share=one.get("max_share"),
        )
        for order, one in enumerate(row["cost_categories"])
    )
    RequiredAttachment.objects.bulk_create(
        RequiredAttachment(
            call=call,
            order=order,
            **_label(one),
            is_required=one["required"],
            is_agreement=one["code"].startswith("agreement"),
        )
        for order, one in enumerate(row["attachments"])
    )
    RequiredDeliverable.objects.bulk_create(
        RequiredDeliverable(call=call, order=order, **_label(one), **_due(one["due_rule"], shift))
        for order, one in enumerate(row["deliverables"])
    )
    PlannedInstalment.objects.bulk_create(
        PlannedInstalment(
            call=call,
            number=one["instalment"],
            share=one["share"],
            when_nb=one["when"],
            when_nn=one.get("when_nn", ""),
            is_held_back=one.get("held_back", False),
        )
        for one in row["payment_plan"]
    )


def _label(one: dict[str, Any]) -> dict[str, str]:
    return {"code": one["code"], "label_nb": one["label"], "label_nn": one.get("label_nn", "")}


def _due(rule: str, shift: timedelta) -> dict[str, Any]:
    """``award_accepted + 3 months``, ``grant_period.end - 2 months`` or a date."""
    found = DUE_RULE.fullmatch(rule)
    point = RequiredDeliverable.Point
    if found is None:
        return {"due_from": point.DATE, "due_on": date.fromisoformat(rule) + shift}
    months = int(found[2] + found[3])
    return {"due_from": point.ACCEPTED if found[1] == "award_accepted" else point.PERIOD_END, "due_months": months}


def at(day: date, hour: int = 12) -> datetime:
    """A moment of that day in Norway."""
    return moment(f"{day.isoformat()}T{hour:02}:00")
