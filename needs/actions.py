"""What a reader may do with a need, and which of it one most likely came to do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ksf.actor import Actor
from ksf.web.actions import Action, Look
from needs.lifecycle import ACTIONS, NEED, NeedState
from needs.models import Endorsement, KnowledgeNeed
from needs.permissions import may_handle_needs
from needs.services.endorsing import municipalities_to_endorse

LIKELY = ("submit", "endorse", "take_up", "assess", "put_to_use")
"""The first of these that may be done is the page's main button."""

LISTED = (
    "take_up", "prioritise", "formulate", "start_research", "give_answer", "put_to_use", "close", "reopen",
    "return", "discard", "withdraw", "assess", "relate", "hide",
)  # fmt: skip
"""What is listed under "What you can do", in this order."""

PAGES = {
    "submit": "need_write",
    "write": "need_write",
    "endorse": "need_endorse",
    "confirm": "need_confirm",
    "assess": "need_assess",
    "relate": "need_relate",
    "discard": "need_discard",
    "hide": "need_hide",
}
"""The address of what has its own; every other step is taken on ``need_step``."""

AT_ONCE = {"take_up", "confirm", "hide"}
"""What needs no more words than the button has."""


@dataclass(frozen=True)
class NeedActions:
    """What one may do, by where it stands on the page of the need."""

    main: Action | None
    others: Sequence[Action]
    answer: Action | None
    confirm: Action | None
    decline: Action | None
    unmerge: Action | None


def actions_for(user: Actor, need: KnowledgeNeed) -> NeedActions:
    labels = {step.name: step.label for life in (NEED, ACTIONS) for step in life.steps_for(user, need)}
    if "endorse" in labels and not municipalities_to_endorse(need, user):
        del labels["endorse"]
    if need.was_sent:
        labels.pop("discard", None)
    actions = {name: _action(name, need, labels) for name in labels}
    main = next((name for name in LIKELY if name in actions and not _is_done(name, need)), "")
    return NeedActions(
        main=actions.get(main),
        others=[actions[name] for name in LISTED if name in actions and name != main],
        answer=actions.get("write"),
        confirm=actions.get("confirm"),
        decline=actions.get("decline"),
        unmerge=_unmerge(need) if any(name.startswith("unmerge_to_") for name in labels) else None,
    )


def actions_on_list(user: Actor, *, may_write: bool) -> list[Action]:
    """Where needs come in, and where they are handled."""
    if not may_write:
        return []
    found = [
        Action(_("Submit a need"), reverse("need_new")),
        Action(_("Import a file"), reverse("need_import"), look="link"),
    ]
    if may_handle_needs(user):
        found.append(Action(_("Work queue"), reverse("need_queue"), look="link"))
    return found


def actions_in_queue(need: KnowledgeNeed, *, is_first: bool) -> list[Action]:
    """What a coordinator does with a need that has come in; back to the queue after it."""
    queue = {"fra": "queue"}
    take_up, ask = (reverse("need_step", args=[need.pk, step], query=queue) for step in ("take_up", "return"))
    look: Look = "primary" if is_first else "secondary"
    return [
        Action(_("Take into assessment"), take_up, is_post=True, look=look, about=need),
        Action(_("Ask"), ask, look="link", about=need),
        Action(_("Relate or merge"), reverse("need_relate", args=[need.pk]), look="link", about=need),
    ]


def actions_on_pair(need: KnowledgeNeed, other: KnowledgeNeed) -> list[Action]:
    """Two that look alike are one, or they are not."""
    pair = {"other": other.pk}
    merge = reverse("need_merge", args=[need.pk], query={"fra": "queue"})
    settle = reverse("need_settle", args=[need.pk])
    return [
        Action(_("Merge this into the other"), merge, is_post=True, fields=pair, look="secondary", about=need),
        Action(_("They are not the same"), settle, is_post=True, fields=pair, look="tertiary", about=need),
    ]


def take_back(need: KnowledgeNeed, other: KnowledgeNeed) -> Action | None:
    """Two that are related are no longer so, unless one of them is merged into the other."""
    if other.state == NeedState.MERGED:
        return None
    url = reverse("need_unrelate", args=[need.pk])
    return Action(_("Take back"), url, is_post=True, fields={"other": other.pk}, look="tertiary", about=other)


def merge_into(need: KnowledgeNeed, other: KnowledgeNeed) -> Action:
    url = reverse("need_merge", args=[need.pk])
    return Action(_("Merge into this"), url, is_post=True, fields={"other": other.pk}, look="secondary", about=other)


def endorse_instead(user: Actor, need: KnowledgeNeed) -> Action | None:
    """For one who writes a need that another municipality has written already."""
    if not ACTIONS.allows("endorse", need, by=user):
        return None
    url = reverse("need_endorse", args=[need.pk])
    return Action(ACTIONS.steps["endorse"].label, url, look="secondary", about=need)


def withdrawals(need: KnowledgeNeed, endorsements: Iterable[Endorsement]) -> list[Action]:
    """A button for each endorsement that may be taken back."""
    url = reverse("need_endorse_withdraw", args=[need.pk])
    label = _("Take back the endorsement of %(municipality)s")
    return [
        Action(label % {"municipality": one.municipality}, url, is_post=True, fields={"endorsement": one.pk})
        for one in endorsements
    ]


def _is_done(name: str, need: KnowledgeNeed) -> bool:
    """Whether it may be done again, but is hardly what one came for."""
    return name == "assess" and bool(need.assessment)


def _action(name: str, need: KnowledgeNeed, labels: Mapping[str, str | Promise]) -> Action:
    page = PAGES.get(name)
    url = reverse(page, args=[need.pk]) if page else reverse("need_step", args=[need.pk, name])
    match name:
        case "submit":
            return Action(_("Go on writing"), url)
        case "write":
            return Action(_("Answer the question"), url)
        case "relate" if "merge" in labels:
            return Action(_("Relate to or merge with another need"), url)
        case "hide":
            label = _("Show to the public") if need.is_hidden else _("Hide from the public")
            return Action(label, url, is_post=True, fields={"hidden": 0 if need.is_hidden else 1})
    return Action(labels[name], url, is_post=name in AT_ONCE)


def _unmerge(need: KnowledgeNeed) -> Action:
    return Action(_("Undo the merging"), reverse("need_unmerge", args=[need.pk]), is_post=True)
