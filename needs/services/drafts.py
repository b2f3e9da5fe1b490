"""A need in the writer's hands: saved as it is typed, sent, answered, taken back (N1)."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.steps import lock, take
from ksf.writing.services import earlier_of, keep_earlier
from needs.lifecycle import ACTIONS, NEED, NeedState
from needs.models import KnowledgeNeed, NumberSeries, TextVersion
from needs.models.authors import municipalities_for
from needs.notifications import notify_coordinators, notify_endorsers, notify_owners
from needs.services.finding import find_likenesses, refresh_index

FIELDS = ("title", "description", "consequence", "target_group", "concerns", "service_area", "municipality")

LONG_TEXTS = {"description", "consequence"}
"""Those whose earlier versions are kept while it is written."""


class DraftConflict(Exception):
    """The draft was saved somewhere else meanwhile: ``theirs`` is what it holds now."""

    def __init__(self, theirs: KnowledgeNeed) -> None:
        self.theirs = theirs
        super().__init__(f"draft {theirs.pk} is at version {theirs.draft_version}")


def open_drafts(user: Actor) -> Any:
    """The drafts ``user`` has begun or may go on with for a municipality, the latest first."""
    drafts = KnowledgeNeed.objects.visible_to(user).filter(state=NeedState.DRAFT).with_place()
    return drafts.order_by("-changed_at")


@transaction.atomic
def save_draft(
    values: Mapping[str, Any], *, by: User, key: uuid.UUID, version: int, tab: uuid.UUID | None = None
) -> KnowledgeNeed:
    """Save what is typed in the need with ``key``, made the first time; return it one version on.

    Raises DraftConflict, and saves nothing, when ``version`` is not the one the draft is at and the last to save was
    not the same ``tab``: somebody has written elsewhere since. Raises PermissionDenied for a municipality ``by`` may
    not write for.
    """
    draft = _draft(values, by=by, key=key, version=version)
    ACTIONS.check("write", draft, by=by)
    if draft.draft_version != version and (tab is None or draft.draft_tab != tab):
        raise DraftConflict(draft)
    changed = {field: values[field] for field in FIELDS if field in values and getattr(draft, field) != values[field]}
    if "municipality" in changed and (draft.was_sent or changed["municipality"] not in municipalities_for(by)):
        raise PermissionDenied("needs.write_need")
    texts = {field: (getattr(draft, field), changed[field]) for field in LONG_TEXTS & changed.keys()}
    keep_earlier(draft, texts, by=by, since=draft.changed_at, begun_by=draft.created_by)
    for field, value in changed.items():
        setattr(draft, field, value)
    draft.draft_version += 1
    draft.draft_tab = tab
    draft.changed_at = timezone.now()
    draft.save(update_fields=[*changed, "draft_version", "draft_tab", "changed_at"])
    return draft


def _draft(values: Mapping[str, Any], *, by: User, key: uuid.UUID, version: int) -> KnowledgeNeed:
    """The draft with ``key``; begun again at ``version`` by a page that is still open when it has been discarded."""
    found = KnowledgeNeed.objects.select_for_update(of=("self",)).filter(draft_key=key).first()
    if found is not None:
        return found
    municipality = values["municipality"]
    if municipality not in municipalities_for(by):
        raise PermissionDenied("needs.write_need")
    draft = KnowledgeNeed.objects.create(
        draft_key=key,
        draft_version=version,
        municipality=municipality,
        created_by=by,
        language=municipality.letter_language,
    )
    audit.record("need.begin", draft, by=by)
    return draft


@transaction.atomic
def submit(need: KnowledgeNeed, *, by: User) -> KnowledgeNeed:
    """Send a draft: it gets its number, is findable, and the coordinator is notified.

    Sent by a coordinator it awaits the municipality's confirmation, and the municipality's contacts are notified.
    """
    is_own = need.municipality_id in by.municipality_ids(Role.RD_CONTACT)
    sent = take(
        NEED,
        "submit",
        need,
        by=by,
        submitted_at=need.submitted_at or timezone.now(),
        number=need.number or next_number(timezone.localdate().year),
        awaits_confirmation=not is_own,
    )
    keep_version(sent, by=by)
    refresh_index(sent)
    find_likenesses(sent)
    notify_coordinators("submitted", sent, but={by.pk})
    if not is_own:
        notify_owners("confirm", sent, but={by.pk})
    return sent


@transaction.atomic
def answer(need: KnowledgeNeed, *, text: str, by: User) -> KnowledgeNeed:
    """Answer the coordinator's question and send the need back, with the words it has now."""
    sent = take(NEED, "answer", need, by=by, note=text)
    sent.clarifications.filter(answered_at=None).update(answer=text, answered_by=by, answered_at=timezone.now())
    keep_version(sent, by=by)
    refresh_index(sent)
    notify_coordinators("answered_question", sent, but={by.pk}, answer=text)
    return sent


@transaction.atomic
def withdraw(need: KnowledgeNeed, *, by: User) -> KnowledgeNeed:
    """Take a need back to a draft, before it has been taken up. Raises ValidationError afterwards.

    What others have seen, endorsed or been merged into is not taken out of their sight: nobody's need disappears.
    """
    locked = lock(need)
    NEED.check("withdraw", locked, by=by)
    if locked.merged_needs.exists() or audit.history(locked).filter(verb="need.take_up").exists():
        raise ValidationError(
            _("The need has been taken up already, and others may build on it. Ask the coordinator to close it.")
        )
    draft = take(NEED, "withdraw", locked, by=by, awaits_confirmation=False)
    draft.clarifications.filter(answered_at=None).update(answered_by=by, answered_at=timezone.now())
    refresh_index(draft)
    notified = notify_owners("withdrawn", draft, but={by.pk})
    notify_endorsers("withdrawn", draft, but=notify_coordinators("withdrawn", draft, but=notified))
    return draft


def check_discard(need: KnowledgeNeed, *, by: User) -> None:
    """Raises PermissionDenied or StepNotAllowed when ``by`` may not discard the need.

    What has been sent once is never deleted, also when it is a draft again: nobody's need disappears.
    """
    ACTIONS.check("discard", need, by=by)
    if need.was_sent:
        raise ACTIONS.refusal("discard", need)


@transaction.atomic
def discard(need: KnowledgeNeed, *, by: User) -> None:
    """Delete a draft that was never sent; the log keeps that it was there."""
    locked = lock(need)
    check_discard(locked, by=by)
    audit.record("need.discard", locked, by=by, title=locked.title, municipality=locked.municipality_id)
    earlier = earlier_of(locked)
    locked.delete()
    earlier.delete()


@transaction.atomic
def discard_forgotten(drafts: QuerySet[KnowledgeNeed]) -> None:
    """Delete drafts that nobody has written in for long (X7); the log keeps that they were there, and no word more."""
    system = User.objects.system()
    for draft in drafts.select_for_update(of=("self",)):
        audit.record("need.discard", draft, by=system, municipality=draft.municipality_id)
        earlier = earlier_of(draft)
        draft.delete()
        earlier.delete()


@transaction.atomic
def confirm(need: KnowledgeNeed, *, by: User) -> KnowledgeNeed:
    """The municipality says that what a coordinator wrote for it is its need."""
    locked = lock(need)
    ACTIONS.check("confirm", locked, by=by)
    if locked.awaits_confirmation:
        locked.awaits_confirmation = False
        locked.save(update_fields=["awaits_confirmation"])
        audit.record("need.confirm", locked, by=by)
        notify_owners("confirmed", locked, but={by.pk})
    return locked


@transaction.atomic
def next_number(year: int, count: int = 1) -> str:
    """The next number of the year, ``2026-0318``; locks the series until the transaction ends.

    With ``count`` the series moves so far, and the first of the numbers is returned.
    """
    NumberSeries.objects.get_or_create(year=year)
    series = NumberSeries.objects.select_for_update().get(year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return numbered(year, first)


def numbered(year: int, place: int) -> str:
    """The number of the need at ``place`` in ``year``."""
    return f"{year}-{place:04}"


def keep_version(need: KnowledgeNeed, *, by: User) -> None:
    """Keep the words as they are sent, if they differ from what was sent last (N13)."""
    last = need.versions.last()
    if last is not None and (last.title, last.description) == (need.title, need.description):
        return
    need.text_version = (last.number if last else 0) + 1
    need.save(update_fields=["text_version"])
    TextVersion.objects.create(
        need=need, number=need.text_version, title=need.title, description=need.description, created_by=by
    )
