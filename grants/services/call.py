"""Drafting, publishing, correcting, extending and closing calls (G3)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.utils import timezone
from django.utils.functional import Promise

from grants import notifications
from grants.lifecycle import CALL, CALL_ACTIONS
from grants.models import AnsweredQuestion, Call, CallNotice, CallText
from grants.rules.dates import years_later
from grants.rules.readiness import Fault, faults
from grants.rules.terms import tightened
from ksf import audit, jobs
from ksf.accounts.models import User
from ksf.steps import lock, take
from ksf.writing.services import keep_earlier

FORM_PARTS = (
    "texts",
    "criteria",
    "questions",
    "cost_categories",
    "required_attachments",
    "required_deliverables",
    "planned_instalments",
)
ANSWERED = {"question_nb", "question_nn", "answer_nb", "answer_nn"}


class NotReady(Exception):
    """The call cannot be published yet; ``faults`` says why."""

    def __init__(self, found: list[Fault]) -> None:
        self.faults = found
        super().__init__("; ".join(fault.text for fault in found))


class TermsTightened(ValueError):
    """A published call cannot become worse for those who have applied; ``fields`` says what would."""

    def __init__(self, fields: dict[str, Promise]) -> None:
        self.fields = fields
        super().__init__("; ".join(map(str, fields.values())))


class NotLater(ValueError):
    """A deadline is only moved to a later moment."""


@transaction.atomic
def draft_call(*, like: Call | None = None, by: User, **values: Any) -> Call:
    """A new draft with the given fields; texts and form are copied from ``like`` when given."""
    _check_manages(None, by)
    call = Call.objects.create(**values)
    if like is not None:
        for part in FORM_PARTS:
            _copy(getattr(like, part).all(), call)
        _move_days(call, years=call.year - like.year)
    audit.record("call.draft", call, by=by, like=like.slug if like else "")
    return call


def _move_days(call: Call, *, years: int) -> None:
    """Let what is due on a day be due so many years later."""
    for row in call.required_deliverables.all():
        if row.due_on:
            row.due_on = years_later(row.due_on, years)
            row.save(update_fields=["due_on"])


def _copy(rows: QuerySet[Any], call: Call) -> None:
    copies = list(rows)
    for row in copies:
        row.pk, row.call = None, call
    rows.model.objects.bulk_create(copies)


@transaction.atomic
def change_draft(call: Call, *, by: User, **values: Any) -> Call:
    """Change any field of a call that is not yet published."""
    call = lock(call)
    CALL_ACTIONS.check("write", call, by=by)
    changes = audit.changes_of(call, values)
    for field, value in values.items():
        setattr(call, field, value)
    call.save(update_fields=list(values))
    audit.record("call.change", call, by=by, changes=changes)
    return call


@transaction.atomic
def change_form(call: Call, formset: "BaseInlineFormSet[Any, Any, Any]", *, by: User) -> None:
    """Save a part of a draft's form. After publishing the form stands: somebody may have begun."""
    call = lock(call)
    CALL_ACTIONS.check("write", call, by=by)
    formset.instance = call
    formset.save()
    audit.record("call.form", call, by=by, part=formset.prefix)


@transaction.atomic
def set_weights(call: Call, weights: dict[int, int], *, by: User) -> None:
    """Weigh the scheme's criteria, by award criterion id in per cent; zero leaves one out."""
    call = lock(call)
    CALL_ACTIONS.check("write", call, by=by)
    own = {criterion.pk for criterion in call.scheme.award_criteria.all()}
    call.criteria.all().delete()
    call.criteria.bulk_create(
        call.criteria.model(call=call, award_criterion_id=pk, weight=weight)
        for pk, weight in weights.items()
        if weight and pk in own
    )
    audit.record("call.weights", call, by=by, weights=weights)


@transaction.atomic
def set_texts(call: Call, texts: dict[str, tuple[str, str]], *, by: User, step: str = "publish") -> None:
    """Replace the texts, by kind as (bokmål, nynorsk); an empty one is left out."""
    call = lock(call)
    CALL.check(step, call, by=by)
    keep_earlier(call, _replaced(call, texts), by=by)
    call.texts.all().delete()
    CallText.objects.bulk_create(
        CallText(call=call, kind=kind, order=order, text_nb=nb, text_nn=nn)
        for order, (kind, (nb, nn)) in enumerate(texts.items())
        if nb
    )
    audit.record("call.texts", call, by=by)


def _replaced(call: Call, texts: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Each text by its kind and written form, such as ``use_nn``: what it was, and what it is to be."""
    found: dict[str, tuple[str, str]] = {}
    for row in call.texts.all():
        nb, nn = texts.get(row.kind, ("", ""))
        found |= {f"{row.kind}_nb": (row.text_nb, nb), f"{row.kind}_nn": (row.text_nn, nn)}
    return found


@transaction.atomic
def publish(call: Call, *, by: User, has_looked: bool = False) -> Call:
    """Announce the call to all, and notify those it concerns.

    Raises NotReady while something must be fixed, or while doubts are left that nobody ``has_looked`` at.
    """
    call = take(CALL, "publish", call, by=by, published_at=timezone.now())
    found = faults(Call.objects.for_page().get(pk=call.pk).filled(), timezone.now())
    if stopping := [fault for fault in found if not (fault.is_doubt and has_looked)]:
        raise NotReady(stopping)
    if found:
        audit.record("call.doubts", call, by=by, doubts=[fault.text for fault in found])
    jobs.request("grants.call_published", by=by, subject=call, key=f"call-published-{call.pk}", call=call.pk)
    return call


@transaction.atomic
def correct(
    call: Call,
    *,
    notice_nb: str,
    notice_nn: str = "",
    texts: dict[str, tuple[str, str]] | None = None,
    by: User,
    **values: Any,
) -> Call:
    """Correct a published call and notify everyone of what is changed. The form and the deadline are not touched.

    Raises TermsTightened when it would be worse for those who have applied.
    """
    locked = lock(call)
    if worse := tightened(locked, values):
        raise TermsTightened(worse)
    changes = audit.changes_of(locked, values)
    call = take(CALL, "correct", locked, by=by, note=notice_nb, **values)
    if texts is not None:
        set_texts(call, texts, by=by, step="correct")
    audit.record("call.change", call, by=by, changes=changes)
    _notify(call, notice_nb, notice_nn, by=by)
    return call


@transaction.atomic
def extend(call: Call, *, deadline_at: datetime, notice_nb: str, notice_nn: str = "", by: User) -> Call:
    """Move the deadline of a published call to a later moment and notify everyone. Raises NotLater."""
    if deadline_at <= lock(call).deadline_at:
        raise NotLater
    call = take(CALL, "extend", call, by=by, note=notice_nb, deadline_at=deadline_at)
    _notify(call, notice_nb, notice_nn, by=by)
    return call


def _notify(call: Call, notice_nb: str, notice_nn: str, *, by: User) -> None:
    notice = CallNotice.objects.create(
        call=call, text_nb=notice_nb, text_nn=notice_nn, published_at=timezone.now(), published_by=by
    )
    notifications.changed(call, notice)


@transaction.atomic
def close(call: Call, *, by: User) -> Call:
    """Take no more applications."""
    return take(CALL, "close", call, by=by)


def close_due_calls() -> int:
    """Close the calls whose deadline is over, in the name of the portal; how many."""
    now, count = timezone.now(), 0
    for call in list(Call.objects.past_deadline_at(now)):
        with transaction.atomic():
            lock(call)
            if Call.objects.past_deadline_at(now).filter(pk=call.pk).exists():  # another clock may have been first
                close(call, by=User.objects.system())
                count += 1
    return count


REMIND_BEFORE = (2, 7, 14)
"""Days before a call's deadline on which those with a draft are reminded."""


def request_reminders(now: datetime) -> int:
    """Ask for the reminder each open call has come to by ``now``, once each; how many calls have come to one.

    A day on which nobody asked is made up for, and a deadline that is moved reminds again.
    """
    count = 0
    for call in Call.objects.open_at(now):
        left = (timezone.localdate(call.deadline_at) - timezone.localdate(now)).days
        if days := next((days for days in REMIND_BEFORE if left <= days), None):
            key = f"call-deadline-{call.pk}-{call.deadline_at.isoformat()}-{days}"
            jobs.request("grants.deadline_comes", by=User.objects.system(), subject=call, key=key, call=call.pk)
            count += 1
    return count


@transaction.atomic
def answer_question(call: Call, *, by: User, row: AnsweredQuestion | None = None, **values: Any) -> AnsweredQuestion:
    """Publish a question and its answer, or correct one."""
    _check_manages(call, by)
    row = row or AnsweredQuestion(call=call)
    if row.pk:
        before = lock(row)  # the form has written in the row that is given
        keep_earlier(row, {name: (getattr(before, name), values[name]) for name in ANSWERED & values.keys()}, by=by)
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
    audit.record("call.answer", call, by=by, question=row.question_nb)
    return row


def _check_manages(call: Call | None, by: User) -> None:
    if not by.has_perm("grants.manage_call", call):
        raise PermissionDenied("grants.manage_call")
