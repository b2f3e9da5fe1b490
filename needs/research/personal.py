"""What research holds about people (X7)."""

from django.utils.translation import gettext_lazy as _

from ksf.personal import Fate, PersonalTable, kind
from needs.research.models import Interest, QuestionText, ResearchProject, ResearchQuestion, SavedSearch

kind(
    "needs-research",
    _("Research questions, interest and projects"),
    Fate.CASE,
    PersonalTable(ResearchQuestion, {"created_by": ("title", "created_at")}),
    PersonalTable(QuestionText, {"updated_by": ("question", "part", "updated_at")}),
    PersonalTable(
        Interest,
        {"created_by": ("subject", "message", "created_at"), "answered_by": ("subject", "answer", "answered_at")},
    ),
    PersonalTable(ResearchProject, {"created_by": ("title", "created_at")}),
)
kind(
    "saved-searches",
    _("Searches you have saved"),
    Fate.DELETED,
    PersonalTable(SavedSearch, {"user": ("area", "region", "kind", "is_on", "created_at", "notified_at")}),
)
