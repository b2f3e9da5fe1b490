"""The letters of a decision (G9): the words are ``data/letters.yaml``, the facts are the decision's own rows."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from grants import scores, wording
from grants.lifecycle import ApplicationState, ProposalState
from grants.models import (
    Application,
    Award,
    Call,
    CallText,
    Deliverable,
    Redecision,
    Rejection,
    RequiredDeliverable,
    Review,
)
from grants.models.award import COMPLAIN_WITHIN
from ksf import audit, jobs
from ksf.accounts.models import User
from ksf.actor import Actor
from ksf.documents import blocks, registry, services
from ksf.documents.models import Document
from ksf.web.dates import words
from ksf.web.numbers import NBSP, kroner
from regions.models import LanguageForm

KIND = "grants.letter"
PREFIX = "B"
LEAST_SHARE = 1_000
"""Shares are whole thousands (G7)."""


def _may_open(user: Actor, pk: int) -> bool:
    return Application.objects.visible_to(user).filter(pk=pk).exists()


registry.register(KIND, _may_open, prefix=PREFIX)


@cache
def _texts() -> dict[str, Any]:
    path = Path(__file__).parent / "data" / "letters.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def applications_without(call: Any) -> Iterable[Application]:
    """The decided applications of ``call`` that have no letter yet, by number."""
    lacks = Q(award__isnull=False, award__letter__isnull=True) | Q(
        rejection__isnull=False, rejection__letter__isnull=True
    )
    return call.applications.filter(lacks).select_related("cluster").order_by("number")


def ask_for(call: Call, *, key: str, by: User) -> None:
    """Have the letters of the call's decisions that have none written, when the transaction commits."""
    jobs.request(
        "grants.letters",
        by=by,
        title=gettext("Letters of %(call)s") % {"call": call},
        subject=call,
        key=key,
        next_url=call.get_absolute_url(),
        call=call.pk,
    )


def language_of(application: Application) -> str:
    """The recipient's own language form; a neutral municipality is answered in the language it wrote in."""
    motor = application.motor
    return application.language if motor.language_form == LanguageForm.NEUTRAL else motor.letter_language


def seal(application: Application, *, by: User) -> Document | None:
    """Seal the letter of a decided application, once: nothing is done and None returned when it has one.

    The decision's row is locked, so two workers make one letter.
    """
    decision = _locked(application)
    if decision.letter_id is not None:
        return None
    application = Application.objects.for_page().get(pk=application.pk)
    language = language_of(application)
    with override(language):
        letter = Letter(application, decision)
        document = services.seal(
            kind=KIND,
            subject=application,
            title=letter.title,
            template="documents/letter.html",
            context=letter.context(),
            language=language,
            by=by,
        )
    decision.letter = document
    decision.save(update_fields=["letter"])
    audit.record("application.letter", application, by=by, document=document.number)
    return document


def _locked(application: Application) -> Any:
    model: Any = Award if application.state == ApplicationState.AWARDED else Rejection
    return model.objects.select_for_update(of=("self",)).get(application=application)


class Letter:
    """One letter's words and tables, in the active language."""

    def __init__(self, application: Application, decision: Any) -> None:
        self.application, self.decision = application, decision
        self.call = application.call
        self.is_award = isinstance(decision, Award)
        self.is_dismissal = application.state == ApplicationState.INELIGIBLE
        self.text = _texts()["award" if self.is_award else "dismissal" if self.is_dismissal else "rejection"]
        self.standings = scores.of_call(self.call)
        self.anew = Redecision.objects.filter(
            complaint__application=application, decided_at=decision.decided_at
        ).first()
        self.values = self._values()

    @property
    def title(self) -> str:
        return self._fill(self.text["title"])[:250]

    def context(self) -> dict[str, Any]:
        """What ``documents/letter.html`` takes."""
        return {
            "sender": _texts()["sender"],
            "recipient": [self.values["recipient"]],
            "recipient_number": _spaced(self.application.motor.org_number),
            "facts": self._facts(),
            "notice": _say(_texts()["words"]["example"]) if self.call.is_example else "",
            "lead": self._fill(self.text["lead"]),
            "sections": [
                self._section(row)
                for row in (*self.text["sections"], *_texts()["closing"])
                if self.values.get(row.get("when", ""), True)
            ],
            "signatures": self._signatures(),
            "notes": [_say(_texts()["words"]["approved_by_one" if self.is_dismissal else "approved"]), self._copies()],
            "checksum": services.fingerprint(self._essence()),
        }

    def _fill(self, text: dict[str, str]) -> str:
        return _say(text).format_map(self.values).strip()

    def _section(self, row: dict[str, Any]) -> blocks.Section:
        filled = [part.strip() for part in self._fill(row["text"]).split("\n\n")]
        parts: list[Any] = [blocks.Paragraph(part) for part in filled if part]
        if "table" in row:
            parts.append(getattr(self, f"_{row['table']}")(_texts()["tables"][row["table"]]))
        return blocks.Section(_say(row["heading"]), parts, long=True)

    def _facts(self) -> list[tuple[str, Any]]:
        names = _texts()["facts"]
        received = f"{self.application.number}, {words(timezone.localdate(self.application.submitted_at))}"
        return [
            (_say(names["date"]), timezone.localdate(self.decision.decided_at)),
            (_say(names["application"]), received),
            (_say(names["call"]), str(self.call.title)),
            (_say(names["public"]), _say(names["is_public"])),
        ]

    def _values(self) -> dict[str, Any]:
        application, call = self.application, self.call
        standing = self.standings.get(application.pk, scores.Standing())
        decided_on = timezone.localdate(self.decision.decided_at)
        law = _texts()["law"]
        return {
            "recipient": _say(_texts()["words"]["kommune"]).format(name=application.motor.name),
            "cluster": application.cluster.name,
            "region": application.cluster.lead_region.name,
            "application": application.number,
            "call": str(call.title),
            "asked": kroner(application.asked),
            "least": kroner(application.least_amount or 0),
            "score": standing.shown,
            "assessed": _say(_texts()["words"]["assessed"]).format(score=standing.shown) if standing.shown else "",
            "reviewers": Review.objects.handed_in().filter(application=application).count(),
            "legal_basis": call.scheme.legal_basis,
            "grounds": self._grounds(),
            "complaint_due": words(decided_on + COMPLAIN_WITHIN),
            "law_complaint": _say(law["complaint"]),
            "law_insight": _say(law["insight"]),
            "contact": settings.CONTACT_EMAIL,
            "link": f"{settings.SITE_URL}{application.get_absolute_url()}",
            **self._of_call(),
            **(self._of_award() if self.is_award else self._of_rejection()),
        }

    def _of_call(self) -> dict[str, Any]:
        received = list(self.call.applications.received().with_asked())
        given = list(Award.objects.filter(application__call=self.call).values_list("amount", flat=True))
        return {
            "received": len(received),
            "asked_by_all": kroner(sum(one.asked for one in received)),
            "given": kroner(sum(given)),
            "funded": len(given),
        }

    def _of_award(self) -> dict[str, Any]:
        texts = {row.kind: str(row.text) for row in self.call.texts.all()}
        award, phrases = self.decision, _texts()["words"]
        forbidden = [str(row.label) for row in self.call.cost_categories.all() if not row.is_allowed]
        held_back = award.instalments.filter(is_held_back=True).exists()
        by_hand = "override" in award.reason  # the words of those who changed it do not say what was asked
        return {
            "amount": kroner(award.amount),
            "acceptance_due": words(award.acceptance_due_on),
            "purpose": texts.get(CallText.Kind.PURPOSE, str(self.call.scheme.goal)),
            "reporting": texts.get(CallText.Kind.REPORTING, ""),
            "control": texts.get(CallText.Kind.CONTROL, ""),
            "reservation": texts.get(CallText.Kind.RESERVATION, _say(phrases["reservation"])),
            "period_from": words(self.call.period_from),
            "period_to": words(self.call.period_to),
            "own_contribution": kroner(sum(line.own for line in self.application.budget.all())),
            "forbidden": _say(phrases["forbidden"]).format(list=", ".join(forbidden).lower()) if forbidden else "",
            "held_back": _say(phrases["held_back"]) if held_back else "",
            "is_partial": award.amount < self.application.asked and self.anew is None,
            "is_anew": self.anew is not None,
            "opening": _say(phrases["opening"]).format(asked=kroner(self.application.asked)) if by_hand else "",
            "shares_rule": "" if by_hand else _say(phrases["shares_rule"]),
            "token": self._token(),
            **self._of_complaint(),
            "has_deliverables": award.deliverables.exists(),
        }

    def _of_complaint(self) -> dict[str, Any]:
        if self.anew is None:
            return {}
        overturned = self.anew.overturned
        return {
            "complained_on": words(timezone.localdate(self.anew.complaint.received_at)),
            "overturned_on": words(timezone.localdate(datetime.fromisoformat(overturned["decided_at"]))),
            "overturned_letter": f" ({overturned['letter']})" if overturned["letter"] else "",
        }

    def _of_rejection(self) -> dict[str, Any]:
        changes = wording.what_would_change(self.decision.reason, self._names())
        phrases = _texts()["words"]
        handed_in = Review.objects.handed_in().filter(application=self.application).exclude(content="")
        views = " ".join(f"«{content.strip()}»" for content in handed_in.values_list("content", flat=True))
        return {
            "changes": " ".join(changes) or _say(phrases["nothing_helps"]),
            "views": _say(phrases["views"]).format(views=views) if views else "",
        }

    def _token(self) -> str:
        """Who asked for more and got the least there is to give; nothing when nobody did, or when it is set by hand."""
        given = dict(self.decision.shares.values_list("municipality", "amount"))
        names = [
            member.municipality.name
            for member in self.application.members.all()
            if member.amount > LEAST_SHARE == given.get(member.municipality_id)
        ]
        if not names or "override" in self.decision.reason:
            return ""
        words = _texts()["words"]["token" if len(names) == 1 else "tokens"]
        return _say(words).format(names=_enumerated(names), amount=kroner(LEAST_SHARE))

    def _grounds(self) -> str:
        reason = self.decision.reason
        return reason.get("override") or wording.why(reason, self._names())

    def _names(self) -> dict[str, str]:
        """Names of municipalities and clusters by the numbers the reasons use."""
        found = {row.number: row.cluster.name for row in self.call.applications.received().select_related("cluster")}
        return found | {
            number: name
            for number, name in self.call.applications.received().values_list(
                "members__municipality__number", "members__municipality__name"
            )
            if number
        }

    def _members(self, text: dict[str, Any]) -> blocks.Table:
        given = dict(self.decision.shares.values_list("municipality", "amount"))
        rows = [
            (member.municipality.name, member.amount, given.get(member.municipality_id, 0))
            for member in self.application.members.all()
        ]
        total = (_say(text["total"]), self.application.asked, self.decision.amount)
        return blocks.Table(_say(text["caption"]), _columns(text, "-nn"), rows, total=total)

    def _instalments(self, text: dict[str, Any]) -> blocks.Table:
        rows = [(part.number, str(part.when), part.amount) for part in self.decision.instalments.all()]
        total = (_say(text["total"]), "", self.decision.amount)
        return blocks.Table(_say(text["caption"]), _columns(text, "--n"), rows, total=total)

    def _deliverables(self, text: dict[str, Any]) -> blocks.Table:
        found = self.decision.deliverables.select_related("requirement")
        rows = [(place, str(row.requirement.label), self._due(row)) for place, row in enumerate(found, 1)]
        return blocks.Table(_say(text["caption"]), _columns(text, "--d"), rows, header=1)

    def _due(self, row: Deliverable) -> Any:
        requirement = row.requirement
        if row.due_on is None and requirement.due_from == RequiredDeliverable.Point.ACCEPTED:
            return _say(_texts()["words"]["on_acceptance"]).format(months=requirement.due_months)
        return row.due_on

    def _scores(self, text: dict[str, Any]) -> blocks.Table:
        standing = self.standings.get(self.application.pk, scores.Standing())
        criteria = list(self.call.criteria.all())
        rows = [
            (row.name, f"{row.weight}{NBSP}%", scores.two_decimals(standing.criteria.get(row.pk))) for row in criteria
        ]
        total = (_say(text["total"]), f"{sum(row.weight for row in criteria)}{NBSP}%", standing.shown)
        return blocks.Table(_say(text["caption"]), _columns(text, "-nn"), rows, total=total)

    def _signatures(self) -> list[tuple[str, str]]:
        phrases = _texts()["words"]
        decided = _say(phrases["decided"]).format(when=words(self.decision.decided_at))
        if self.is_dismissal:
            return [(_say(phrases["staff_role"]), decided)]
        if self.anew is not None:
            when = words(timezone.localdate(self.anew.proposed_at))
            proposed = _say(phrases["proposed"]).format(when=when)
            return [(_say(phrases["staff_role"]), decided), (_say(phrases["staff_role"]), proposed)]
        proposal = self.call.proposals.filter(state=ProposalState.DECIDED).first()
        found = [(_say(phrases["lead_role"]), decided)]
        if proposal is not None:
            when = words(timezone.localdate(proposal.proposed_at))
            found.append((_say(phrases["staff_role"]), _say(phrases["proposed"]).format(when=when)))
        return found

    def _copies(self) -> str:
        others = [
            member.municipality.name
            for member in self.application.members.all()
            if member.municipality_id != self.application.motor_id
        ]
        return _say(_texts()["words"]["copy"]).format(names=", ".join(others), region=self.values["region"])

    def _essence(self) -> dict[str, Any]:
        """What was decided, whatever words it is told in: the foot of the letter has its checksum."""
        shares = dict(self.decision.shares.values_list("municipality__number", "amount")) if self.is_award else {}
        return {
            "application": self.application.number,
            "shares": shares,
            "reason": self.decision.reason,
            "decided_at": self.decision.decided_at,
        }


def _say(text: dict[str, Any]) -> Any:
    return text[get_language() or "nb"]


def _enumerated(names: list[str]) -> str:
    """``Drammen, Lier og Modum``."""
    *first, last = names
    return f"{', '.join(first)} {_say(_texts()['words']['and'])} {last}" if first else last


def _columns(text: dict[str, Any], kinds: str) -> list[blocks.Column]:
    """The headings; ``n`` in ``kinds`` sets a column as numbers, ``d`` as dates that never break."""
    return [
        blocks.Column(title, number=kind == "n", nowrap=kind == "d")
        for title, kind in zip(_say(text["columns"]), kinds, strict=True)
    ]


def _spaced(number: str) -> str:
    return " ".join(number[place : place + 3] for place in range(0, len(number), 3))
