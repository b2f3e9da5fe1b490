"""What grants hold about people (X7)."""

from django.utils.translation import gettext_lazy as _

from grants.models import (
    Answer,
    Application,
    Attachment,
    Award,
    CallNotice,
    Complaint,
    JointScore,
    Line,
    Proposal,
    Redecision,
    Rejection,
    Review,
    Scenario,
    Score,
    Submission,
    Waiver,
)
from ksf.personal import Fate, PersonalTable, kind

kind(
    "grants-applications",
    _("Applications for seed grants"),
    Fate.MONEY,
    PersonalTable(Application, {"created_by": ("title", "created_at")}),
    PersonalTable(Answer, {"updated_by": ("question", "updated_at")}),
    PersonalTable(Attachment, {"uploaded_by": ("name", "application", "uploaded_at")}),
    PersonalTable(Submission, {"submitted_by": ("application", "submitted_at")}),
    PersonalTable(
        Waiver,
        {"waived_by": ("application", "reason", "waived_at"), "taken_back_by": ("application", "taken_back_at")},
    ),
)
kind(
    "grants-reviews",
    _("Reviews of applications"),
    Fate.MONEY,
    PersonalTable(
        Review,
        {
            "reviewer": ("application", "declaration", "declared_at", "handed_in_at"),
            "assigned_by": ("application", "assigned_at"),
            "updated_by": ("application", "content", "updated_at"),
        },
    ),
    PersonalTable(Score, {"updated_by": ("criterion", "points", "content", "updated_at")}),
    PersonalTable(JointScore, {"settled_by": ("application", "criterion", "points", "grounds", "settled_at")}),
)
kind(
    "grants-decisions",
    _("Decisions about grants"),
    Fate.MONEY,
    PersonalTable(CallNotice, {"published_by": ("text_nb", "published_at")}),
    PersonalTable(Scenario, {"created_by": ("call", "created_at")}),
    PersonalTable(Line, {"overridden_by": ("application", "override_reason", "overridden_at")}),
    PersonalTable(
        Proposal,
        {
            "chosen_by": ("call", "chosen_at"),
            "proposed_by": ("call", "proposed_at"),
            "decided_by": ("call", "decided_at"),
        },
    ),
    PersonalTable(
        Award,
        {
            "decided_by": ("application", "decided_at"),
            "answered_by": ("application", "decline_reason", "answered_at"),
        },
    ),
    PersonalTable(Rejection, {"decided_by": ("application", "decided_at")}),
)
kind(
    "grants-complaints",
    _("Complaints about grants"),
    Fate.MONEY,
    PersonalTable(
        Complaint,
        {
            "sent_by": ("application", "text", "received_at"),
            "handled_by": ("application", "answer", "handled_at"),
        },
    ),
    PersonalTable(
        Redecision,
        {
            "proposed_by": ("complaint", "proposed_at"),
            "decided_by": ("complaint", "decided_at"),
        },
    ),
)
