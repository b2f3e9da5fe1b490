"""Researchable questions, partners' interest, saved searches (N6, N7)."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from clusters.models import Cluster
from ksf.accounts.roles import Role
from ksf.actor import Actor
from ksf.addresses import address_of
from ksf.writing.models import VersionedText
from needs.models import KnowledgeNeed, ServiceArea
from needs.models.authors import coordinated_regions
from needs.research.lifecycle import (
    PUBLIC_QUESTIONS,
    InterestState,
    QuestionState,
)
from regions.models import Partner, Region

FOLLOWERS = (Role.REGIONAL_COORDINATOR, Role.HOST_LEAD, Role.KS_REGIONAL_OFFICE)


class Kind(models.TextChoices):
    """The kind of research a question asks for."""

    EFFECT = "effect", _p("kind of research", "Effect of a measure")
    EXPERIENCE = "experience", _p("kind of research", "Experience and practice")
    IMPLEMENTATION = "implementation", _p("kind of research", "Implementation")
    REGISTER = "register", _p("kind of research", "Register data or survey")
    REVIEW = "review", _p("kind of research", "Summary of research")
    INNOVATION = "innovation", _p("kind of research", "Innovation and trial")


class ResearchQuestionQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Open to all: once opened to partners."""
        return self.filter(state__in=PUBLIC_QUESTIONS)

    def open(self) -> Self:
        """Those that wait for a partner."""
        return self.filter(state=QuestionState.OPEN)

    def visible_to(self, user: Actor) -> Self:
        """What is opened; drafts to those who write them: coordinators of the region and partners put in touch (X1)."""
        public = Q(state__in=PUBLIC_QUESTIONS)
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_national:
            return self
        own_clusters = Cluster.objects.filter(pk__in=user.cluster_ids(Role.CLUSTER_COORDINATOR))
        touched = Interest.objects.in_touch().filter(partner__in=user.partner_ids())
        drafts = (
            Q(region__in=user.region_ids(*FOLLOWERS))
            | Q(region__in=own_clusters.values("lead_region"))
            | Q(pk__in=touched.values("question"))
            | Q(
                pk__in=ResearchQuestion.needs.through.objects.filter(knowledgeneed__in=touched.values("need")).values(
                    "researchquestion"
                )
            )
        )
        return self.filter(public | drafts)

    def narrowed(
        self, *, area: ServiceArea | None = None, region: Region | None = None, kind: str = "", **_more: Any
    ) -> Self:
        """Only those of a service area, region or kind of research; what is not given narrows nothing."""
        found = self
        if area:
            found = found.filter(service_area=area)
        if region:
            found = found.filter(region=region)
        if kind:
            found = found.filter(kind=kind)
        return found

    def with_place(self) -> Self:
        return self.select_related("region", "service_area").prefetch_related(
            models.Prefetch("needs", KnowledgeNeed.objects.select_related("municipality"))
        )


class ResearchQuestion(models.Model):
    """A researchable formulation of one or more needs, which keep their own words (N6)."""

    TONES = {
        QuestionState.DRAFT: "info",
        QuestionState.OPEN: "info",
        QuestionState.MATCHED: "success",
        QuestionState.IN_PROJECT: "success",
    }

    title = models.CharField(_("The question in one sentence"), max_length=300)
    language = models.CharField(max_length=2, choices=[("nb", "bokmål"), ("nn", "nynorsk")], default="nb")
    needs = models.ManyToManyField(KnowledgeNeed, related_name="questions", verbose_name=_("Needs it comes from"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="research_questions")
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Service area")
    )
    kind = models.CharField(_("Kind of research wanted"), max_length=20, choices=Kind, blank=True)
    state = models.CharField(max_length=20, choices=QuestionState, default=QuestionState.DRAFT, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)

    objects = ResearchQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="question_state_known", condition=Q(state__in=QuestionState.values)),
            models.CheckConstraint(
                name="question_open_has_time",
                condition=Q(state=QuestionState.DRAFT) | Q(opened_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("question", self.pk)

    @cached_property
    def partner_ids_in_touch(self) -> frozenset[int]:
        """The partners put in touch about the question or one of its needs: they write together with coordinators."""
        about = Q(question=self) | Q(need__in=self.needs.all())
        return frozenset(Interest.objects.in_touch().filter(about).values_list("partner", flat=True))


class QuestionText(VersionedText):
    """One part of a question, saved as it is typed by several people without losing a word."""

    class Part(models.TextChoices):
        POPULATION = "population", _p("part of a question", "Who it is about")
        STUDIED = "studied", _p("part of a question", "What is studied")
        COMPARISON = "comparison", _p("part of a question", "Compared with what")
        OUTCOME = "outcome", _p("part of a question", "What one wants to find out")
        CONTEXT = "context", _p("part of a question", "Where and under what conditions")

    question = models.ForeignKey(ResearchQuestion, models.CASCADE, related_name="texts")
    part = models.CharField(max_length=20, choices=Part)

    class Meta:
        constraints = [models.UniqueConstraint(name="question_text_once", fields=["question", "part"])]

    def __str__(self) -> str:
        return self.get_part_display()


class InterestQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state=InterestState.WAITING)

    def in_touch(self) -> Self:
        return self.filter(state=InterestState.IN_TOUCH)

    def alive(self) -> Self:
        return self.filter(state__in=[InterestState.WAITING, InterestState.IN_TOUCH])

    def answerable_by(self, user: Actor) -> Self:
        """Those ``user`` is to answer: of the regions one coordinates; where nobody coordinates, national staff."""
        if user.is_national:
            return self.filter(~Q(region__in=coordinated_regions()))
        return self.filter(region__in=user.region_ids(Role.REGIONAL_COORDINATOR))

    def visible_to(self, user: Actor) -> Self:
        """The partner's own, those of one's region, all for national staff."""
        if user.is_national:
            return self
        return self.filter(Q(partner__in=user.partner_ids()) | Q(region__in=user.region_ids(*FOLLOWERS)))

    def with_subject(self) -> Self:
        return self.select_related("partner", "region", "question", "need__municipality", "created_by", "answered_by")


class Interest(models.Model):
    """A partner would like to work on a need or a question, and asks to be put in touch (N7)."""

    TONES = {InterestState.WAITING: "warning", InterestState.IN_TOUCH: "success"}

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="interests")
    question = models.ForeignKey(ResearchQuestion, models.PROTECT, null=True, blank=True, related_name="interests")
    need = models.ForeignKey(KnowledgeNeed, models.PROTECT, null=True, blank=True, related_name="interests")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    message = models.TextField(_("What can you contribute?"))
    state = models.CharField(max_length=20, choices=InterestState, default=InterestState.WAITING, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.TextField(_("Answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="interest_state_known", condition=Q(state__in=InterestState.values)),
            models.CheckConstraint(
                name="interest_in_one_thing",
                condition=Q(question__isnull=False, need__isnull=True) | Q(question__isnull=True, need__isnull=False),
            ),
            models.CheckConstraint(
                name="interest_declined_has_reason", condition=~Q(state=InterestState.DECLINED) | ~Q(answer="")
            ),
            *(
                models.UniqueConstraint(
                    name=f"interest_{subject}_once",
                    fields=["partner", subject],
                    condition=Q(
                        state__in=[InterestState.WAITING, InterestState.IN_TOUCH], **{f"{subject}__isnull": False}
                    ),
                )
                for subject in ("question", "need")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("interest", args=[self.pk])

    @property
    def subject(self) -> Any:
        """The question or the need."""
        return self.question or self.need


class SavedSearch(models.Model):
    """What a person wants to hear of every week, until it is switched off (N7)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    area = models.ForeignKey(ServiceArea, models.CASCADE, null=True, blank=True, related_name="+")
    region = models.ForeignKey(Region, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    notified_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="saved_search_once", fields=["user", "area", "region", "kind"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        parts = [str(part) for part in (self.area, self.region, self.get_kind_display()) if part]
        return ", ".join(parts) or str(_("Everything new"))

    def get_absolute_url(self) -> str:
        return f"{reverse('question_list')}?{urlencode(self.query)}"

    @property
    def filters(self) -> dict[str, Any]:
        """The search as the lists' ``narrowed`` takes it."""
        return {"area": self.area, "region": self.region, "kind": self.kind}

    @property
    def query(self) -> dict[str, str]:
        """The search as the address of the list has it."""
        values = {
            "area": self.area.code if self.area else "",
            "region": self.region.slug if self.region else "",
            "kind": self.kind,
        }
        return {name: value for name, value in values.items() if value}
