"""Figures about seed grants: applied for and awarded in the year, by the cluster's lead region (G3-G10)."""

from django.utils.translation import gettext_lazy as _

from ksf.web.numbers import kroner
from regions.models import Region
from reporting.figures.facts import Facts
from reporting.figures.registry import Record, Result, figure
from reporting.models.indicators import Unit
from reporting.models.sections import SectionCode

FRAMEWORK = SectionCode.FRAMEWORK


@figure("seed_applications", FRAMEWORK, _("Applications for seed grants"))
def seed_applications(facts: Facts, region: Region | None) -> Result:
    found = [row for row in facts.applications if region and row.cluster.lead_region_id == region.pk]
    return Result(len(found), None, [Record(str(row), row.cluster.name, row.get_absolute_url()) for row in found])


@figure("seed_awards", FRAMEWORK, _("Seed grants awarded"))
def seed_awards(facts: Facts, region: Region | None) -> Result:
    records = _awards(facts, region)
    return Result(len(records), None, [record for record, _amount in records])


@figure("seed_amount", FRAMEWORK, _("Seed grants awarded, kroner"), Unit.KRONER)
def seed_amount(facts: Facts, region: Region | None) -> Result:
    records = _awards(facts, region)
    return Result(sum(amount for _record, amount in records), None, [record for record, _amount in records])


def _awards(facts: Facts, region: Region | None) -> list[tuple[Record, int]]:
    return [
        (Record(str(row.application), kroner(row.amount), row.application.get_absolute_url()), row.amount)
        for row in facts.awards
        if region and row.application.cluster.lead_region_id == region.pk
    ]
