from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ksf.writing.models import VersionedText
from regions.models import Region
from reporting.lifecycle import ReportState, SectionState
from reporting.models.indicators import Indicator, Unit
from reporting.models.plan import RegionalQuerySet
from reporting.models.sections import SECTION_DEFINITIONS, SectionCode, SectionDefinition
from reporting.stored.regional import SealedReport

DUE_MONTH, DUE_DAY = 3, 1


class ReportQuerySet(RegionalQuerySet):
    approved = ReportState.APPROVED

    def sealed(self) -> Self:
        return self.filter(state=self.approved)


class RegionalReport(models.Model):
    """A region's report on a year: sections, figures and the use of the operating grant (R2).

    Approved, it is sealed: ``snapshot`` holds all it said and the records behind every figure, and is never changed.
    """

    TONES: ClassVar = {
        ReportState.DRAFT: "info",
        ReportState.SUBMITTED: "info",
        ReportState.RETURNED: "warning",
        ReportState.APPROVED: "success",
    }
    LINE: ClassVar = [ReportState.DRAFT, ReportState.SUBMITTED, ReportState.APPROVED]

    region = models.ForeignKey(Region, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    resubmit_by = models.DateField(_("New deadline"), null=True, blank=True)
    late_reason = models.TextField(_("Why the report is late"), blank=True)
    figures_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    document_number = models.CharField(max_length=40, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "region__order", "-pk"]
        constraints = [
            models.UniqueConstraint(name="regional_report_once", fields=["region", "year"]),
            models.CheckConstraint(name="regional_report_state_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(
                name="regional_report_approved_is_sealed",
                condition=Q(state=ReportState.APPROVED, snapshot__isnull=False, approved_at__isnull=False)
                | (~Q(state=ReportState.APPROVED) & Q(approved_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return _now("Annual report %(year)s, %(region)s") % {"year": self.year, "region": self.region}

    def get_absolute_url(self) -> str:
        return reverse("regional_report", args=[self.year, self.region.slug])

    @property
    def due_on(self) -> date:
        """The deadline: 1 March the year after, or the new date KS gave when returning it."""
        return self.resubmit_by or report_due_on(self.year)

    @property
    def is_sealed(self) -> bool:
        return self.state == ReportState.APPROVED

    @property
    def sealed(self) -> SealedReport | None:
        """What the approved report says, read from ``snapshot``; None before it is approved."""
        return SealedReport.read(self.snapshot) if self.is_sealed and self.snapshot is not None else None

    @property
    def is_closed(self) -> bool:
        """Whether nobody in the region writes in it now."""
        return self.state in {ReportState.SUBMITTED, ReportState.APPROVED}

    @property
    def is_on_time(self) -> bool:
        """Whether first handed in by 1 March the year after."""
        first = self.first_submitted_at
        return first is not None and timezone.localdate(first) <= report_due_on(self.year)


def report_due_on(year: int) -> date:
    """The day the reports on ``year`` are expected."""
    return date(year + 1, DUE_MONTH, DUE_DAY)


class ReportSection(VersionedText):
    """One part of a regional report, saved as it is typed."""

    TONES: ClassVar = {
        SectionState.DRAFT: "neutral",
        SectionState.DONE: "info",
        SectionState.RETURNED: "warning",
        SectionState.ACCEPTED: "success",
    }

    report = models.ForeignKey(RegionalReport, models.CASCADE, related_name="sections")
    code = models.CharField(max_length=20, choices=SectionCode)
    order = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=SectionState, default=SectionState.DRAFT, editable=False)
    is_nothing = models.BooleanField(_("Nothing to report here this year"), default=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(name="report_section_once", fields=["report", "code"]),
            models.CheckConstraint(name="report_section_state_known", condition=Q(state__in=SectionState.values)),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("report_section", args=[self.report.year, self.report.region.slug, self.code])

    @property
    def title(self) -> str:
        return self.get_code_display()

    @property
    def definition(self) -> SectionDefinition:
        return SECTION_DEFINITIONS[SectionCode(self.code)]

    @property
    def region_id(self) -> int:
        return self.report.region_id

    @property
    def is_filled_in(self) -> bool:
        """Whether it says something, or says that there is nothing to say."""
        return self.is_nothing or bool(self.content.strip())


class SectionComment(models.Model):
    """What KS asked for when it returned a section. Kept also after the section is changed."""

    section = models.ForeignKey(ReportSection, models.CASCADE, related_name="comments")
    text = models.TextField(_("What must be changed"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text


class ReportFigure(models.Model):
    """A figure in a report: what the portal counted, and what the region says instead, if it does.

    ``count`` is the number found; with ``of`` the figure is the share of that many, in per cent. A reported figure
    has no ``count``: only what the region wrote in ``corrected``.
    """

    report = models.ForeignKey(RegionalReport, models.CASCADE, related_name="figures")
    code = models.CharField(max_length=40)
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.CharField(max_length=10, choices=Unit)
    count = models.BigIntegerField(null=True, blank=True)
    of = models.BigIntegerField(null=True, blank=True)
    sizes = models.JSONField(default=dict, help_text="[count, of] for small, medium and large municipalities.")
    records = models.JSONField(default=list, help_text="What was counted: [label, detail, url, counts, size, weight].")
    corrected = models.DecimalField(_("The right figure"), max_digits=14, decimal_places=1, null=True, blank=True)
    explanation = models.TextField(_("Why the figure is corrected"), blank=True)
    remark = models.TextField(_("Why it is far from earlier years"), blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="report_figure_once", fields=["report", "code"]),
            models.CheckConstraint(
                name="report_figure_correction_explained",
                condition=Q(corrected__isnull=True) | Q(count__isnull=True) | ~Q(explanation=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def computed(self) -> Decimal | None:
        """What the portal found, in the figure's unit; None when there is nothing to count."""
        return in_unit(self.count, self.of)

    @property
    def value(self) -> Decimal | None:
        """What the report says: the correction where there is one."""
        return self.computed if self.corrected is None else self.corrected

    @property
    def is_corrected(self) -> bool:
        return self.corrected is not None and self.count is not None


def in_unit(count: int | None, of: int | None) -> Decimal | None:
    """``count``, or its share of ``of`` in per cent with one decimal; None when either is nothing."""
    if count is None or of == 0:
        return None
    return Decimal(count) if of is None else (Decimal(100 * count) / of).quantize(Decimal("0.1"))


def attachment_path(use: "GrantUse", name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return f"reporting/{use.report.year}/{use.report.region.slug}/accounts.{ending}"


class GrantUse(models.Model):
    """How much of the operating grant was spent (R2); the section's text says what on."""

    report = models.OneToOneField(RegionalReport, models.CASCADE, related_name="grant_use")
    granted = models.PositiveIntegerField(_("Operating grant received"), null=True, blank=True)
    spent = models.PositiveIntegerField(_("Of that, spent by 31 December"), null=True, blank=True)
    attachment = models.FileField(_("Accounts"), upload_to=attachment_path, blank=True)
    attachment_name = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_use_within_grant",
                condition=Q(spent__isnull=True) | Q(granted__isnull=True) | Q(spent__lte=models.F("granted")),
                violation_error_message=_("More is spent than was received."),
            )
        ]

    def __str__(self) -> str:
        return str(self.report)

    @property
    def left(self) -> int | None:
        """Kroner not spent, None while either amount is missing."""
        return None if self.granted is None or self.spent is None else self.granted - self.spent

    @property
    def is_filled_in(self) -> bool:
        return self.left is not None
