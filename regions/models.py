"""Who is where, since when: the register of municipalities, the regions, their hosts, and the partners (S1-S3, S11)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from ksf.addresses import address_of
from ksf.periods import DatedModel, DatedQuerySet, has_days, never_twice
from ksf.sorting import SortedByName
from regions.lifecycle import HandoverState

SMALL_BELOW = 5_000
LARGE_FROM = 20_000


class Size(models.TextChoices):
    """The size groups told apart in every statistic (S12), by number of people."""

    SMALL = "small", _p("municipality size", "Small, under 5,000")
    MEDIUM = "medium", _p("municipality size", "Medium, 5,000 to 19,999")
    LARGE = "large", _p("municipality size", "Large, 20,000 and over")

    @classmethod
    def of(cls, people: int) -> "Size":
        """The group of a municipality with ``people`` inhabitants."""
        if people < SMALL_BELOW:
            return cls.SMALL
        return cls.MEDIUM if people < LARGE_FROM else cls.LARGE


class LanguageForm(models.TextChoices):
    """The written Norwegian a municipality wants from the state."""

    BOKMAL = "nb", _p("language form", "bokmål")
    NYNORSK = "nn", _p("language form", "nynorsk")
    NEUTRAL = "neutral", _p("language form", "neutral")

    @property
    def letter_language(self) -> str:
        """The language code of letters to a municipality with this form."""
        return "nn" if self == self.NYNORSK else "nb"


class NameLanguage(models.TextChoices):
    """The languages of parallel names, by their code in BCP 47 (also the value of ``lang`` on a page)."""

    NORTHERN_SAMI = "se", _p("language of a name", "Northern Sami")
    LULE_SAMI = "smj", _p("language of a name", "Lule Sami")
    SOUTHERN_SAMI = "sma", _p("language of a name", "Southern Sami")
    KVEN = "fkv", _p("language of a name", "Kven")


class Region(models.Model):
    """A KSF region: one or more whole counties, run by a host municipality."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("region", self.slug)


class County(SortedByName):
    """A county of the register. ``region`` is where it belongs today; ``RegionCounty`` keeps the history."""

    number = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=60)
    sort_key = models.CharField(max_length=80, editable=False, default="")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="counties")

    class Meta:
        ordering = ["sort_key", "pk"]
        verbose_name_plural = "counties"


class RegionCounty(DatedModel):
    """A county in a region for a period. A county is in one region at a time."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="county_terms")
    county = models.ForeignKey(County, models.PROTECT, related_name="region_terms")

    class Meta:
        constraints = [has_days("region_county_has_days"), never_twice("region_county_one_region", "county_id")]


class MunicipalityQuerySet(DatedQuerySet):
    def in_region(self, region: Region) -> Self:
        return self.filter(county__region=region)

    def of_size(self, size: Size) -> Self:
        """Municipalities of one size group by their latest population."""
        match size:
            case Size.SMALL:
                return self.filter(population__lt=SMALL_BELOW)
            case Size.MEDIUM:
                return self.filter(population__gte=SMALL_BELOW, population__lt=LARGE_FROM)
            case _:
                return self.filter(population__gte=LARGE_FROM)

    def with_people_on(self, day: date) -> Self:
        """With ``people_on``: how many lived there on 1 January before ``day``, or in the nearest year known."""
        known = Population.objects.filter(municipality=OuterRef("pk")).values("people")
        before, after = known.filter(year__lte=day.year).order_by("-year"), known.order_by("year")
        return self.annotate(people_on=Coalesce(Subquery(before[:1]), Subquery(after[:1]), F("population")))

    def with_place(self) -> Self:
        """With county and region, so that ``region`` costs no query."""
        return self.select_related("county__region")


class Municipality(SortedByName, DatedModel):
    """A municipality of SSB's register, valid for ``period``. A merger or split ends rows and begins others (S11)."""

    number = models.CharField(max_length=4)
    name = models.CharField(_("Name"), max_length=80)
    full_name = models.CharField(max_length=120, help_text="With the Sami or Kven name, as in the register.")
    sort_key = models.CharField(max_length=120, editable=False, default="")
    county = models.ForeignKey(County, models.PROTECT, related_name="municipalities")
    org_number = models.CharField(max_length=9, blank=True)
    language_form = models.CharField(max_length=10, choices=LanguageForm)
    population = models.PositiveIntegerField(help_text="People, latest known 1 January.")
    centrality = models.PositiveSmallIntegerField(null=True, blank=True)
    latitude = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    longitude = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    map_q = models.SmallIntegerField(null=True, blank=True)
    map_r = models.SmallIntegerField(null=True, blank=True)
    is_sami_area = models.BooleanField(default=False)
    people_on: int  # by with_people_on

    objects: ClassVar[Any] = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "number", "pk"]
        verbose_name_plural = "municipalities"
        constraints = [
            has_days("municipality_has_days"),
            models.UniqueConstraint(
                name="municipality_number_once", fields=["number"], condition=Q(period__upper_inf=True)
            ),
            models.UniqueConstraint(
                name="municipality_org_number",
                fields=["org_number"],
                condition=Q(period__upper_inf=True) & ~Q(org_number=""),
            ),
            models.CheckConstraint(name="municipality_number_form", condition=Q(number__regex=r"^[0-9]{4}$")),
            models.CheckConstraint(
                name="municipality_language_form_known", condition=Q(language_form__in=LanguageForm.values)
            ),
        ]

    def get_absolute_url(self) -> str:
        return address_of("municipality", self.number)

    @property
    def size(self) -> Size:
        return Size.of(self.population)

    @property
    def region(self) -> Region | None:
        """The KSF region it belongs to today, None while that is undecided (Oslo)."""
        return self.county.region

    @property
    def region_id(self) -> int | None:
        return self.county.region_id

    @property
    def letter_language(self) -> str:
        return LanguageForm(self.language_form).letter_language


class MunicipalityName(DatedModel):
    """An official parallel name in Sami or Kven, for the period it is in force."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="parallel_names")
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=3, choices=NameLanguage)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            has_days("municipality_name_has_days"),
            models.CheckConstraint(
                name="municipality_name_language_known", condition=Q(language__in=NameLanguage.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """People in a municipality on 1 January of a year (SSB table 07459)."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()

    class Meta:
        ordering = ["year", "pk"]
        constraints = [models.UniqueConstraint(name="population_once_a_year", fields=["municipality", "year"])]

    def __str__(self) -> str:
        return f"{self.municipality} {self.year}: {self.people}"


class MunicipalityChange(models.Model):
    """A merger, split or renumbering in the register: the old unit and one of its successors (S11)."""

    class Kind(models.TextChoices):
        MERGED = "merged", _p("register change", "Merged")
        SPLIT = "split", _p("register change", "Split")
        RENUMBERED = "renumbered", _p("register change", "New number")

    old_number = models.CharField(max_length=4)
    old_name = models.CharField(max_length=80, blank=True)
    new = models.ForeignKey(Municipality, models.PROTECT, related_name="predecessors")
    changed_on: "models.DateField[date, date]" = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind)

    class Meta:
        ordering = ["changed_on", "old_number", "pk"]
        constraints = [models.UniqueConstraint(name="municipality_change_once", fields=["old_number", "new"])]

    def __str__(self) -> str:
        return f"{self.old_number} {self.old_name} → {self.new}"


class HostTerm(DatedModel):
    """A municipality hosts a region for a period; one at a time (S2)."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="host_terms")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="host_terms")
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)
    decision_reference = models.CharField(_("Reference of the decision"), max_length=120, blank=True)
    committed_until = models.DateField(_("Committed until"), null=True, blank=True)
    end_reason = models.TextField(_("Why the term ended early"), blank=True)

    class Meta:
        ordering = ["period", "pk"]
        constraints = [
            has_days("host_term_has_days"),
            never_twice(
                "host_term_one_at_a_time",
                "region_id",
                message=_("The region has another host in this period. A region has one host at a time."),
            ),
        ]


class HandoverProposalQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Those that wait for consent, with the municipality that is to be host."""
        return self.filter(state=HandoverState.PROPOSED).select_related("municipality")


class HandoverProposal(models.Model):
    """A handover of the role as host: carried out at once, or after consent where the host is still committed (S2)."""

    TONES = {HandoverState.PROPOSED: "warning", HandoverState.CARRIED_OUT: "success"}

    region = models.ForeignKey(Region, models.PROTECT, related_name="handovers")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name=_("New host"))
    on: "models.DateField[date, date]" = models.DateField(_("First day as host"))
    committed_until = models.DateField(_("Committed until"), null=True, blank=True)
    decided_on = models.DateField(_("Decided on"), null=True, blank=True)
    decision_reference = models.CharField(_("Reference of the decision"), max_length=120, blank=True)
    reason = models.TextField(_("Why the present term ends early"), blank=True)
    state = models.CharField(max_length=20, choices=HandoverState, default=HandoverState.PROPOSED, editable=False)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)

    objects = HandoverProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="handover_state_known", condition=Q(state__in=HandoverState.values)),
            models.UniqueConstraint(
                name="handover_one_waits", fields=["region"], condition=Q(state=HandoverState.PROPOSED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.municipality}"

    def get_absolute_url(self) -> str:
        return reverse("host_handover", args=[self.region.slug, self.pk])


class PartnerQuerySet(models.QuerySet):
    def narrowed(self, *, q: str = "", kind: str = "") -> Self:
        """Only those with these words in a name, and of this kind; what is not given narrows nothing."""
        found = self
        if q:
            found = found.filter(Q(name__icontains=q) | Q(short_name__icontains=q))
        if kind:
            found = found.filter(kind=kind)
        return found

    def seated_in(self, municipality_ids: "list[int]") -> Self:
        return self.filter(seat__in=municipality_ids)

    def research(self) -> Self:
        """Those that research and teach: what ought to have its seat where the host is (S2)."""
        kinds = [Partner.Kind.UNIVERSITY, Partner.Kind.UNIVERSITY_COLLEGE, Partner.Kind.INSTITUTE]
        return self.filter(kind__in=kinds)


class Partner(SortedByName):
    """A knowledge partner: university, institute, competence centre, user organisation and so on."""

    class Kind(models.TextChoices):
        UNIVERSITY = "university", _p("partner kind", "University")
        UNIVERSITY_COLLEGE = "university_college", _p("partner kind", "University college")
        INSTITUTE = "institute", _p("partner kind", "Research institute")
        COMPETENCE_CENTRE = "competence_centre", _p("partner kind", "Competence centre")
        USER_ORGANISATION = "user_organisation", _p("partner kind", "User organisation")
        COUNTY_AUTHORITY = "county_authority", _p("partner kind", "County authority")
        STATE_GOVERNOR = "state_governor", _p("partner kind", "State governor")
        OTHER = "other", _p("partner kind", "Other")

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(_("Name"), max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    sort_key = models.CharField(max_length=220, editable=False, default="")
    kind = models.CharField(max_length=30, choices=Kind)
    seat = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True, related_name="seated_partners")
    ror_id = models.CharField(max_length=60, blank=True)
    website = models.URLField(blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "pk"]

    def get_absolute_url(self) -> str:
        return address_of("partner", self.slug)
