"""The text of a letter of decision (G9), made of its facts, in the active language: bokmål or nynorsk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from grants.letters.facts import (
    DecisionFacts,
    DeliverableFacts,
    GrantFacts,
    LetterKind,
    OverturnedFacts,
)
from grants.letters.phrases import (
    CLOSING,
    FACTS,
    LAW,
    LETTERS,
    PHRASES,
    SENDER,
    TABLES,
    Condition,
    LetterPart,
    TableName,
)
from grants.models import CallTextKind
from grants.models.award import LEAST_SHARE, MADE_BY_HAND
from grants.models.texts import BothForms
from grants.reading import wording
from ksf.documents import blocks
from ksf.documents.services import fingerprint
from ksf.web.dates import in_words
from ksf.web.numbers import NBSP, kroner

LONGEST_TITLE = 250
Row = tuple[object, ...]


@dataclass(frozen=True)
class LetterText:
    """What ``documents/letter.html`` sets: its fields are the template's variables."""

    title: str
    sender: str
    recipient: list[str]
    recipient_number: str
    facts: list[tuple[str, object]]
    notice: str
    lead: str
    sections: list[blocks.Section]
    signatures: list[tuple[str, str]]
    notes: list[str]
    checksum: str


def letter_of(facts: DecisionFacts) -> LetterText:
    """The whole letter, in the active language."""
    letter, values = LETTERS[facts.outcome], _values(facts)
    parts = [part for part in (*letter.parts, *CLOSING) if APPLIES[part.when](facts)]
    return LetterText(
        title=_filled(letter.title, values)[:LONGEST_TITLE],
        sender=SENDER,
        recipient=[values["recipient"]],
        recipient_number=_in_threes(facts.application.motor_org_number),
        facts=_reference(facts),
        notice=str(PHRASES["example"]) if facts.call.is_example else "",
        lead=_filled(letter.lead, values),
        sections=[_section(part, facts, values) for part in parts],
        signatures=_signatures(facts),
        notes=[_approval(facts), _copies(facts)],
        checksum=fingerprint(facts.core()),
    )


APPLIES: dict[Condition, Callable[[DecisionFacts], bool]] = {
    Condition.ALWAYS: lambda _facts: True,
    Condition.IS_REDECISION: lambda facts: facts.redecision is not None,
    Condition.IS_PARTIAL: lambda facts: facts.is_partial,
    Condition.HAS_DELIVERABLES: lambda facts: facts.award is not None and bool(facts.award.deliverables),
}


def _section(part: LetterPart, facts: DecisionFacts, values: dict[str, str]) -> blocks.Section:
    paragraphs = [paragraph.strip() for paragraph in _filled(part.text, values).split("\n\n")]
    content: list[object] = [blocks.Paragraph(paragraph) for paragraph in paragraphs if paragraph]
    if part.table:
        content.append(TABLE_MAKERS[part.table](facts))
    return blocks.Section(str(part.heading), content, long=True)


def _filled(text: BothForms, values: dict[str, str]) -> str:
    return str(text).format_map(values).strip()


# --- What stands for the names in braces -----------------------------------------------------------------------------


def _values(facts: DecisionFacts) -> dict[str, str]:
    values = _of_application(facts) | _of_call(facts) | _of_assessment(facts) | _of_complaint(facts)
    if facts.award:
        values |= _of_grant(facts, facts.award)
    else:
        values["changes"] = _what_would_change(facts)
    if facts.redecision:
        values |= _of_overturned(facts.redecision)
    return values


def _of_application(facts: DecisionFacts) -> dict[str, str]:
    application = facts.application
    return {
        "application": application.number,
        "recipient": _phrase("municipality", name=application.motor),
        "cluster": application.cluster,
        "region": application.region,
        "asked": kroner(application.asked),
        "least": kroner(application.least),
        "own_contribution": kroner(application.own_contribution),
        "link": f"{settings.SITE_URL}{application.url}",
        "grounds": facts.reason.get(MADE_BY_HAND) or wording.why(facts.reason, facts.names),
    }


def _of_call(facts: DecisionFacts) -> dict[str, str]:
    call = facts.call
    forbidden = ", ".join(map(str, call.forbidden_costs)).lower()
    return {
        "call": str(call.title),
        "legal_basis": str(call.legal_basis),
        "purpose": str(call.texts.get(CallTextKind.PURPOSE, call.goal)),
        "reporting": str(call.texts.get(CallTextKind.REPORTING, "")),
        "control": str(call.texts.get(CallTextKind.CONTROL, "")),
        "reservation": str(call.texts.get(CallTextKind.RESERVATION, PHRASES["reservation"])),
        "forbidden": _phrase("forbidden", list=forbidden) if forbidden else "",
        "period_from": in_words(call.period_from),
        "period_to": in_words(call.period_to),
        "received": str(call.received),
        "asked_by_all": kroner(call.asked_by_all),
        "given": kroner(call.given),
        "funded": str(call.funded),
    }


def _of_assessment(facts: DecisionFacts) -> dict[str, str]:
    found = facts.assessment
    views = " ".join(f"«{view}»" for view in found.views)
    return {
        "score": found.score,
        "assessed": _phrase("assessed", score=found.score) if found.score else "",
        "reviewers": str(found.reviewers),
        "views": _phrase("views", views=views) if views else "",
    }


def _of_complaint(facts: DecisionFacts) -> dict[str, str]:
    """How to complain about the decision, and whom to ask."""
    return {
        "complaint_due": in_words(facts.complaint_due_on),
        "law_complaint": str(LAW["complaint"]),
        "law_insight": str(LAW["insight"]),
        "contact": settings.CONTACT_EMAIL,
    }


def _of_grant(facts: DecisionFacts, grant: GrantFacts) -> dict[str, str]:
    """KSF's own grounds do not say what was asked, and the rule of shares is true of computed ones only (G9)."""
    is_held_back = any(part.is_held_back for part in grant.instalments)
    return {
        "amount": kroner(grant.amount),
        "acceptance_due": in_words(grant.acceptance_due_on),
        "held_back": _phrase("held_back") if is_held_back else "",
        "opening": _phrase("opening", asked=kroner(facts.application.asked)) if facts.is_by_hand else "",
        "shares_rule": "" if facts.is_by_hand else _phrase("shares_rule"),
        "token": _least_shares(facts.least_share_only),
    }


def _least_shares(names: list[str]) -> str:
    """Who got the least a municipality can get; nothing when nobody did."""
    if not names:
        return ""
    return _phrase("token" if len(names) == 1 else "tokens", names=_enumerated(names), amount=kroner(LEAST_SHARE))


def _what_would_change(facts: DecisionFacts) -> str:
    return " ".join(wording.what_would_change(facts.reason, facts.names)) or _phrase("nothing_helps")


def _of_overturned(before: OverturnedFacts) -> dict[str, str]:
    return {
        "complained_on": in_words(before.complained_on),
        "overturned_on": in_words(before.decided_on),
        "overturned_letter": f" ({before.letter})" if before.letter else "",
    }


# --- The facts beside the address, and the foot ----------------------------------------------------------------------


def _reference(facts: DecisionFacts) -> list[tuple[str, object]]:
    received = f"{facts.application.number}, {in_words(facts.application.received_on)}"
    return [
        (str(FACTS["date"]), timezone.localdate(facts.decided_at)),
        (str(FACTS["application"]), received),
        (str(FACTS["call"]), str(facts.call.title)),
        (str(FACTS["public"]), str(FACTS["is_public"])),
    ]


def _signatures(facts: DecisionFacts) -> list[tuple[str, str]]:
    """Who decided, and who proposed it: the lead decides what the computation gave, staff all else."""
    is_by_lead = facts.outcome != LetterKind.DISMISSAL and facts.redecision is None
    decided = _phrase("decided", when=in_words(facts.decided_at))
    signed = [(_phrase("lead_role" if is_by_lead else "staff_role"), decided)]
    if facts.proposed_on:
        signed.append((_phrase("staff_role"), _phrase("proposed", when=in_words(facts.proposed_on))))
    return signed


def _approval(facts: DecisionFacts) -> str:
    return _phrase("approved_by_one" if facts.outcome == LetterKind.DISMISSAL else "approved")


def _copies(facts: DecisionFacts) -> str:
    """Every municipality that takes part gets its copy, and the region."""
    others = [member.name for member in facts.application.members if not member.is_motor]
    return _phrase("copy", names=", ".join(others), region=facts.application.region)


# --- Tables ----------------------------------------------------------------------------------------------------------


def _table(name: TableName, kinds: str, rows: Sequence[Row], total: Row = (), *, header: int = 0) -> blocks.Table:
    """``kinds`` has a letter for each column: ``n`` for numbers, ``d`` for dates that never break, ``-`` for the rest.

    ``total`` are the cells of the closing row after its name.
    """
    table = TABLES[name]
    columns = [
        blocks.Column(str(title), number=kind == "n", nowrap=kind == "d")
        for title, kind in zip(table.columns, kinds, strict=True)
    ]
    closing = (str(table.total), *total) if table.total else None
    return blocks.Table(str(table.caption), columns, rows, total=closing, header=header)


def _members(facts: DecisionFacts) -> blocks.Table:
    rows = [(member.name, member.asked, member.granted) for member in facts.application.members]
    granted = facts.award.amount if facts.award else 0
    return _table(TableName.MEMBERS, "-nn", rows, (facts.application.asked, granted))


def _instalments(facts: DecisionFacts) -> blocks.Table:
    parts = facts.award.instalments if facts.award else ()
    rows = [(part.number, str(part.when), part.amount) for part in parts]
    return _table(TableName.INSTALMENTS, "--n", rows, ("", facts.award.amount if facts.award else 0))


def _deliverables(facts: DecisionFacts) -> blocks.Table:
    found = facts.award.deliverables if facts.award else ()
    rows = [(number, str(row.label), _due(row)) for number, row in enumerate(found, 1)]
    return _table(TableName.DELIVERABLES, "--d", rows, header=1)


def _due(row: DeliverableFacts) -> date | str | None:
    if row.months_after_acceptance is not None:
        return _phrase("on_acceptance", months=row.months_after_acceptance)
    return row.due_on


def _scores(facts: DecisionFacts) -> blocks.Table:
    criteria = facts.assessment.criteria
    rows = [(str(row.name), f"{row.weight}{NBSP}%", row.score) for row in criteria]
    whole = f"{sum(row.weight for row in criteria)}{NBSP}%"
    return _table(TableName.SCORES, "-nn", rows, (whole, facts.assessment.score))


TABLE_MAKERS: dict[TableName, Callable[[DecisionFacts], blocks.Table]] = {
    TableName.MEMBERS: _members,
    TableName.INSTALMENTS: _instalments,
    TableName.DELIVERABLES: _deliverables,
    TableName.SCORES: _scores,
}


# --- Small things ----------------------------------------------------------------------------------------------------


def _phrase(key: str, /, **values: object) -> str:
    return str(PHRASES[key]).format(**values)


def _enumerated(names: list[str]) -> str:
    """``Drammen, Lier og Modum``."""
    *first, last = names
    return f"{', '.join(first)} {_phrase('and')} {last}" if first else last


def _in_threes(number: str) -> str:
    """An organisation number as it is written, ``987 654 321``."""
    return " ".join(number[place : place + 3] for place in range(0, len(number), 3))
