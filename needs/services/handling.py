"""What a coordinator does with a need, step by step; those concerned are notified of every step (N4, N12)."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.steps import lock, take
from ksf.writing.services import keep_earlier
from needs.lifecycle import ACTIONS, NEED, NEXT, NeedState
from needs.models import Clarification, KnowledgeNeed, Likeness, Relation, Source
from needs.notifications import notify_coordinators, notify_endorsers, notify_owners
from needs.services.finding import refresh_index


@transaction.atomic
def move(step: str, need: KnowledgeNeed, *, by: User, note: str = "") -> KnowledgeNeed:
    """Take up, prioritise, formulate, start research or put to use, and notify those concerned."""
    moved = take(NEED, step, need, by=by, note=note)
    _notify("moved", moved, by=by, note=note, comes_next=NEXT.get(moved.state, ""))
    return moved


@transaction.atomic
def return_with_question(need: KnowledgeNeed, *, question: str, by: User) -> KnowledgeNeed:
    """Ask the municipality for a clarification; the question stands on the need until it is answered."""
    returned = take(NEED, "return", need, by=by, note=question)
    Clarification.objects.create(need=returned, question=question, asked_by=by)
    notify_owners("returned", returned, but={by.pk}, question=question)
    return returned


@transaction.atomic
def close(need: KnowledgeNeed, *, reason: str, by: User) -> KnowledgeNeed:
    """Close with a reason that everybody can read. It can be opened again."""
    closed = take(NEED, "close", need, by=by, close_reason=reason, awaits_confirmation=False)
    _notify("closed", closed, by=by)
    return closed


@transaction.atomic
def reopen(need: KnowledgeNeed, *, by: User, note: str = "") -> KnowledgeNeed:
    """Take what was closed, or answered wrongly, back into assessment.

    The answer and the reason no longer stand, nor that knowledge exists: the log keeps them. The summary of what is
    known stays, to be gone on with.
    """
    was = lock(need).assessment
    assessment = "" if was == KnowledgeNeed.Assessment.KNOWLEDGE_EXISTS else was
    opened = take(NEED, "reopen", need, by=by, note=note, assessment=assessment, outcome_note="", close_reason="")
    _notify("moved", opened, by=by, note=note, comes_next=NEXT[NeedState.IN_ASSESSMENT])
    return opened


@transaction.atomic
def decline(need: KnowledgeNeed, *, reason: str, by: User) -> KnowledgeNeed:
    """The municipality says that a need written for it is not its own: closed, and out of public sight."""
    closed = take(NEED, "decline", need, by=by, close_reason=reason, awaits_confirmation=False, is_hidden=True)
    refresh_index(closed)
    notified = notify_owners("closed", closed, but={by.pk})
    notify_endorsers("closed", closed, but=notify_coordinators("closed", closed, but=notified))
    return closed


@transaction.atomic
def give_answer(need: KnowledgeNeed, *, answer: str, by: User) -> KnowledgeNeed:
    """Register what came of it: the knowledge is there."""
    answered = take(NEED, "give_answer", need, by=by, outcome_note=answer)
    _notify("answered", answered, by=by)
    return answered


@transaction.atomic
def assess(
    need: KnowledgeNeed,
    *,
    outcome: KnowledgeNeed.Assessment,
    summary: str,
    sources: Sequence[tuple[str, str]] = (),
    method_assessment_url: str = "",
    seen: int | None = None,
    by: User,
) -> KnowledgeNeed:
    """Write down what is known, with sources. When the knowledge exists the need is answered with the summary (N4).

    ``seen`` is how many assessments there were when ``by`` began to write: raises ValidationError when there are more.
    """
    locked = lock(need)
    ACTIONS.check("assess", locked, by=by)
    if seen is not None and seen != assessments_of(locked):
        raise ValidationError(
            _("Somebody else assessed the need while you wrote. Compare with what they wrote, and save again."),
            code="overtaken",
        )
    keep_earlier(locked, {"known_summary": (locked.known_summary, summary)}, by=by)
    locked.assessment, locked.known_summary, locked.method_assessment_url = outcome, summary, method_assessment_url
    locked.save(update_fields=["assessment", "known_summary", "method_assessment_url"])
    locked.sources.all().delete()
    Source.objects.bulk_create([Source(need=locked, title=title, url=url) for title, url in sources])
    kept = {"summary": summary, "sources": sources, "method_assessment_url": method_assessment_url}
    audit.record("need.assess", locked, by=by, outcome=outcome, **kept)
    if outcome == KnowledgeNeed.Assessment.KNOWLEDGE_EXISTS:
        return give_answer(locked, answer=summary, by=by)
    _notify("assessed", locked, by=by)
    return locked


def assessments_of(need: KnowledgeNeed) -> int:
    """How many times what is known has been written down; the log keeps each."""
    return audit.history(need).filter(verb="need.assess").count()


@transaction.atomic
def relate(need: KnowledgeNeed, *, other: KnowledgeNeed, kind: Relation.Kind, by: User) -> Relation:
    """Say how two needs are related, and notify both municipalities; said again, either way, it replaces the first."""
    locked = lock(need)
    ACTIONS.check("relate", locked, by=by)
    if locked.pk == other.pk:
        raise ValidationError(_("A need does not hang together with itself."))
    Relation.objects.filter(need=other, other=locked).delete()
    relation, _created = Relation.objects.update_or_create(
        need=locked, other=other, defaults={"kind": kind, "created_by": by}
    )
    for one, another in ((locked, other), (other, locked)):
        audit.record("need.relate", one, by=by, kind=kind, other=another.pk, title=str(another))
    settle_likeness(locked, other)
    notified = notify_owners("related", locked, but={by.pk}, urgent=False, other=other)
    notify_owners("related", other, but=notified, urgent=False, other=locked)
    return relation


@transaction.atomic
def unrelate(need: KnowledgeNeed, *, other: KnowledgeNeed, by: User) -> None:
    """Take back what was said of two needs, whichever it was said of first."""
    locked = lock(need)
    ACTIONS.check("relate", locked, by=by)
    pair = Relation.objects.filter(need__in=[locked, other], other__in=[locked, other])
    if pair.delete()[0]:
        for one, another in ((locked, other), (other, locked)):
            audit.record("need.unrelate", one, by=by, other=another.pk, title=str(another))


@transaction.atomic
def hide(need: KnowledgeNeed, *, is_hidden: bool, by: User) -> KnowledgeNeed:
    """Take a need out of public sight, or bring it back; its municipality and coordinators see it all the time."""
    locked = lock(need)
    ACTIONS.check("hide", locked, by=by)
    if locked.is_hidden != is_hidden:
        locked.is_hidden = is_hidden
        locked.save(update_fields=["is_hidden"])
        audit.record("need.hide" if is_hidden else "need.show", locked, by=by)
        refresh_index(locked)
        notify_owners("hidden", locked, but={by.pk})
    return locked


@transaction.atomic
def settle(need: KnowledgeNeed, *, other: KnowledgeNeed, by: User) -> None:
    """Say that two needs which look alike are not the same; they are not put side by side again."""
    ACTIONS.check("relate", need, by=by)
    settle_likeness(need, other)
    audit.record("need.not_duplicate", need, by=by, other=other.pk, title=str(other))


def settle_likeness(need: KnowledgeNeed, other: KnowledgeNeed) -> None:
    """Take the pair, in either order, off the list of possible duplicates."""
    Likeness.objects.settle(need.pk, other.pk)


def _notify(template: str, need: KnowledgeNeed, *, by: User, **context: Any) -> None:
    notify_endorsers(template, need, but=notify_owners(template, need, but={by.pk}, **context), **context)
