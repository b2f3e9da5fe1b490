"""Figures about knowledge needs: those submitted in the year, who took part, and how many are shared (N1-N4)."""

from dataclasses import replace
from statistics import median

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from needs.lifecycle import NeedState
from needs.models import Endorsement, KnowledgeNeed
from regions.models import Region
from reporting.figures.facts import Facts, MunicipalityOnDay
from reporting.figures.registry import Record, Result, by_size, figure, share
from reporting.models.indicators import Unit
from reporting.models.sections import SectionCode

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
    handled = [need for need in facts.needs_in(region) if need.state != NeedState.SUBMITTED]
    return share((_need(need, facts, counts=_is_shared(need, facts)), need) for need in handled)


@figure("endorsements_given", NEEDS, _("Endorsements given to others' needs"))
def endorsements_given(facts: Facts, region: Region | None) -> Result:
    """By the region's municipalities in the year, whatever the year of the need."""
    wanted = region.pk if region else None
    given = ((row, facts.place_of(row.municipality_id)) for row in facts.given)
    records = [_given(row, place) for row, place in given if place and place.region_id == wanted]
    return Result(len(records), None, records, by_size(records))


@figure("needs_assessed", NEEDS, _("Needs taken into assessment or answered with a question"), Unit.PERCENT)
def needs_assessed(facts: Facts, region: Region | None) -> Result:
    """Of the year's own needs. What nobody has opened yet shows as what does not count."""
    return share((_looked_at(need, facts), need) for need in facts.needs_in(region))


@figure(
    "days_to_assessment", NEEDS, _("Days to the first assessment, median"), Unit.DAYS, indicator="1.6", is_summed=False
)
def days_to_assessment(facts: Facts, region: Region | None) -> Result:
    """Whole days from submitted to first taken up or returned; needs nobody has opened have no days yet."""
    opened = [need for need in facts.needs_in(region) if need.pk in facts.first_looks]
    days = [_days(need, facts) for need in opened]
    records = [_looked_at(need, facts) for need in opened]
    return Result(round(median(days)), None, records) if days else Result(0, 0)


def _given(row: Endorsement, place: MunicipalityOnDay) -> Record:
    return Record(str(row.need), row.municipality.name, row.need.get_absolute_url(), size=place.size.value)


def _days(need: KnowledgeNeed, facts: Facts) -> int:
    assert need.submitted_at is not None  # noqa: S101 - only what is submitted is asked for
    return max((facts.first_looks[need.pk] - need.submitted_at).days, 0)


def _looked_at(need: KnowledgeNeed, facts: Facts) -> Record:
    record = _need(need, facts, counts=need.pk in facts.first_looks)
    if not record.counts:
        return record
    days = _days(need, facts)
    after = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    detail = _now("%(municipality)s, after %(days)s") % {"municipality": need.municipality.name, "days": after}
    return replace(record, detail=detail)


def _is_shared(need: KnowledgeNeed, facts: Facts) -> bool:
    return need.merged_into_id is not None or facts.endorsements.get(need.pk, 0) >= SHARED_FROM


def _place(place: MunicipalityOnDay, facts: Facts) -> Record:
    where = place.municipality
    return Record(where.name, "", where.get_absolute_url(), where.pk in facts.active, place.size.value)


def _need(need: KnowledgeNeed, facts: Facts, *, counts: bool = True) -> Record:
    endorsed = facts.endorsements.get(need.pk, 0)
    detail = _now("%(municipality)s, %(endorsements)s") % {
        "municipality": need.municipality.name,
        "endorsements": ngettext("%(count)d endorsement", "%(count)d endorsements", endorsed) % {"count": endorsed},
    }
    place = facts.place_of(need.municipality_id)
    return Record(need.title, detail, need.get_absolute_url(), counts, place.size.value if place else "")
