"""What the log's verbs about needs are called in a need's story (N12)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Wording:
    """What a verb is called on screen, and which part of the entry is quoted after it."""

    text: str | Promise
    quote: str = ""
    is_quoted_to_all: bool = True


STORY: dict[str, Wording] = {
    "need.submit": Wording(_("Sent in")),
    "need.import": Wording(_("Sent in with a file of needs")),
    "need.withdraw": Wording(_("Taken back to a draft")),
    "need.confirm": Wording(_("The municipality confirmed that the need is its own")),
    "need.decline": Wording(_("The municipality said that the need is not its own")),
    "need.take_up": Wording(_("Taken into assessment")),
    "need.return": Wording(_("Returned with a question"), "note", is_quoted_to_all=False),
    "need.answer": Wording(_("The municipality answered the question"), "note", is_quoted_to_all=False),
    "need.prioritise": Wording(_("Prioritised"), "note"),
    "need.ranked": Wording(_("Place %(rank)s in the priority round “%(title)s”")),
    "need.succeeded": Wording(_("The need goes on as that of %(after)s, which %(before)s is part of now")),
    "need.lift": Wording(_("Lifted to the level: %(level)s")),
    "need.formulate": Wording(_("Made into a researchable question"), "note"),
    "need.start_research": Wording(_("Research has started"), "note"),
    "need.give_answer": Wording(_("Answered"), "outcome_note"),
    "need.put_to_use": Wording(_("The answer is in use"), "note"),
    "need.close": Wording(_("Closed"), "close_reason"),
    "need.reopen": Wording(_("Opened again"), "note", is_quoted_to_all=False),
    "need.assess": Wording(_("What is known was assessed: %(outcome)s")),
    "need.endorse": Wording(_("%(name)s has the same need"), "comment"),
    "need.withdraw_endorsement": Wording(_("%(name)s took its endorsement back")),
    "need.merge": Wording(_("Merged into “%(merged_into)s”. The text is kept")),
    "need.take_in": Wording(_("Merged with “%(title)s” from %(place)s. Both texts are kept")),
    "need.give_back": Wording(_("The merging with “%(title)s” was undone")),
    "need.relate": Wording(_("Seen together with “%(title)s”")),
    "need.unrelate": Wording(_("No longer seen together with “%(title)s”")),
}
"""The verbs that belong to the story; the texts take what the entry's data holds."""

UNMERGED = "need.unmerge_to_"
"""The verb of an undone merging begins so; the state the need came back to follows."""
