"""Figures about research: questions, partners, projects, and the positions and theses in them (N6, N7, N9)."""

from collections.abc import Callable, Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from needs.research.models import Interest, ResearchProject, ResearchQuestion
from regions.models import Region, Size
from reporting.figures.facts import Facts, MunicipalityOnDay
from reporting.figures.registry import Record, Result, figure, share
from reporting.models.indicators import Unit
from reporting.models.sections import SectionCode

RESEARCH, UPTAKE, EDUCATION = SectionCode.RESEARCH, SectionCode.UPTAKE, SectionCode.EDUCATION


@figure("research_questions", RESEARCH, _("Researchable questions opened, with a partner"), indicator="2.1")
def research_questions(facts: Facts, region: Region | None) -> Result:
    found = [row for row in facts.questions if row.region_id == (region.pk if region else None)]
    return Result(len(found), None, [_question(row) for row in found])


@figure("matches", RESEARCH, _("Partners put in touch with municipalities"))
def matches(facts: Facts, region: Region | None) -> Result:
    found = [row for row in facts.matches if row.region_id == (region.pk if region else None)]
    return Result(len(found), None, [_match(row) for row in found])


@figure("research_projects", RESEARCH, _("Research collaborations under way"), indicator="2.2", is_shared=True)
def research_projects(facts: Facts, region: Region | None) -> Result:
    found = facts.projects_in(region)
    return Result(len(found), None, [_project(row) for row in found])


@figure("small_in_research", RESEARCH, _("Small municipalities in research"), Unit.PERCENT, indicator="2.6")
def small_in_research(facts: Facts, region: Region | None) -> Result:
    """The small ones; the medium-sized and large ones stand beside them by size."""
    places = facts.places_in(region)
    small = share((_place(place, facts), place) for place in places if place.size == Size.SMALL)
    every = share((_place(place, facts), place) for place in places)
    return Result(small.count, small.of, small.records, every.sizes)


@figure("combined_positions", UPTAKE, _("Combined positions"), indicator="3.4", is_shared=True)
def combined_positions(facts: Facts, region: Region | None) -> Result:
    return _sum(_on_the_day(facts, region), lambda row: row.combined_positions)


@figure("public_sector_phds", UPTAKE, _("Public-sector PhDs under way"), indicator="3.5", is_shared=True)
def public_sector_phds(facts: Facts, region: Region | None) -> Result:
    return _sum(_on_the_day(facts, region), lambda row: row.public_sector_phds)


@figure("master_theses", EDUCATION, _("Master theses on municipal needs"), indicator="5.1", is_shared=True)
def master_theses(facts: Facts, region: Region | None) -> Result:
    return _sum(facts.projects_in(region), lambda row: row.master_theses)


def _on_the_day(facts: Facts, region: Region | None) -> list[ResearchProject]:
    """The region's projects that go on on the last day of the year."""
    return [row for row in facts.projects_in(region) if facts.day in row.period]


def _sum(projects: Iterable[ResearchProject], number: Callable[[ResearchProject], int]) -> Result:
    """How many there are in all, with each project that has any and how many it has."""
    counted = ((row, number(row)) for row in projects)
    records = [Record(row.title, str(some), row.get_absolute_url(), weight=some) for row, some in counted if some]
    return Result(sum(record.weight for record in records), None, records)


def _project(row: ResearchProject) -> Record:
    return Record(row.title, ", ".join(partner.name for partner in row.partners.all()), row.get_absolute_url())


def _question(row: ResearchQuestion) -> Record:
    opened_on = date_format(row.opened_at) if row.opened_at else ""
    return Record(row.title, opened_on, row.get_absolute_url())


def _match(row: Interest) -> Record:
    return Record(str(row.subject), row.partner.name, row.get_absolute_url())


def _place(place: MunicipalityOnDay, facts: Facts) -> Record:
    projects = facts.in_research.get(place.municipality.pk, [])
    titles = ", ".join(project.title for project in projects)
    where = place.municipality
    return Record(where.name, titles, where.get_absolute_url(), bool(projects), place.size.value)
