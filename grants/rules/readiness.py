"""What keeps a call from being published, and what must be looked at first, as the reader is shown it (G3)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, ExpressionWrapper, F, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from grants.lifecycle import CallState
from grants.models import Award, Call, CallTextKind, Pot
from grants.rules.dates import out_of_order
from ksf.web.numbers import kroner

WHOLE = 100
YEAR = re.compile(r"\b20\d\d\b")
NEEDED_TEXTS = (CallTextKind.PURPOSE, CallTextKind.WHO_MAY_APPLY, CallTextKind.REPORTING, CallTextKind.CONTROL)


@dataclass(frozen=True)
class Fault:
    """Something to fix before publishing, and the part of the editor where it is fixed.

    A doubt need not be wrong: who publishes says that they have looked at it.
    """

    text: str
    part: str
    is_doubt: bool = False


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
    """All that must be fixed or looked at before the call can be published at ``moment``; empty when it is ready."""
    found = [*_dates(call, moment), *_money(call), *_criteria(call), *_form(call), *_texts(call), *_nynorsk(call)]
    return [*(Fault(text, part) for text, part in found), *_doubts(call)]


def _dates(call: Call, moment: datetime) -> list[tuple[str, str]]:
    over = [_("The deadline is over already.")] if call.deadline_at <= moment else []
    return [(str(text), "main") for text in (*over, *out_of_order(vars(call)).values())]


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
    early = [str(row.label) for row in call.required_deliverables.all() if row.due_on and row.due_on < call.period_from]
    if early:
        sentence = _("Due before the grant can be used: %(deliverables)s.") % {"deliverables": "; ".join(early)}
        found.append((sentence, "deliverables"))
    return found


def _texts(call: Call) -> list[tuple[str, str]]:
    written = {text.kind for text in call.texts.all()}
    missing = [kind.label for kind in NEEDED_TEXTS if kind not in written]
    if missing:
        return [(_("Texts are missing: %(texts)s.") % {"texts": ", ".join(map(str, missing))}, "texts")]
    return []


def _parts_in_words(call: Call) -> Iterator[tuple[str, Iterable[Model]]]:
    """The rows of each part of the editor that say something to the reader."""
    yield "main", [call]
    yield "texts", call.texts.all()
    yield "questions", call.questions.all()
    yield "costs", call.cost_categories.all()
    yield "attachments", call.required_attachments.all()
    yield "deliverables", call.required_deliverables.all()
    yield "instalments", call.planned_instalments.all()


def _texts_in_both_forms(row: Model) -> Iterator[tuple[str, str]]:
    """What the row says in bokmål and in nynorsk, where it says anything."""
    for field in row._meta.get_fields():  # noqa: SLF001  # noqa: SLF001
        if field.name.endswith("_nb") and (text := getattr(row, field.name)):
            yield text, getattr(row, field.name.removesuffix("_nb") + "_nn")


def _nynorsk(call: Call) -> list[tuple[str, str]]:
    """A municipality is written to in its own form of Norwegian (the Language Act, section 16)."""
    found = []
    for part, rows in _parts_in_words(call):
        lacking = [str(row) for row in rows if not all(nn for _nb, nn in _texts_in_both_forms(row))]
        if lacking:
            found.append((_("Nynorsk is missing: %(rows)s.") % {"rows": "; ".join(lacking)}, part))
    return found


def _doubts(call: Call) -> Iterator[Fault]:
    """Years in the texts that an earlier call may have left there, and a period far from the call's year."""
    for part, rows in _parts_in_words(call):
        years = {year for row in rows for text in _texts_in_both_forms(row) for year in YEAR.findall(" ".join(text))}
        if earlier := sorted(year for year in years if int(year) < call.year):
            sentence = _("The text mentions %(years)s, and this call is of %(year)d. Is it left from an earlier call?")
            yield Fault(sentence % {"years": ", ".join(earlier), "year": call.year}, part, is_doubt=True)
    basis = YEAR.findall(f"{call.scheme.legal_basis_nb} {call.scheme.legal_basis_nn}")
    if basis and str(call.year) not in basis:
        sentence = _("The legal basis of the scheme mentions %(years)s, and not %(year)d. Is there a newer one?")
        yield Fault(sentence % {"years": ", ".join(sorted(set(basis))), "year": call.year}, "main", is_doubt=True)
    if call.period_to.year < call.year or call.period_from.year > call.year + 1:
        sentence = _("The grant period is %(from)d to %(to)d, and the money is of %(year)d.")
        years_of = {"from": call.period_from.year, "to": call.period_to.year, "year": call.year}
        yield Fault(sentence % years_of, "main", is_doubt=True)
