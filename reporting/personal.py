"""What plans and reports hold about people (X7)."""

from django.utils.translation import gettext_lazy as _

from ksf.personal import Fate, PersonalTable, kind
from reporting.models import (
    ActivityReport,
    NationalReport,
    RegionalPlan,
    RegionalReport,
    ReportSection,
    SectionComment,
)

kind(
    "reporting",
    _("Plans and reports"),
    Fate.CASE,
    PersonalTable(RegionalPlan, {"submitted_by": ("region", "year", "submitted_at")}),
    PersonalTable(RegionalReport, {"submitted_by": ("region", "year", "submitted_at")}),
    PersonalTable(ReportSection, {"updated_by": ("report", "code", "updated_at")}),
    PersonalTable(ActivityReport, {"updated_by": ("activity", "updated_at")}),
    PersonalTable(SectionComment, {"by": ("section", "text", "at")}),
    PersonalTable(NationalReport, {"published_by": ("year", "published_at")}),
)
