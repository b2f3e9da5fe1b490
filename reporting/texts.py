"""What is written in reports, for the coordinators who write them."""

from collections.abc import Mapping
from typing import TypeVar

from ksf.accounts.models import User
from ksf.writing.registry import LongTexts, keeps_versions, labels_of
from reporting.actions import may_write_section
from reporting.figures import figure_of
from reporting.models import ActivityReport, RegionalReport, ReportFigure, ReportSection
from reporting.rules.completeness import contents_of
from reporting.services import report as services
from reporting.services.report import Draft

Row = TypeVar("Row", ReportFigure, ActivityReport)


@keeps_versions
class SectionTexts(LongTexts[ReportSection]):
    model = ReportSection

    def find(self, pk: int) -> ReportSection | None:
        return ReportSection.objects.select_related("report__region").filter(pk=pk).first()

    def labels(self, user: User, row: ReportSection) -> Mapping[str, str]:
        return {"content": row.title} if user.has_perm("reporting.write", row) else {}

    def may_change(self, user: User, row: ReportSection, field: str) -> bool:  # noqa: ARG002 - it has one
        return may_write_section(user, row)

    def change(self, row: ReportSection, field: str, text: str, *, by: User) -> None:
        services.save_part(row, [Draft(row, {field: text}, row.version)], by=by)

    def url(self, row: ReportSection, field: str) -> str:  # noqa: ARG002
        return row.get_absolute_url()


class _RowTexts(LongTexts[Row]):
    """The texts of a row that is written on a section's page."""

    def section_of(self, row: Row) -> ReportSection:
        raise NotImplementedError

    def labels(self, user: User, row: Row) -> Mapping[str, str]:
        fields = services.LONG_TEXTS | {"explanation"}
        own = [field.name for field in row._meta.fields if field.name in fields]  # noqa: SLF001
        return labels_of(row, *own) if user.has_perm("reporting.write", self.section_of(row)) else {}

    def may_change(self, user: User, row: Row, field: str) -> bool:  # noqa: ARG002 - all or none
        return may_write_section(user, self.section_of(row))

    def change(self, row: Row, field: str, text: str, *, by: User) -> None:
        services.save_part(self.section_of(row), [Draft(row, {field: text}, row.version)], by=by)

    def url(self, row: Row, field: str) -> str:  # noqa: ARG002
        return self.section_of(row).get_absolute_url()


@keeps_versions
class FigureTexts(_RowTexts[ReportFigure]):
    model = ReportFigure

    def find(self, pk: int) -> ReportFigure | None:
        return ReportFigure.objects.select_related("report__region").filter(pk=pk).first()

    def section_of(self, row: ReportFigure) -> ReportSection:
        return row.report.sections.select_related("report__region").get(code=figure_of(row.code).section)

    def change(self, row: ReportFigure, field: str, text: str, *, by: User) -> None:
        if field == "explanation":
            services.correct_figure(row, corrected=row.corrected, explanation=text, by=by)
        else:
            super().change(row, field, text, by=by)


@keeps_versions
class ActivityTexts(_RowTexts[ActivityReport]):
    model = ActivityReport

    def find(self, pk: int) -> ActivityReport | None:
        return ActivityReport.objects.select_related("activity__plan", "activity__goal").filter(pk=pk).first()

    def section_of(self, row: ActivityReport) -> ReportSection:
        plan = row.activity.plan
        report = RegionalReport.objects.select_related("region").get(region=plan.region_id, year=plan.year)
        parts = contents_of(report).parts
        return next(part.section for part in parts if row.pk in {one.pk for one in part.activities})
