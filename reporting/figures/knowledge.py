"""Figures about knowledge needs: those submitted in the year, who took part, and how many are shared (N1-N4)."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from needs.lifecycle import State
from needs.models import KnowledgeNeed
from regions.models import Region
from reporting.figures.facts import Facts, Place
from reporting.figures.registry import Record, Result, figure, share
from reporting.models.indicators import Unit
from reporting.sections import SectionCode

NEEDS = SectionCode.NEEDS
SHARED_FROM = 2  # endorsements by other municipalities


@figure("needs_submitted", NEEDS, _("Knowledge needs submitted"), indicator="1.1")
def needs_submitted(facts: Facts, region: Region | None) -> Result:
    needs = facts.needs_in(region)
    return Result(len(needs), None, [_need(need, facts) for need in needs])


@figure(
    "municipalities_with_need",
    NEEDS,
    _("Municipalities that submitted or endorsed a need"),
    Unit.PERCENT,
    indicator="1.2",
)
def municipalities_with_need(facts: Facts, region: Region | None) -> Result:
    return share((_place(place, facts), place) for place in facts.places_in(region))


@figure("needs_shared", NEEDS, _("Needs joined with others or endorsed by two or more"), Unit.PERCENT, indicator="1.3")
def needs_shared(facts: Facts, region: Region | None) -> Result:
    handled = [need for need in facts.needs_in(region) if need.state != State.SUBMITTED]
    return share((_need(need, facts, counts=_is_shared(need, facts)), need) for need in handled)


def _is_shared(need: KnowledgeNeed, facts: Facts) -> bool:
    return need.merged_into_id is not None or facts.endorsements.get(need.pk, 0) >= SHARED_FROM


def _place(place: Place, facts: Facts) -> Record:
    where = place.municipality
    return Record(where.name, "", where.get_absolute_url(), where.pk in facts.active, place.size.value)


def _need(need: KnowledgeNeed, facts: Facts, *, counts: bool = True) -> Record:
    endorsed = facts.endorsements.get(need.pk, 0)
    words = ngettext("%(count)d endorsement", "%(count)d endorsements", endorsed) % {"count": endorsed}
    detail = _now("%(municipality)s, %(endorsements)s") % {
        "municipality": need.municipality.name,
        "endorsements": words,
    }
    place = facts.places.get(need.municipality_id)
    return Record(need.title, detail, need.get_absolute_url(), counts, place.size.value if place else "")
