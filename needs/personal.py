"""What needs hold about people, and for how long (X7)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ksf.personal import Fate, PersonalTable, kind
from ksf.retention import Ground, rule
from needs.lifecycle import NeedState
from needs.models import Clarification, Endorsement, KnowledgeNeed, Relation, TextVersion
from needs.services.drafts import discard_forgotten

DRAFT_DAYS = 730


def forgotten_drafts(before: datetime) -> QuerySet[KnowledgeNeed]:
    """Drafts that were never sent, and that nobody has written in since then."""
    return KnowledgeNeed.objects.filter(state=NeedState.DRAFT, submitted_at=None, changed_at__lt=before)


rule(
    "need_drafts",
    _("Drafts of needs that were never sent, after somebody last wrote in them"),
    DRAFT_DAYS,
    Ground.NO_LONGER,
    forgotten_drafts,
    discard_forgotten,
)
kind(
    "needs",
    _("Knowledge needs"),
    Fate.CASE,
    PersonalTable(KnowledgeNeed, {"created_by": ("number", "title", "created_at")}),
    PersonalTable(TextVersion, {"created_by": ("title", "description", "created_at")}),
    PersonalTable(
        Clarification, {"asked_by": ("need", "question", "asked_at"), "answered_by": ("need", "answer", "answered_at")}
    ),
    PersonalTable(Endorsement, {"created_by": ("need", "comment", "created_at")}),
    PersonalTable(Relation, {"created_by": ("need", "other", "created_at")}),
)
