"""The retention rules of what the ground floor keeps; the apps above add theirs in ``<app>/personal.py``."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db.models import FileField, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ksf import audit, backups
from ksf.accounts.models import SYSTEM_EMAIL, Appointment, Invitation, User
from ksf.audit.models import AuditPersonal
from ksf.documents.models import Rendering
from ksf.jobs.models import UNFINISHED, Job
from ksf.notifications.models import Notice
from ksf.once.models import SentForm
from ksf.people.security import FAILURE
from ksf.periods import DateRange
from ksf.privacy.erasing import erase
from ksf.privacy.models import PersonalDownload
from ksf.privacy.services import DOWNLOAD_DAYS
from ksf.retention import Ground, rule
from ksf.writing.models import UnsentForm
from ksf.writing.services import DAYS_UNSENT, earlier_of_nothing


def ended_sessions(_before: datetime) -> QuerySet[Session]:
    """Those that have run out: each says itself when."""
    return Session.objects.filter(expire_date__lt=timezone.now())


def devices_signed_out(_before: datetime) -> QuerySet[UserSession]:
    """The browsers whose session is gone."""
    return UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))


def old_notices(before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(created_at__lt=before)


def files_of_nothing(before: datetime) -> list[str]:
    """The names of files that no row points at, written before that moment: left when a row was replaced or undone."""
    used = set(chain.from_iterable(map(_files_of, apps.get_models())))
    return [name for name in _files_in("") if name not in used and default_storage.get_modified_time(name) < before]


def _files_of(model: type[Model]) -> Iterable[str]:
    fields = [field.name for field in model._meta.concrete_fields if isinstance(field, FileField)]  # noqa: SLF001
    for field in fields:
        yield from model._default_manager.exclude(**{field: ""}).values_list(field, flat=True)  # noqa: SLF001


def _files_in(folder: str) -> Iterable[str]:
    if folder and not default_storage.exists(folder):
        return
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing has been uploaded yet
        return
    for name in files:
        yield f"{folder}{name}"
    for name in folders:
        yield from _files_in(f"{folder}{name}/")


def remove_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def accounts_without_a_role(before: datetime) -> QuerySet[User]:
    """Those whose last role ended before then, or who got none in all that time."""
    later = Appointment.objects.exclude(period__fully_lt=DateRange(timezone.localdate(before), None, "[)"))
    return (
        User.objects.filter(erased_at=None, created_at__lt=before)
        .exclude(email=SYSTEM_EMAIL)
        .exclude(pk__in=later.values("user"))
    )


def erase_all(people: QuerySet[User]) -> None:
    """Erase them as if they had asked; the log says which."""
    system = User.objects.system()
    for person in people.select_for_update(of=("self",)):
        erase(person)
        audit.record("account.erased", person, by=system)


SESSION_DAYS = settings.SESSION_COOKIE_AGE // 86_400

rule(
    "sessions",
    _("That you are signed in, after you were last there"),
    SESSION_DAYS,
    Ground.NO_LONGER,
    ended_sessions,
)
rule(
    "devices",
    _("Browser and IP address of a place where you are signed in, after you were last there"),
    SESSION_DAYS,
    Ground.SECURITY,
    devices_signed_out,
)
rule(
    "failed_sign_ins",
    _("E-mail address and IP address of a failed attempt to sign in"),
    90,
    Ground.SECURITY,
    lambda before: AuditPersonal.objects.filter(entry__verb=FAILURE, entry__at__lt=before),
)
rule(
    "security_log",
    _("IP addresses and e-mail addresses in the rest of the security log"),
    365,
    Ground.SECURITY,
    lambda before: AuditPersonal.objects.filter(entry__at__lt=before),
)
rule(
    "notices",
    _("E-mail and notices from the portal to you"),
    365,
    Ground.TASK,
    old_notices,
)
rule(
    "mail_to_others",
    _("E-mail from the portal to an address without an account"),
    30,
    Ground.TASK,
    lambda before: old_notices(before).filter(user=None),
)
rule(
    "invitations",
    _("Invitations, with name and e-mail address, after they ran out"),
    90,
    Ground.TASK,
    lambda before: Invitation.objects.filter(expires_at__lt=before),
)
rule(
    "jobs",
    _("Who asked the portal for work that takes time, after it was done"),
    365,
    Ground.NO_LONGER,
    lambda before: Job.objects.filter(finished_at__lt=before, key=None).exclude(state__in=UNFINISHED),
)
rule(
    "renderings",
    _("PDFs that can be made again"),
    settings.RENDERINGS_KEPT_DAYS,
    Ground.NO_LONGER,
    lambda before: Rendering.objects.filter(made_at__lt=before),
)
rule(
    "files",
    _("Uploaded files that belong to nothing any more"),
    7,
    Ground.NO_LONGER,
    files_of_nothing,
    remove_files,
)
rule(
    "backups",
    _("Backups, in which what was deleted from the portal is found until then"),
    backups.KEPT.days,
    Ground.SECURITY,
)
rule(
    "copies",
    _("The file with all that is stored about you, when you have asked for it"),
    DOWNLOAD_DAYS,
    Ground.RIGHTS,
    lambda before: PersonalDownload.objects.filter(made_at__lt=before),
)
rule(
    "former_accounts",
    _("Your name and the rest of your account, after your last role ended"),
    730,
    Ground.NO_LONGER,
    accounts_without_a_role,
    erase_all,
)
rule(
    "unsent_forms",
    _("What you have written in a form and not sent, after you last wrote in it"),
    DAYS_UNSENT,
    Ground.TASK,
    lambda before: UnsentForm.objects.filter(updated_at__lt=before),
)
rule(
    "earlier_of_nothing",
    _("Earlier versions of texts in what has been discarded"),
    7,
    Ground.NO_LONGER,
    earlier_of_nothing,
)
rule(
    "sent_forms",
    _("That a form was sent, so that it is not sent twice; neither your name nor the text is in it"),
    settings.SENT_FORMS_KEPT_DAYS,
    Ground.TASK,
    lambda before: SentForm.objects.filter(sent_at__lt=before),
)
