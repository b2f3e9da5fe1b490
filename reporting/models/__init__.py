"""Goals and indicators, regional plans and reports, and the national report (R1-R4)."""

from reporting.models.indicators import Goal, Indicator, Target
from reporting.models.national import NationalReport
from reporting.models.plan import ActivityReport, PlanActivity, PlanTarget, RegionalPlan
from reporting.models.report import GrantUse, RegionalReport, ReportFigure, ReportSection, SectionComment

__all__ = [
    "ActivityReport",
    "Goal",
    "GrantUse",
    "Indicator",
    "NationalReport",
    "PlanActivity",
    "PlanTarget",
    "RegionalPlan",
    "RegionalReport",
    "ReportFigure",
    "ReportSection",
    "SectionComment",
    "Target",
]
