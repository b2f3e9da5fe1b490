"""The minutes of a round as a sealed PDF."""

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ksf.accounts.models import User
from ksf.actor import Actor
from ksf.documents import blocks as b
from ksf.documents import registry
from ksf.documents.models import Document
from ksf.documents.services import fingerprint, seal
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Round
from needs.rounds.reading.tables import ResultRow, SizeGroup, is_up, other_method, rows, size_groups
from needs.rounds.rules.result import Rank

KIND = "needs.round_minutes"
TEMPLATE = "documents/need.html"


def may_open(user: Actor, subject_pk: int) -> bool:  # noqa: ARG001 - open to all
    """The minutes of a published round are open to all."""
    return Round.objects.filter(pk=subject_pk, state=RoundState.PUBLISHED).exists()


registry.register(KIND, may_open, prefix="RUNDE")


def seal_minutes(round_: Round, *, by: User) -> Document:
    """The published round's minutes as a numbered PDF, in bokmål or the cluster's language."""
    language = round_.cluster.language if round_.cluster else "nb"
    with translation.override(language):
        context, title = minutes_context(round_), _("Minutes: %(round)s") % {"round": round_.title}
    return seal(kind=KIND, subject=round_, title=title, template=TEMPLATE, context=context, language=language, by=by)


def minutes_context(round_: Round) -> dict[str, Any]:
    """What ``documents/need.html`` needs for the minutes. Set the language before calling."""
    found, groups, result = rows(round_), size_groups(round_), round_.result or {}
    lead = _("%(cast)d of %(eligible)d municipalities cast a ballot. Every ballot weighs the same.") % result
    return {
        "heading": round_.title,
        "sender": _("Minutes of a priority round"),
        "facts": [
            (_("Level"), round_.scope_name),
            (_("Period"), f"{_moment(round_.opens_at)} – {_moment(round_.closes_at)}"),
            (_("Method"), round_.get_method_display()),
            (_("Published"), _moment(round_.published_at)),
        ],
        "lead": lead,
        "notice": _("Example. The ballots are made up.") if round_.is_example else "",
        "sections": [
            b.Section(_("Criteria"), [b.Paragraph(text) for text in round_.criteria.split("\n") if text.strip()]),
            b.Section(_("Order"), [_order_table(round_, found)], long=True),
            b.Section(_("The chair's changes"), _changes(round_)),
            b.Section(_("Both methods"), [_method_table(found), b.Paragraph(_other_method(round_, found))], long=True),
            b.Section(_("By size"), [_size_table(found, groups)], long=True),
        ],
        "checksum": fingerprint(result),
    }


def _order_table(round_: Round, found: list[ResultRow]) -> b.Table:
    columns = [
        b.Column(_("Place"), nowrap=True),
        b.Column(_("Need")),
        b.Column(_("Municipality")),
        b.Column(_("Points"), number=True),
        b.Column(_("Prioritised")),
    ]
    lines = [
        [
            rank_label(row.place), str(row.candidate), str(row.candidate.need.municipality), _points(row.points),
            _("Yes") if is_up(round_, row) else _("No"),
        ]
        for row in found
    ]  # fmt: skip
    return b.Table(_("The order, and what is prioritised"), columns, lines, header=1)


def _changes(round_: Round) -> list[object]:
    said = [
        _("%(need)s: from place %(before)d to place %(after)d. %(reason)s")
        % {"need": row.candidate, "before": row.from_rank, "after": row.to_rank, "reason": row.reason}
        for row in round_.changes.select_related("candidate__need")
    ]
    return [b.Bullets(said)] if said else [b.Paragraph(_("The chair has not changed the order."), "soft")]


def _method_table(found: list[ResultRow]) -> b.Table:
    columns = [b.Column(_("Need")), b.Column(_("By points"), nowrap=True), b.Column(_("By pairs"), nowrap=True)]
    lines = [[str(row.candidate), rank_label(row.by_points), rank_label(row.by_pairs)] for row in found]
    return b.Table(_("Place by each method, before the chair's changes"), columns, lines)


def _other_method(round_: Round, found: list[ResultRow]) -> str:
    other = other_method(round_, found)
    if other is None:
        return _("No need is prioritised.")
    if not (other.instead or other.left_out):
        return _("Both methods prioritise the same needs.")
    said = [_("“%(need)s” would have been prioritised.") % {"need": one} for one in other.instead]
    said += [_("“%(need)s” would not have been prioritised.") % {"need": one} for one in other.left_out]
    return " ".join([f"{other.label}:", *said])


def _size_table(found: list[ResultRow], groups: list[SizeGroup]) -> b.Table:
    columns = [b.Column(_("Need")), *(b.Column(str(group.label), nowrap=True) for group in groups)]
    lines = [[str(row.candidate), *(rank_label(place) if place else "–" for place in row.by_size)] for row in found]
    voted: list[object] = [_("Ballots"), *(f"{group.cast} / {group.eligible}" for group in groups)]
    return b.Table(_("Place when only the municipalities of one size are counted"), columns, lines, total=voted)


def rank_label(place: Rank) -> str:
    """A rank as it is read: the number, and that it is shared."""
    return _("%(rank)d (shared)") % {"rank": place.rank} if place.is_shared else str(place.rank)


def _points(points: float) -> str:
    return number_format(points, decimal_pos=0 if points == int(points) else 1)


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "j. F Y H.i") if at else ""
