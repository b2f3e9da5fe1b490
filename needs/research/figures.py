"""What the register of projects counts per region and year, for the regional report's goals 1, 2 and 5 (R2).

A project counts in every year its period has a day in, and in every region it touches: the region that answers for
it, those of its municipalities, and those its clusters are led from. Planned projects do not count. A project in two
regions counts in both, so the regions' figures do not add up to the network's: ask with ``region=None`` for that.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from needs.research.models import Participation, ResearchProject, ResearchQuestion
from regions.models import Municipality, Size


@dataclass(frozen=True)
class ResearchFigures:
    """Numbers of one year. ``funding`` is whole kroner, the whole amount of each project, not a year's share."""

    projects: int
    led_by_municipalities: int
    municipalities: int
    small_municipalities: int
    combined_positions: int
    public_sector_phds: int
    master_theses: int
    funding: int
    questions: int


def projects_in(year: int, region: Any = None) -> QuerySet:
    """The projects behind the year's figures, in a region or in the whole network."""
    rows = ResearchProject.objects.counted().in_year(year)
    return rows.in_region(region) if region else rows


def participations_in(year: int, region: Any = None) -> QuerySet:
    """The municipalities' parts behind the figures; in a region only those of its own municipalities."""
    rows = Participation.objects.filter(project__in=projects_in(year, region).values("pk"))
    return rows.filter(municipality__county__region=region) if region else rows


def questions_in(year: int, region: Any = None) -> QuerySet:
    """The researchable questions first opened to partners in the year."""
    rows = ResearchQuestion.objects.public().filter(opened_at__year=year)
    return rows.filter(region=region) if region else rows


def research_figures(year: int, region: Any = None) -> ResearchFigures:
    """The year's figures for a region, or for the whole network. Five queries, however many projects."""
    sums = projects_in(year, region).aggregate(
        projects=Count("pk"),
        combined_positions=Sum("combined_positions", default=0),
        public_sector_phds=Sum("public_sector_phds", default=0),
        master_theses=Sum("master_theses", default=0),
        funding=Sum("funding_amount", default=0),
    )
    parts = participations_in(year, region)
    led = parts.filter(part=Participation.Part.LEADS)
    small = parts.filter(municipality__in=Municipality.objects.of_size(Size.SMALL).values("pk"))
    return ResearchFigures(
        led_by_municipalities=led.aggregate(n=Count("project", distinct=True))["n"],
        municipalities=parts.aggregate(n=Count("municipality", distinct=True))["n"],
        small_municipalities=small.aggregate(n=Count("municipality", distinct=True))["n"],
        questions=questions_in(year, region).count(),
        **sums,
    )
