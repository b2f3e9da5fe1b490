"""What a report still lacks before it can be handed in (R2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from reporting.figures import earlier_values, figure_of, is_unusual
from reporting.figures.values import format_value
from reporting.lifecycle import SectionState
from reporting.models import ActivityReport, GrantUse, RegionalReport, ReportFigure, ReportSection
from reporting.models.sections import SectionCode

FINISHED = {SectionState.DONE, SectionState.ACCEPTED}


@dataclass(frozen=True)
class FigureLine:
    """A figure in the report with its region's last year, and whether it asks for a word of explanation."""

    figure: ReportFigure
    label: str
    last_year: Decimal | None
    is_unusual: bool

    @property
    def value_text(self) -> str:
        return format_value(self.figure.value, self.figure.unit)

    @property
    def computed_text(self) -> str:
        return format_value(self.figure.computed, self.figure.unit)

    @property
    def last_text(self) -> str:
        return format_value(self.last_year, self.figure.unit)

    @property
    def notes(self) -> list[str]:
        """Why it is corrected, and why it is far from earlier years, where the region has written it."""
        explanation = self.figure.explanation if self.figure.is_corrected else ""
        return [f"{self.label}: {text}" for text in (explanation, self.figure.remark) if text]

    @property
    def lacks_remark(self) -> bool:
        return self.is_unusual and not self.figure.remark.strip()

    @property
    def is_reported(self) -> bool:
        return figure_of(self.figure.code).work is None


@dataclass(frozen=True)
class SectionContents:
    """One section with everything that belongs in it, and what it still lacks."""

    section: ReportSection
    lines: Sequence[FigureLine]
    activities: Sequence[ActivityReport]
    grant_use: GrantUse | None = None
    lacks: Sequence[str] = field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        return self.section.state in FINISHED

    @property
    def state(self) -> str:
        """How far the part has come, in a few words."""
        if self.section.is_nothing and self.is_finished:
            return _("Nothing new")
        return self.section.get_state_display()

    @property
    def has_facts(self) -> bool:
        """Whether there is more to it than its text."""
        return bool(self.lines or self.activities or self.grant_use)

    @property
    def left(self) -> list[str]:
        """What is to be done with the part, as sentences; empty when nothing is."""
        if self.is_finished or self.lacks:
            return list(self.lacks)
        return [_("Everything is filled in. Read it and mark the part as finished.")]

    @property
    def has_last_year(self) -> bool:
        """Whether any of its figures was counted the year before."""
        return any(line.last_year is not None for line in self.lines)


@dataclass(frozen=True)
class ReportContents:
    """A whole report for its pages: the parts in order and how far they have come."""

    report: RegionalReport
    parts: Sequence[SectionContents]
    lacks: Sequence[str]

    @property
    def finished(self) -> int:
        return sum(part.is_finished for part in self.parts)

    @property
    def is_complete(self) -> bool:
        return self.finished == len(self.parts) and not self.all_lacks

    @property
    def parts_left(self) -> list[SectionContents]:
        """The parts that are not finished, or lack something."""
        return [part for part in self.parts if part.left]

    @property
    def all_lacks(self) -> list[str]:
        """What the report and each of its parts lack, as sentences."""
        return [*self.lacks, *(lack for part in self.parts for lack in part.lacks)]

    def part(self, code: str) -> SectionContents:
        """The part called ``code``. Raises KeyError when the report has none."""
        for part in self.parts:
            if part.section.code == code:
                return part
        raise KeyError(code)


def contents_of(report: RegionalReport) -> ReportContents:
    """The report's parts with figures and activities, in four queries however large it is."""
    earlier = earlier_values(report)
    lines: dict[str, list[FigureLine]] = {}
    for row in report.figures.defer("records").select_related("indicator"):
        figure = figure_of(row.code)
        past = earlier.get(row.code, [])
        line = FigureLine(row, str(figure.label), past[0] if past else None, is_unusual(row.value, past, row.unit))
        lines.setdefault(figure.section, []).append(line)
    activities = _activities(report)
    parts = []
    sections = ReportSection.objects.filter(report=report).select_related("updated_by", "report__grant_use")
    for section in sections.defer("report__snapshot"):
        use = section.report.grant_use if section.code == SectionCode.GRANT_USE else None
        section.report = report
        part = SectionContents(
            section,
            lines.get(section.code, []),
            activities.get(section.definition.goal, []) if section.definition.goal else [],
            use,
        )
        parts.append(SectionContents(part.section, part.lines, part.activities, use, list(_lacks(part))))
    return ReportContents(report, parts, list(_report_lacks(report)))


def _activities(report: RegionalReport) -> dict[str, list[ActivityReport]]:
    rows = (
        ActivityReport.objects.filter(activity__plan__region=report.region_id, activity__plan__year=report.year)
        .select_related("activity__goal")
        .order_by("activity__goal__order", "activity__order", "activity__due_on", "pk")
    )
    activities: dict[str, list[ActivityReport]] = {}
    for row in rows:
        activities.setdefault(row.activity.goal.code, []).append(row)
    return activities


def _lacks(part: SectionContents) -> Iterator[str]:
    """What keeps this part from being finished, as sentences."""
    if not part.section.is_filled_in:
        yield _("Nothing is written. Write a few sentences, or say that there is nothing to report.")
    for line in part.lines:
        if line.lacks_remark:
            yield _("Explain why “%(figure)s” is far from earlier years.") % {"figure": line.label}
        if line.is_reported and line.figure.value is None and not part.section.is_nothing:
            yield _("Fill in “%(figure)s”.") % {"figure": line.label}
    for row in part.activities:
        if not row.is_filled_in:
            yield _("Say how “%(activity)s” went.") % {"activity": row.activity}
    if part.grant_use is not None and not part.grant_use.is_filled_in:
        yield _("Fill in how much of the operating grant was received and spent.")


def _report_lacks(report: RegionalReport) -> Iterator[str]:
    year_is_over = timezone.localdate() > date(report.year, 12, 31)
    if year_is_over and (
        report.figures_at is None or timezone.localdate(report.figures_at) <= date(report.year, 12, 31)
    ):
        yield _("The figures were fetched before the year was over. Fetch them again.")
