"""Calls for seed grants (G3). What a call asks is rows, not code: KS changes it from year to year."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from grants.lifecycle import CallPhase, CallState
from grants.models.money import Pot
from grants.models.texts import Bilingual


class Scheme(models.Model):
    """The grant scheme calls belong to: goals, criteria, follow-up. A change makes a new version."""

    code = models.SlugField(_("Code"))
    version = models.PositiveSmallIntegerField(_("Version"))
    name_nb = models.CharField(max_length=200)
    name_nn = models.CharField(max_length=200, blank=True)
    legal_basis_nb = models.TextField()
    legal_basis_nn = models.TextField(blank=True)
    goal_nb = models.TextField()
    goal_nn = models.TextField(blank=True)
    target_group_nb = models.TextField()
    target_group_nn = models.TextField(blank=True)
    follow_up_nb = models.TextField()
    follow_up_nn = models.TextField(blank=True)
    evaluation_nb = models.TextField(blank=True)
    evaluation_nn = models.TextField(blank=True)
    goal_achievement = models.JSONField(default=list, help_text="Rows of code, nb, nn and indicator.")
    principles = models.JSONField(default=list, help_text="Rows of nb and nn: how money is divided, in order.")

    name = Bilingual("name")
    legal_basis = Bilingual("legal_basis")
    goal = Bilingual("goal")
    target_group = Bilingual("target_group")
    follow_up = Bilingual("follow_up")
    evaluation = Bilingual("evaluation")

    class Meta:
        ordering = ["code", "-version", "pk"]
        constraints = [models.UniqueConstraint(name="scheme_version_once", fields=["code", "version"])]

    def __str__(self) -> str:
        return f"{self.name_nb} ({self.version})"


class AwardCriterion(models.Model):
    """What the scheme lets applications be judged by. A call weights these and may add none (G3)."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="award_criteria")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField()
    name_nb = models.CharField(max_length=200)
    name_nn = models.CharField(max_length=200, blank=True)
    guidance_nb = models.JSONField(default=dict, help_text="What each score from 1 to 7 means.")
    guidance_nn = models.JSONField(default=dict, blank=True)

    name = Bilingual("name")
    guidance = Bilingual("guidance")

    class Meta:
        ordering = ["scheme", "order", "pk"]
        constraints = [models.UniqueConstraint(name="award_criterion_code_once", fields=["scheme", "code"])]

    def __str__(self) -> str:
        return self.name_nb


class CallQuerySet(models.QuerySet):
    def announced(self) -> Self:
        """Calls everyone may read."""
        return self.exclude(state=CallState.DRAFT)

    def visible_to(self, user: object) -> Self:
        """Announced calls for all, drafts for KSF nationally."""
        return self if getattr(user, "is_national", False) else self.announced()

    def open_at(self, moment: datetime) -> Self:
        """Calls that take applications at ``moment``."""
        return self.filter(state=CallState.PUBLISHED, opens_at__lte=moment, deadline_at__gte=moment)

    def past_deadline_at(self, moment: datetime) -> Self:
        """Published calls whose deadline is over."""
        return self.filter(state=CallState.PUBLISHED, deadline_at__lt=moment)

    def with_criteria(self) -> Self:
        """With the criteria's weights."""
        return self.select_related("pot__appropriation").prefetch_related("criteria")

    def for_page(self) -> Self:
        """With its scheme and pot; ``filled`` brings the rest."""
        return self.select_related("scheme", "pot__appropriation")


class Call(models.Model):
    """A seed-grant call. Amounts in kroner, shares in per cent; the deadline is a moment, shown in Europe/Oslo."""

    slug = models.SlugField(_("Address"), unique=True, help_text=_("The last part of the address, for example 2027."))
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="calls", verbose_name=_("Scheme"))
    pot = models.ForeignKey(Pot, models.PROTECT, related_name="calls", verbose_name=_("Pot"))
    title_nb = models.CharField(_("Title, bokmål"), max_length=200)
    title_nn = models.CharField(_("Title, nynorsk"), max_length=200, blank=True)
    amount = models.PositiveBigIntegerField(_("Amount announced"), help_text=_("At most what is left of the pot."))
    cap_per_municipality = models.PositiveBigIntegerField(_("Cap per municipality"))
    least_members = models.PositiveSmallIntegerField(_("Least number of members"), default=5)
    own_share = models.PositiveSmallIntegerField(
        _("Own contribution, least per cent"), default=0, help_text=_("Of the whole cost.")
    )
    reviews_each = models.PositiveSmallIntegerField(_("Reviewers per application"), default=2)
    opens_at = models.DateTimeField(_("Opens"))
    deadline_at = models.DateTimeField(_("Deadline"), help_text=_("To the minute, Norwegian time."))
    review_due_on = models.DateField(_("Reviews due"), null=True, blank=True)
    decision_on = models.DateField(_("Decision planned"), null=True, blank=True)
    period_from = models.DateField(_("Grant period from"))
    period_to = models.DateField(_("Grant period to"))
    state = models.CharField(max_length=12, choices=CallState, default=CallState.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_number = models.PositiveSmallIntegerField(default=0, editable=False)
    is_example = models.BooleanField(default=False, help_text="Shown as an example on screen.")

    title = Bilingual("title")
    TONES = {
        CallState.DRAFT: "info",
        CallState.PUBLISHED: "success",
        CallPhase.COMING: "info",
        CallPhase.OPEN: "success",
    }

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-deadline_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="call_state_known", condition=Q(state__in=CallState.values)),
            models.CheckConstraint(name="call_opens_before_deadline", condition=Q(opens_at__lt=F("deadline_at"))),
            models.CheckConstraint(name="call_period_has_days", condition=Q(period_from__lt=F("period_to"))),
            models.CheckConstraint(name="call_own_share_is_per_cent", condition=Q(own_share__lte=100)),
            models.CheckConstraint(
                name="call_amounts_are_positive", condition=Q(amount__gt=0, cap_per_municipality__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("call", args=[self.slug])

    def filled(self) -> "Call":
        """Itself, with the parts its page shows more than once; the others are asked for where they are shown."""
        criteria = self.criteria.select_related("award_criterion")
        models.prefetch_related_objects([self], models.Prefetch("criteria", criteria), "cost_categories")
        return self

    @property
    def year(self) -> int:
        return self.pot.appropriation.year

    @property
    def phase(self) -> "CallPhase":
        """How far it has come, as readers are shown it: a published call goes by the clock."""
        if self.is_open:
            return CallPhase.OPEN
        if self.is_coming:
            return CallPhase.COMING
        return CallPhase.OVER if self.state == CallState.PUBLISHED else CallPhase(self.state)

    @property
    def phase_tone(self) -> str:
        return self.TONES.get(self.phase, "neutral")

    def is_open_at(self, moment: datetime) -> bool:
        """Whether an application may come in at ``moment``; the deadline itself is in time, a second later is not."""
        return self.state == CallState.PUBLISHED and self.opens_at <= moment <= self.deadline_at

    @property
    def is_open(self) -> bool:
        return self.is_open_at(timezone.now())

    @property
    def is_before_deadline(self) -> bool:
        """Whether it is announced and one may still apply, now or when it opens."""
        return self.state == CallState.PUBLISHED and timezone.now() <= self.deadline_at

    @property
    def is_coming(self) -> bool:
        """Whether it is announced but not opened yet."""
        return self.state == CallState.PUBLISHED and timezone.now() < self.opens_at


class CallTextKind(models.TextChoices):
    """The sections of a call's text."""

    PURPOSE = "purpose", _p("call text", "Purpose")
    WHO_MAY_APPLY = "who_may_apply", _p("call text", "Who may apply")
    FEW_MEMBERS = "few_members", _p("call text", "Fewer members than asked for")
    USE = "use", _p("call text", "What the money may be used for")
    OWN_CONTRIBUTION = "own_contribution", _p("call text", "Own contribution")
    REPORTING = "reporting", _p("call text", "Reporting")
    CONTROL = "control", _p("call text", "Control")
    RESERVATION = "reservation", _p("call text", "Reservation")


class CallText(models.Model):
    """One section of a call's text."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=20, choices=CallTextKind)
    order = models.PositiveSmallIntegerField(default=0)
    text_nb = models.TextField()
    text_nn = models.TextField(blank=True)

    text = Bilingual("text")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(name="call_text_kind_once", fields=["call", "kind"])]

    def __str__(self) -> str:
        return self.get_kind_display()


class CallNotice(models.Model):
    """A correction or an extension of a published call, shown to all (G3)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="notices")
    text_nb = models.TextField(_("What is changed, bokmål"))
    text_nn = models.TextField(_("What is changed, nynorsk"), blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    text = Bilingual("text")

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.text_nb


class AnsweredQuestion(models.Model):
    """A question about a call and KSF's answer, public to all (G3)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="answered_questions")
    asked_on = models.DateField(_("Asked on"))
    question_nb = models.TextField(_("Question, bokmål"))
    question_nn = models.TextField(_("Question, nynorsk"), blank=True)
    answer_nb = models.TextField(_("Answer, bokmål"))
    answer_nn = models.TextField(_("Answer, nynorsk"), blank=True)

    question = Bilingual("question")
    answer = Bilingual("answer")

    class Meta:
        ordering = ["asked_on", "pk"]

    def __str__(self) -> str:
        return self.question_nb
