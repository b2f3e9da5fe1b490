"""The register of research participation (N9)."""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from clusters.models import Cluster
from ksf.actor import Actor
from ksf.addresses import address_of
from ksf.periods import DateRange, has_days
from needs.models import KnowledgeNeed
from needs.research.lifecycle import (
    PUBLIC_PROJECTS,
    ProjectState,
)
from needs.research.models.questions import ResearchQuestion
from regions.models import Municipality, Partner, Region


class ResearchProjectQuerySet(models.QuerySet):
    def visible_to(self, user: Actor) -> Self:
        """What is under way or over is open to all; what is planned is for those who take part and their area (X1)."""
        public = Q(state__in=PUBLIC_PROJECTS)
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_national:
            return self
        projects = ResearchProject.objects.filter(
            Q(region__in=user.region_ids())
            | Q(clusters__in=user.cluster_ids())
            | Q(partners__in=user.partner_ids())
            | Q(participations__municipality__in=user.municipality_ids())
        )
        return self.filter(public | Q(pk__in=projects.values("pk")))

    def narrowed(
        self,
        *,
        region: Region | None = None,
        partner: Partner | None = None,
        state: str = "",
        year: int | None = None,
        **_more: Any,
    ) -> Self:
        """Only those of a region, partner, state or year; what is not given narrows nothing."""
        found = self
        if region:
            found = found.in_region(region)
        if partner:
            found = found.filter(
                pk__in=ResearchProject.partners.through.objects.filter(partner=partner).values("researchproject")
            )
        if state:
            found = found.filter(state=state)
        if year:
            found = found.in_year(year)
        return found

    def in_region(self, region: Region) -> Self:
        """Those the region answers for, or in which one of its municipalities or clusters takes part."""
        places = Participation.objects.filter(municipality__county__region=region).values("project")
        clusters = ResearchProject.clusters.through.objects.filter(cluster__lead_region=region)
        return self.filter(Q(region=region) | Q(pk__in=places) | Q(pk__in=clusters.values("researchproject")))

    def in_year(self, year: int) -> Self:
        """Those whose period has a day in ``year``."""
        return self.filter(period__overlap=DateRange(date(year, 1, 1), date(year + 1, 1, 1), "[)"))

    def counted(self) -> Self:
        """Those that count as research: begun, whether they go on, are over or were stopped."""
        return self.filter(state__in=PUBLIC_PROJECTS)

    def with_people(self) -> Self:
        return self.select_related("region").prefetch_related("partners", "clusters", "participations__municipality")

    def for_rows(self) -> Self:
        """With what a row of a list says: region, ``partner_names`` and ``municipality_count``, in the same query."""
        partners = ResearchProject.partners.through.objects.filter(researchproject=OuterRef("pk"))
        names = partners.order_by("partner__sort_key").values_list("partner__name")
        places = Participation.objects.filter(project=OuterRef("pk")).order_by().values("project")
        count = places.annotate(count=Count("pk")).values("count")
        return self.select_related("region").annotate(
            partner_names=ArraySubquery(names), municipality_count=Coalesce(Subquery(count), 0)
        )


class ResearchProject(models.Model):
    """A project in which municipalities take part in research (N9). No personal data: who to ask is the coordinator."""

    partner_names: list[str]  # these two by for_rows
    municipality_count: int

    TONES = {ProjectState.PLANNED: "info", ProjectState.UNDER_WAY: "info", ProjectState.COMPLETED: "success"}

    title = models.CharField(_("Title"), max_length=300)
    summary = models.TextField(_("What it is about"), blank=True, max_length=4_000)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="research_projects", verbose_name=_("Region")
    )
    partners = models.ManyToManyField(Partner, related_name="research_projects", verbose_name=_("Knowledge partners"))
    clusters = models.ManyToManyField(Cluster, blank=True, related_name="research_projects", verbose_name=_("Clusters"))
    needs = models.ManyToManyField(
        KnowledgeNeed, blank=True, related_name="research_projects", verbose_name=_("Needs it answers")
    )
    questions = models.ManyToManyField(
        ResearchQuestion, blank=True, related_name="projects", verbose_name=_("Researchable questions")
    )
    period = DateRangeField()
    funding_source = models.CharField(_("Who pays for it"), max_length=200, blank=True)
    funding_amount = models.PositiveBigIntegerField(_("Amount, kroner"), null=True, blank=True)
    combined_positions = models.PositiveSmallIntegerField(_("Combined positions"), default=0)
    public_sector_phds = models.PositiveSmallIntegerField(_("Public-sector PhDs"), default=0)
    master_theses = models.PositiveSmallIntegerField(_("Master's theses"), default=0)
    state = models.CharField(max_length=20, choices=ProjectState, default=ProjectState.PLANNED, editable=False)
    stop_reason = models.TextField(_("Why it was stopped"), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = ResearchProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-period", "-pk"]
        constraints = [
            has_days("research_project_has_days"),
            models.CheckConstraint(name="research_project_state_known", condition=Q(state__in=ProjectState.values)),
            models.CheckConstraint(
                name="research_project_stopped_has_reason",
                condition=~Q(state=ProjectState.STOPPED) | ~Q(stop_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("project", self.pk)

    @property
    def starts_on(self) -> date:
        return self.period.lower

    @property
    def last_day(self) -> date | None:
        """None while no end is set."""
        return self.period.upper - timedelta(days=1) if self.period.upper else None

    @cached_property
    def own_cluster_ids(self) -> frozenset[int]:
        return frozenset(cluster.pk for cluster in self.clusters.all())


class Participation(models.Model):
    """A municipality in a project, and its role there (N9)."""

    class Part(models.TextChoices):
        LEADS = "leads", _p("role in a project", "Leads the project")
        TAKES_PART = "takes_part", _p("role in a project", "Takes part in the research")
        DATA = "data", _p("role in a project", "Gives data")
        RECRUITMENT = "recruitment", _p("role in a project", "Recruits participants")

    project = models.ForeignKey(ResearchProject, models.CASCADE, related_name="participations")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="participations", verbose_name=_("Municipality")
    )
    part = models.CharField(_("Role in the project"), max_length=20, choices=Part, default=Part.TAKES_PART)

    class Meta:
        ordering = ["municipality__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(name="participation_once", fields=["project", "municipality"]),
            models.CheckConstraint(
                name="participation_part_known",
                condition=Q(part__in=["leads", "takes_part", "data", "recruitment"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.get_part_display()}"
