"""Why an award is what it is, as data, and its sentence in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext


def gettext_noop(message: str) -> str:
    """Mark the message for extraction; Django's own wants its settings at import, and this package has none."""
    return message


#: Sentences by code. Amounts and scores are filled in formatted, ids as names when the caller has them.
SENTENCES: dict[str, str] = {
    "full": gettext_noop("Gets all it asked for."),
    "rounded": gettext_noop("Gets all it asked for in whole steps of %(step)s, %(amount)s of %(asked)s."),
    "capped": gettext_noop(
        "Gets %(amount)s of the %(asked)s asked because no municipality gets more than %(cap)s in all. "
        "A higher cap would have given more: %(municipalities)s."
    ),
    "pot": gettext_noop(
        "Gets %(amount)s of the %(asked)s asked because the rest of the pot does more good in other applications. "
        "A higher score or a larger pot would have given more."
    ),
    "region": gettext_noop(
        "Funded as the only application of its region, ahead of applications with a higher score; "
        "gets %(amount)s of the %(asked)s asked."
    ),
    "nothing_asked": gettext_noop("Not funded: no municipality asks for as much as one step, %(step)s."),
    "least_above_cap": gettext_noop(
        "Not funded: with at most %(cap)s per municipality it cannot get more than %(room)s, "
        "and it needs at least %(least)s. A lower least amount, more municipalities or a higher cap would have helped."
    ),
    "least_above_pot": gettext_noop("Not funded: it needs at least %(least)s and the whole pot is %(pot)s."),
    "cap_used": gettext_noop(
        "Not funded: its municipalities get so much from other applications that at most %(room)s is left for it "
        "under the cap of %(cap)s, and it needs at least %(least)s: %(municipalities)s."
    ),
    "pot_used": gettext_noop(
        "Not funded: the pot goes to applications that rank before it; "
        "%(left)s is left and it needs at least %(least)s. A higher score or a larger pot would have helped."
    ),
    "pot_used_better": gettext_noop(
        "Not funded: %(left)s is left and it needs at least %(least)s. Applications with a lower score are funded "
        "because they bring in a region or use the money better together with the others: %(applications)s."
    ),
    "passed": gettext_noop(
        "Not funded: at its place in the ranking at most %(room)s could be given, and it needs at least %(least)s."
    ),
    "not_chosen": gettext_noop(
        "Not funded: the search met its limit before it found a better use of the money that includes it."
    ),
    "needs_score": gettext_noop("With the score %(score)s instead of %(now)s it would have got %(amount)s."),
    "needs_pot": gettext_noop("With a pot of %(pot)s, %(more)s more, it would have got %(amount)s."),
    "nothing_more": gettext_noop("It got all it asked for; nothing would have given it more."),
    "no_score_helps": gettext_noop("No score up to %(score)s would have given it more."),
    "no_pot_helps": gettext_noop("A larger pot alone would not have given it more."),
}

_AMOUNTS = frozenset({"step", "amount", "asked", "cap", "room", "least", "pot", "left", "more"})


@dataclass(frozen=True)
class Reason:
    """A code of ``SENTENCES`` and the values of its sentence: amounts in kroner, scores as decimals, lists of ids."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


def english(reason: Reason) -> str:
    """The sentence in English with plain numbers, the same whatever language is in force."""
    return SENTENCES[reason.code] % _filled(reason, str, {})


def sentence(reason: Reason, names: Mapping[str, str] | None = None) -> str:
    """The sentence in the language in force; ``names`` gives names for ids of municipalities and applications."""
    return gettext(SENTENCES[reason.code]) % _filled(reason, _localised, names or {})


def _filled(reason: Reason, number: Callable[[Any], str], names: Mapping[str, str]) -> dict[str, str]:
    return {name: _shown(name, value, number, names) for name, value in reason.params.items()}


# Any: the parameters of a reason are amounts, scores and ids, by its code
def _shown(name: str, value: Any, number: Callable[[Any], str], names: Mapping[str, str]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(names.get(one, one) for one in value)
    return f"{number(value)} kr" if name in _AMOUNTS else number(value)


def _localised(value: int | Decimal) -> str:
    return number_format(value, force_grouping=True)
