"""What keeps a call from being published, as the reader is shown it (G3)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from grants.lifecycle import CallState
from grants.models import Award, Call, CallTextKind, Pot
from ksf.web.numbers import kroner

WHOLE = 100
NEEDED_TEXTS = (CallTextKind.PURPOSE, CallTextKind.WHO_MAY_APPLY, CallTextKind.REPORTING, CallTextKind.CONTROL)


@dataclass(frozen=True)
class Fault:
    """Something to fix before publishing, and the part of the editor where it is fixed."""

    text: str
    part: str


def left_in(pot: Pot, *, but: Call | None = None) -> int:
    """What is left of the pot, in kroner, when the calls announced from it have taken theirs."""
    others = pot.calls.exclude(state=CallState.DRAFT)
    if but is not None and but.pk:
        others = others.exclude(pk=but.pk)
    return pot.amount - (others.aggregate(total=Sum("amount"))["total"] or 0)


def pots_in_use() -> "QuerySet[Pot]":
    """Every pot with what is ``announced`` and ``awarded`` from it and ``left`` to announce, in kroner."""
    announced = _sum_by_pot(Call.objects.exclude(state=CallState.DRAFT))
    left = ExpressionWrapper(F("amount") - announced, output_field=BigIntegerField())
    return Pot.objects.select_related("appropriation").annotate(
        announced=announced, awarded=_sum_by_pot(Award.objects.live()), left=left
    )


def _sum_by_pot(rows: "QuerySet[Call] | QuerySet[Award]") -> Coalesce:
    sums = rows.filter(pot=OuterRef("pk")).order_by().values("pot").annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(sums), 0, output_field=BigIntegerField())


def faults(call: Call, moment: datetime) -> list[Fault]:
    """All that must be fixed before the call can be published at ``moment``; empty when it is ready."""
    found = [*_dates(call, moment), *_money(call), *_criteria(call), *_form(call), *_texts(call)]
    return [Fault(text, part) for text, part in found]


def _dates(call: Call, moment: datetime) -> list[tuple[str, str]]:
    return [(_("The deadline is over already."), "main")] if call.deadline_at <= moment else []


def _money(call: Call) -> list[tuple[str, str]]:
    left = left_in(call.pot, but=call)
    if call.amount > left:
        sentence = _("The pot has %(left)s left, less than the call announces.") % {"left": kroner(max(left, 0))}
        return [(sentence, "main")]
    return []


def _criteria(call: Call) -> list[tuple[str, str]]:
    found = []
    total = sum(criterion.weight for criterion in call.criteria.all())
    if total != WHOLE:
        found.append((_("The criteria's weights sum to %(total)d, not 100.") % {"total": total}, "criteria"))
    if any(row.award_criterion.scheme_id != call.scheme_id for row in call.criteria.all()):
        found.append((_("A criterion is not in the scheme. A call may add none."), "criteria"))
    return found


def _form(call: Call) -> list[tuple[str, str]]:
    found = []
    if not call.questions.all():
        found.append((_("There are no questions to answer."), "questions"))
    if not any(category.is_allowed for category in call.cost_categories.all()):
        found.append((_("There is no kind of cost the grant may be used for."), "costs"))
    total = sum(row.share for row in call.planned_instalments.all())
    if total != WHOLE:
        found.append((_("The instalments sum to %(total)d per cent, not 100.") % {"total": total}, "instalments"))
    return found


def _texts(call: Call) -> list[tuple[str, str]]:
    written = {text.kind for text in call.texts.all()}
    missing = [kind.label for kind in NEEDED_TEXTS if kind not in written]
    if missing:
        return [(_("Texts are missing: %(texts)s.") % {"texts": ", ".join(map(str, missing))}, "texts")]
    return []
