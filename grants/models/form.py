"""The form of a call: what is asked, weighed, attached, delivered and paid, as rows (G3)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from grants.models.call import AwardCriterion, Call
from grants.models.texts import Bilingual


class FormRow(models.Model):
    """A row of a call's form: a code of its own within the call, an order and a label."""

    order = models.PositiveSmallIntegerField(default=0)
    code = models.SlugField(_("Code"))
    label_nb = models.CharField(_("Label, bokmål"), max_length=250)
    label_nn = models.CharField(_("Label, nynorsk"), max_length=250, blank=True)

    label = Bilingual("label")

    class Meta:
        abstract = True
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(name="%(class)s_code_once", fields=["call", "code"])]

    def __str__(self) -> str:
        return self.label_nb


class Criterion(models.Model):
    """A criterion of the scheme and its weight in a call, in per cent. The weights of a call sum to 100."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    award_criterion = models.ForeignKey(AwardCriterion, models.PROTECT, related_name="criteria")
    weight = models.PositiveSmallIntegerField(_("Weight, per cent"))

    class Meta:
        ordering = ["award_criterion__order", "pk"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(name="criterion_once", fields=["call", "award_criterion"]),
            models.CheckConstraint(name="criterion_weight_is_per_cent", condition=Q(weight__range=(1, 100))),
        ]

    def __str__(self) -> str:
        return f"{self.award_criterion} {self.weight} %"

    @property
    def code(self) -> str:
        return self.award_criterion.code

    @property
    def name(self) -> str:
        return str(self.award_criterion.name)


class Question(FormRow):
    """A question that is answered in words."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions")
    section_nb = models.CharField(_("Section, bokmål"), max_length=120, blank=True)
    section_nn = models.CharField(_("Section, nynorsk"), max_length=120, blank=True)
    help_nb = models.TextField(_("Help, bokmål"), blank=True)
    help_nn = models.TextField(_("Help, nynorsk"), blank=True)
    max_characters = models.PositiveIntegerField(_("At most so many characters"))
    is_required = models.BooleanField(_("Must be answered"), default=True)

    section = Bilingual("section")
    help = Bilingual("help")


class CostCategory(FormRow):
    """A kind of cost, whether the grant may pay it, and at most what per cent of the grant."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="cost_categories")
    is_allowed = models.BooleanField(_("The grant may be used for it"), default=True)
    max_share = models.PositiveSmallIntegerField(_("At most per cent of the grant"), null=True, blank=True)

    class Meta(FormRow.Meta):
        verbose_name_plural = "cost categories"
        constraints = [
            *FormRow.Meta.constraints,
            models.CheckConstraint(
                name="cost_category_max_share_is_per_cent", condition=Q(max_share__isnull=True) | Q(max_share__lte=100)
            ),
        ]


class RequiredAttachment(FormRow):
    """A file to attach. ``is_agreement`` marks the cooperation agreement or its draft (G5)."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="required_attachments")
    is_required = models.BooleanField(_("Must be attached"), default=True)
    is_agreement = models.BooleanField(_("This is the cooperation agreement"), default=False)


class RequiredDeliverable(FormRow):
    """What a funded cluster must deliver, and when: months after a fixed point, or a date."""

    class Point(models.TextChoices):
        ACCEPTED = "accepted", _p("deliverable due", "Months after acceptance")
        PERIOD_END = "period_end", _p("deliverable due", "Months after the end of the grant period")
        DATE = "date", _p("deliverable due", "On a date")

    call = models.ForeignKey(Call, models.CASCADE, related_name="required_deliverables")
    due_from = models.CharField(_("Due"), max_length=12, choices=Point)
    due_months = models.SmallIntegerField(_("Months"), null=True, blank=True)
    due_on = models.DateField(_("Date"), null=True, blank=True)

    class Meta(FormRow.Meta):
        constraints = [
            *FormRow.Meta.constraints,
            models.CheckConstraint(
                name="required_deliverable_due_known",
                condition=Q(due_from="date", due_on__isnull=False, due_months__isnull=True)
                | Q(due_from__in=["accepted", "period_end"], due_on__isnull=True, due_months__isnull=False),
            ),
        ]

    @property
    def due_after(self) -> str:
        """So many months before or after the acceptance or the end of the period; empty when it is due on a day."""
        months = self.due_months or 0
        if self.due_from == self.Point.DATE:
            return ""
        if self.due_from == self.Point.ACCEPTED:
            text = ngettext("%(n)s month after acceptance", "%(n)s months after acceptance", months)
        elif months < 0:
            text = gettext("before the end of the grant period")
        else:
            text = ngettext("%(n)s month after the grant period", "%(n)s months after the grant period", months)
        return text % {"n": months}


class PlannedInstalment(models.Model):
    """A share of each award, in per cent, and when it is paid. The shares of a call sum to 100."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="planned_instalments")
    number = models.PositiveSmallIntegerField(_("Number"))
    share = models.PositiveSmallIntegerField(_("Per cent"))
    when_nb = models.CharField(_("When, bokmål"), max_length=200)
    when_nn = models.CharField(_("When, nynorsk"), max_length=200, blank=True)
    is_held_back = models.BooleanField(_("Held back until the final report"), default=False)

    when = Bilingual("when")

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(name="planned_instalment_once", fields=["call", "number"]),
            models.CheckConstraint(name="planned_instalment_is_per_cent", condition=Q(share__range=(1, 100))),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.share} %"
