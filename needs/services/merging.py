"""Merging duplicates and undoing it. Originals keep text, owner and history; endorsements are united (N4)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.steps import take
from needs.lifecycle import NEED, SENT, NeedState
from needs.models import Endorsement, KnowledgeNeed, Likeness
from needs.notifications import notify_endorsers, notify_owners


@transaction.atomic
def merge(need: KnowledgeNeed, *, into: KnowledgeNeed, by: User) -> KnowledgeNeed:
    """Merge ``need`` into another: its municipality and endorsers stand behind that one from now on.

    Both rows are locked in the order of their ids, so two people who merge the same needs at once meet here: the
    second gets StepNotAllowed when ``need`` is merged already, ValidationError when ``into`` cannot take it any more.
    """
    need, into = _locked(need, into)
    NEED.check("merge", need, by=by)
    if need.pk == into.pk:
        raise ValidationError(_("A need cannot be merged with itself."))
    if into.state == NeedState.MERGED:
        raise ValidationError(
            _("“%(title)s” has just been merged into “%(other)s”. Merge with that one instead.")
            % {"title": into, "other": into.merged_into}
        )
    if into.is_hidden:
        raise ValidationError(_("“%(title)s” is hidden from the public. Show it first.") % {"title": into})
    if into.state not in SENT - {NeedState.CLOSED}:
        raise ValidationError(_("“%(title)s” is closed or not sent, and cannot take in another.") % {"title": into})
    merged = take(NEED, "merge", need, by=by, other=into, merged_into=into)
    _unite(merged, into, by=by)
    Likeness.objects.settle(merged.pk, into.pk)
    audit.record("need.take_in", into, by=by, other=merged.pk, title=str(merged), place=str(merged.municipality))
    _notify_both("merged", merged, into, by=by)
    return merged


@transaction.atomic
def unmerge(need: KnowledgeNeed, *, by: User) -> KnowledgeNeed:
    """Undo a merging: the need is back where it was, and what it gave the other is taken back."""
    into = KnowledgeNeed.objects.get(pk=need.pk).merged_into
    if into is None:
        raise ValidationError(_("The need is not merged with another."))
    need, into = _locked(need, into)
    if need.merged_into_id != into.pk:
        raise ValidationError(_("The merging has just been changed by somebody else. Look at the need again."))
    if into.state == NeedState.MERGED:
        raise ValidationError(_("“%(title)s” has itself been merged since. Undo that first.") % {"title": into})
    entry = audit.history(need).filter(verb="need.merge").first()
    before = entry.data["before"] if entry else NeedState.IN_ASSESSMENT
    own = take(NEED, f"unmerge_to_{before}", need, by=by, merged_into=None)
    Endorsement.objects.filter(need=into, merged_from=own).delete()
    for other in into.merged_needs.order_by("pk"):  # those whose endorsers it had already given
        _unite(other, into, by=by)
    audit.record("need.give_back", into, by=by, other=own.pk, title=str(own), place=str(own.municipality))
    _notify_both("unmerged", own, into, by=by)
    return own


def _notify_both(template: str, merged: KnowledgeNeed, into: KnowledgeNeed, *, by: User) -> None:
    """Tell the owners of both and those who endorse the first, each person once."""
    notified = notify_owners(template, merged, but={by.pk}, original=merged, into=into)
    notified |= notify_owners(template, into, but=notified, original=merged, into=into)
    notify_endorsers(template, merged, but=notified, original=merged, into=into)


def _locked(need: KnowledgeNeed, other: KnowledgeNeed) -> tuple[KnowledgeNeed, KnowledgeNeed]:
    rows = KnowledgeNeed.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=[need.pk, other.pk])
    found = {row.pk: row for row in rows}
    return found[need.pk], found[other.pk]


def _unite(merged: KnowledgeNeed, into: KnowledgeNeed, *, by: User) -> None:
    """Let the merged need's municipality and endorsers endorse ``into``, each once, except its own."""
    comments = {row.municipality_id: row.comment for row in merged.endorsements.all()}
    comments[merged.municipality_id] = ""
    comments.pop(into.municipality_id, None)
    Endorsement.objects.bulk_create(
        [
            Endorsement(need=into, municipality_id=pk, comment=comment, merged_from=merged, created_by=by)
            for pk, comment in comments.items()
        ],
        ignore_conflicts=True,
    )
