"""What the ground floor holds about people; the apps above add theirs in ``<app>/personal.py``."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from ksf.accounts.models import Appointment, Invitation, User
from ksf.audit.models import AuditEntry
from ksf.content.models import NewsItem
from ksf.documents.models import Document
from ksf.jobs.models import Job
from ksf.notifications.models import Notice
from ksf.personal import Fate, PersonalTable, kind
from ksf.privacy.models import ErasureRequest, PersonalDownload
from ksf.writing.models import EarlierText, UnsentForm

kind(
    "account",
    _("Your account"),
    Fate.LOG,
    PersonalTable(
        User,
        {
            "id": (
                "email",
                "name",
                "phone",
                "language",
                "shows_contact",
                "wants_urgent_mail",
                "wants_digest",
                "created_at",
                "last_login",
            )
        },
    ),
)
kind(
    "signing-in",
    _("How and where you sign in"),
    Fate.DELETED,
    PersonalTable(EmailAddress, {"user": ("email", "verified", "primary")}),
    PersonalTable(Authenticator, {"user": ("type", "created_at", "last_used_at")}),
    PersonalTable(SocialAccount, {"user": ("provider", "uid", "last_login", "date_joined")}),
    PersonalTable(UserSession, {"user": ("ip", "user_agent", "created_at", "last_seen_at")}),
)
kind(
    "notices",
    _("E-mail and notices to you"),
    Fate.DELETED,
    PersonalTable(
        Notice,
        {
            "user": ("to", "subject", "body", "created_at", "sent_at"),
            "to": ("subject", "body", "created_at", "sent_at"),
        },
    ),
)
kind(
    "invitations",
    _("Invitations to you"),
    Fate.DELETED,
    PersonalTable(Invitation, {"email": ("name", "role", "starts_on", "ends_on", "created_at", "used_at")}),
)
kind(
    "roles",
    _("Roles you have and have had, and gave others"),
    Fate.LOG,
    PersonalTable(Appointment, {"user": ("scope_name", "role", "starts_on", "ends_on", "position_percentage")}),
    PersonalTable(
        Invitation,
        {"invited_by": ("role", "created_at"), "confirmed_by": ("role", "confirmed_at")},
    ),
)
kind(
    "log",
    _("What the log says you did"),
    Fate.LOG,
    PersonalTable(AuditEntry, {"actor": ("verb", "at", "acting_as", "subject_type", "subject_id", "personal_facts")}),
)
kind(
    "jobs",
    _("Work you asked the portal for"),
    Fate.LOG,
    PersonalTable(Job, {"requested_by": ("title", "created_at", "finished_at")}),
)
kind(
    "documents",
    _("Documents sealed in your name"),
    Fate.CASE,
    PersonalTable(Document, {"created_by": ("title", "number", "created_at")}),
)
kind(
    "news",
    _("News you wrote"),
    Fate.CASE,
    PersonalTable(NewsItem, {"created_by": ("title_nb", "text_nb", "title_nn", "text_nn", "created_at")}),
)
kind(
    "copies",
    _("Copies of what is stored about you"),
    Fate.DELETED,
    PersonalTable(PersonalDownload, {"user": ("made_at",)}),
)
kind(
    "erasure",
    _("Wishes to be erased"),
    Fate.LOG,
    PersonalTable(
        ErasureRequest,
        {
            "person": ("state", "reason", "asked_at", "answer", "handled_at"),
            "handled_by": ("state", "answer", "handled_at"),
        },
    ),
)
kind(
    "unsent",
    _("What you have written and not sent"),
    Fate.DELETED,
    PersonalTable(UnsentForm, {"person": ("page", "texts", "updated_at")}),
)
kind(
    "earlier",
    _("What texts were before you or others wrote something else"),
    Fate.CASE,
    PersonalTable(
        EarlierText,
        {"written_by": ("subject_type", "field", "text", "written_at"), "replaced_by": ("subject_type", "replaced_at")},
    ),
)
