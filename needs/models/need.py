"""Knowledge needs: what municipalities need to know, in their own words (N1-N4, N12, N13)."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.addresses import address_of
from needs.lifecycle import ANSWERED, OPEN, PUBLISHED, NeedState
from needs.models.area import ServiceArea
from needs.models.authors import coordinated_regions, members_of_own_clusters, municipalities_for
from needs.models.endorsement import Endorsement
from needs.models.relation import Relation
from needs.models.text import Clarification, Source
from regions.models import Municipality, Region, Size

MOST_TEXT = 10_000


class NeedLevel(models.TextChoices):
    """How far up a need has been lifted: a fact beside its state."""

    NONE = "", _p("need level", "Municipality")
    CLUSTER = "cluster", _p("need level", "Cluster")
    REGION = "region", _p("need level", "Region")
    NATION = "nation", _p("need level", "Nation")


def may_be_written_by(user: Actor) -> Q:
    """One's municipality's needs, and those one began for a municipality one may still write for."""
    begun = Q(created_by=user.pk, municipality__in=municipalities_for(user).values("pk"))
    return Q(municipality__in=user.municipality_ids(Role.RD_CONTACT)) | begun


class KnowledgeNeedQuerySet(models.QuerySet):
    def published(self) -> Self:
        """Open to all: taken up by a coordinator, not hidden."""
        return self.filter(state__in=PUBLISHED, is_hidden=False)

    def with_key(self, key: str) -> Self:
        """The one that is written under this key; none for what is no key."""
        try:
            return self.filter(draft_key=uuid.UUID(key))
        except ValueError:
            return self.none()

    def sent(self) -> Self:
        """All but drafts."""
        return self.exclude(state=NeedState.DRAFT)

    def findable(self) -> Self:
        """What search and likeness know of: everything sent, nothing hidden."""
        return self.sent().filter(is_hidden=False)

    def alive(self) -> Self:
        """What ``findable`` knows of and has not ended: neither merged into another need nor closed."""
        return self.findable().exclude(state__in=[NeedState.MERGED, NeedState.CLOSED])

    def with_support(self) -> Self:
        """With ``support``: how many municipalities have endorsed it."""
        endorsements = Endorsement.objects.filter(need=OuterRef("pk")).order_by().values("need")
        return self.annotate(support=Coalesce(Subquery(endorsements.annotate(n=Count("pk")).values("n")), 0))

    def related_to(self, need: "KnowledgeNeed", user: Actor) -> list[tuple["KnowledgeNeed", str]]:
        """The needs related to ``need`` and ``user`` may see, each with how, in words."""
        pairs = Relation.objects.exclude(kind=Relation.Kind.DUPLICATE)
        ours, theirs = pairs.filter(need=need), pairs.filter(other=need)
        merged = KnowledgeNeed.objects.filter(merged_into=need).order_by().values("pk")
        near = self.filter(pk__in=ours.values("other").union(theirs.values("need"), merged))
        rows: Any = near.visible_to(user).with_place().order_by("pk")
        rows = rows.annotate(
            ours=Subquery(ours.filter(other=OuterRef("pk")).values("kind")[:1]),
            theirs=Subquery(theirs.filter(need=OuterRef("pk")).values("kind")[:1]),
        )
        return [(row, Relation.label_between(row.ours, row.theirs) or row.get_state_display()) for row in rows]

    def narrowed(
        self,
        *,
        area: ServiceArea | None = None,
        region: Region | None = None,
        state: str = "",
        size: str = "",
        **_more: Any,
    ) -> Self:
        """Only those of a service area, region, state or size of municipality; what is not given narrows nothing."""
        found = self
        if area:
            found = found.filter(service_area=area)
        if region:
            found = found.filter(municipality__county__region=region)
        if state:
            found = found.filter(state=state)
        if size:
            found = found.filter(municipality__in=Municipality.objects.of_size(Size(size)).values("pk"))
        return found

    def in_order(self, sort: str = "") -> Self:
        """Newest first, ``oldest`` first, or those with most ``support`` first (after ``with_support``)."""
        order = {"oldest": ["submitted_at", "pk"], "support": ["-support", "-submitted_at", "-pk"]}
        return self.order_by(*order.get(sort, ["-submitted_at", "-pk"]))

    def to_research(self, kept: Iterable["KnowledgeNeed"] = ()) -> Self:
        """Published and not answered yet, and those ``kept`` from before."""
        waiting = self.published().filter(state__in=OPEN).values("pk")
        return self.filter(Q(pk__in=waiting) | Q(pk__in=[need.pk for need in kept]))

    def in_figures(self) -> dict[str, int]:
        """How many there are, how many are open, researched now, answered and in use."""
        found = dict(self.order_by().values_list("state").annotate(n=Count("pk")))
        return {
            "count": sum(found.values()),
            "open": sum(found.get(state, 0) for state in OPEN),
            "researched": found.get(NeedState.IN_RESEARCH, 0),
            "answered": sum(found.get(state, 0) for state in ANSWERED),
            "used": found.get(NeedState.IN_USE, 0),
        }

    def how_many(self, states: Iterable[str]) -> Any:
        """How many of these needs are in one of the states, as a column that is counted once for all rows."""
        found = self.filter(state__in=states).order_by().annotate(all=Value(1)).values("all")
        return Coalesce(Subquery(found.annotate(n=Count("*")).values("n")), 0)

    def followed_by(self, user: Actor) -> Self:
        """The sent needs whose turns ``user`` wants to hear of: one's municipality's, endorsed by it, of one's area."""
        own = user.municipality_ids(Role.RD_CONTACT)
        followed = Q(municipality__in=own) | Q(pk__in=Endorsement.objects.filter(municipality__in=own).values("need"))
        if user.has_role(Role.REGIONAL_COORDINATOR, Role.CLUSTER_COORDINATOR):
            followed |= Q(municipality__in=_area_of(user))
        elif not own:
            return self.none()
        return self.sent().filter(followed)

    def handled_by(self, user: Actor) -> Self:
        """The needs ``user`` may handle: those of the regions one coordinates, all for national staff."""
        if user.is_national:
            return self
        return self.filter(municipality__county__region__in=user.region_ids(Role.REGIONAL_COORDINATOR))

    def to_take_up(self) -> Self:
        """Sent and not taken up yet, the oldest first."""
        return self.filter(state=NeedState.SUBMITTED).order_by("submitted_at", "pk")

    def to_handle_first(self, user: Actor) -> Self:
        """What waits to be taken up by ``user`` before others: of one's regions, or of nobody's for national staff."""
        mine = Q(municipality__county__region__in=user.region_ids(Role.REGIONAL_COORDINATOR))
        nobodys = ~Q(municipality__county__region__in=coordinated_regions())
        return self.to_take_up().filter(mine | nobodys if user.is_national else mine)

    def in_hands_of(self, user: Actor) -> Self:
        """What ``user`` has to answer, confirm or finish, questions first; each with ``open_questions``."""
        to_write = may_be_written_by(user) & Q(state__in=[NeedState.RETURNED, NeedState.DRAFT])
        to_confirm = Q(municipality__in=user.municipality_ids(Role.RD_CONTACT), awaits_confirmation=True)
        open_questions = Count(
            "clarifications", filter=Q(clarifications__answered_at=None, clarifications__isnull=False)
        )
        found = self.filter(to_write | to_confirm).annotate(open_questions=open_questions)
        return found.order_by("-open_questions", "-changed_at", "pk")

    def waiting_for_answer(self) -> Self:
        """Returned with a question, the oldest first."""
        return self.filter(state=NeedState.RETURNED).order_by("submitted_at", "pk")

    def visible_to(self, user: Actor) -> Self:
        """What ``user`` may open: what is published, what is their municipality's, what lies in their area (X1).

        What is merged or closed is open too. A draft is its municipality's and its writer's alone. Partners, reviewers
        and observers see what is published (N7).
        """
        public = Q(state__in=PUBLISHED | {NeedState.MERGED, NeedState.CLOSED}, is_hidden=False)
        if not user.is_authenticated:
            return self.filter(public)
        own = may_be_written_by(user)
        if user.is_national:
            return self.filter(own | ~Q(state=NeedState.DRAFT))
        area = Q(municipality__in=_area_of(user)) & ~Q(state=NeedState.DRAFT)
        network = (
            Q(state__in={NeedState.SUBMITTED, NeedState.RETURNED}, is_hidden=False) if user.is_of_the_network else Q()
        )
        seen = public | own | area
        return self.filter(seen | network if network else seen)

    def for_page(self) -> Self:
        """With what its own page says of it alone: place, writer, ``known_sources`` and the ``asked`` question."""
        sources = Source.objects.filter(need=OuterRef("pk")).values(row=JSONObject(title="title", url="url"))
        asked = Clarification.objects.filter(need=OuterRef("pk"), answered_at=None).values("question")
        return (
            self.with_place()
            .select_related("merged_into", "created_by")
            .annotate(known_sources=ArraySubquery(sources), asked=Subquery(asked[:1]))
        )

    def for_rows(self) -> Self:
        """With what ``needs/need_row.html`` says of each, and none of the long texts."""
        places = ("municipality__name", "municipality__county__region__name")
        own = ("title", "language", "state", "assessment", "submitted_at")
        return self.select_related("municipality__county__region").with_support().only(*own, *places)

    def with_place(self) -> Self:
        """With owner, county, region and service area, so that a list names them without further queries."""
        return self.select_related("municipality__county__region", "service_area")


def _area_of(user: Actor) -> Any:
    """The municipalities of the regions and clusters ``user`` works for."""
    regions = user.region_ids(Role.REGIONAL_COORDINATOR, Role.HOST_LEAD, Role.KS_REGIONAL_OFFICE)
    of_clusters = Q(pk__in=members_of_own_clusters(user))
    return Municipality.objects.filter(Q(county__region__in=regions) | of_clusters).values("pk")


class KnowledgeNeed(models.Model):
    """A municipality's question in its own words. Researchable wording is never asked for here (N1)."""

    known_sources: list[dict[str, str]]  # these two by ``for_page``
    asked: str | None
    score: float  # how well it fits a search, where one was made
    open_questions: int  # with ``in_hands_of``

    class Assessment(models.TextChoices):
        KNOWLEDGE_EXISTS = "knowledge_exists", _p("need assessment", "Knowledge exists")
        RESEARCH_UNDER_WAY = "research_under_way", _p("need assessment", "Research is under way")
        RESEARCH_GAP = "research_gap", _p("need assessment", "Research gap")

    TONES = {
        NeedState.DRAFT: "info",
        NeedState.SUBMITTED: "info",
        NeedState.RETURNED: "warning",
        NeedState.IN_ASSESSMENT: "info",
        NeedState.PRIORITISED: "info",
        NeedState.RESEARCHABLE: "info",
        NeedState.IN_RESEARCH: "info",
        NeedState.ANSWERED: "success",
        NeedState.IN_USE: "success",
    }

    number = models.CharField(max_length=12, unique=True, null=True, editable=False)  # noqa: DJ001 - none before it is sent
    external_id = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001 - most needs have none
    external_source = models.CharField(max_length=120, blank=True, default="")
    title = models.CharField(_("What do you need to know?"), max_length=200, blank=True)
    description = models.TextField(_("Describe the need, and why you have it"), blank=True)
    consequence = models.TextField(_("What happens if you get no answer?"), blank=True)
    target_group = models.CharField(_("Who is it about?"), max_length=300, blank=True)
    concerns = models.CharField(_("Whom else does it concern?"), max_length=300, blank=True)
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("Service area")
    )
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="needs", verbose_name=_("Municipality"))
    language = models.CharField(max_length=2, choices=[("nb", "bokmål"), ("nn", "nynorsk")], default="nb")
    state = models.CharField(max_length=20, choices=NeedState, default=NeedState.DRAFT, editable=False)
    level = models.CharField(max_length=10, choices=NeedLevel, blank=True)
    is_hidden = models.BooleanField(default=False)
    awaits_confirmation = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_needs")
    assessment = models.CharField(max_length=20, choices=Assessment, blank=True)
    known_summary = models.TextField(_("What is known already"), blank=True)
    method_assessment_url = models.URLField(_("Method assessment by FHI"), blank=True)
    outcome_note = models.TextField(_("What came of it"), blank=True)
    close_reason = models.TextField(_("Why it is closed"), blank=True)
    draft_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    draft_tab = models.UUIDField(null=True, editable=False)
    draft_version = models.PositiveIntegerField(default=0)
    text_version = models.PositiveSmallIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = KnowledgeNeedQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["-submitted_at", "-id"], name="need_newest"),
            models.Index(fields=["state", "-submitted_at", "-id"], name="need_newest_in_state"),
            models.Index(  # all that counting asks for, so that the rows themselves are not read
                fields=["municipality", "state", "is_hidden", "created_by"], name="need_counted"
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="need_external_id_once", fields=["external_source", "external_id"]),
            models.CheckConstraint(name="need_state_known", condition=Q(state__in=NeedState.values)),
            models.CheckConstraint(name="need_level_known", condition=Q(level__in=NeedLevel.values)),
            models.CheckConstraint(
                name="need_sent_has_number_and_title",
                condition=Q(state=NeedState.DRAFT)
                | Q(number__isnull=False, submitted_at__isnull=False) & ~Q(title="") & ~Q(description=""),
            ),
            models.CheckConstraint(
                name="need_merged_iff_into",
                condition=Q(state=NeedState.MERGED, merged_into__isnull=False)
                | ~Q(state=NeedState.MERGED) & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(name="need_not_merged_into_itself", condition=~Q(merged_into=F("pk"))),
            models.CheckConstraint(
                name="need_closed_has_reason", condition=~Q(state=NeedState.CLOSED) | ~Q(close_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Need without a title yet"))

    def get_absolute_url(self) -> str:
        return address_of("need", self.pk)

    @property
    def heir(self) -> "KnowledgeNeed":
        """The need that stands for this one: at the end of the chain of merging, itself when it is not merged."""
        return self.merged_into.heir if self.merged_into else self

    @property
    def was_sent(self) -> bool:
        """Whether it has been sent, also when it has been taken back to a draft since: the number stays."""
        return self.number is not None

    @property
    def open_question(self) -> "Clarification | None":
        """The coordinator's question that waits for an answer."""
        return self.clarifications.filter(answered_at=None).first()


class NumberSeries(models.Model):
    """The last number given to a need in a year; locked while the next is given."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
