"""Asking for all that is stored about oneself, and asking to be erased (X7, GDPR articles 12, 15, 17 and 20)."""

from calendar import monthrange
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit, jobs, retention
from ksf.accounts.models import User
from ksf.jobs.models import Job
from ksf.notifications import notify
from ksf.people.services import notify_leads
from ksf.periods import today
from ksf.privacy.erasing import erase, hindrances
from ksf.privacy.lifecycle import ERASURE
from ksf.privacy.models import ErasureRequest, PersonalDownload
from ksf.steps import lock, take

DOWNLOAD_JOB = "personal_download"
DOWNLOAD_DAYS = 7


def download_of(user: User) -> PersonalDownload | None:
    """The person's file without its content, while it is kept."""
    kept = timezone.now() - timedelta(days=DOWNLOAD_DAYS)
    return PersonalDownload.objects.defer("content").filter(user=user, made_at__gt=kept).first()


def job_of(user: User) -> Job | None:
    """The newest job that makes, or made, the person's file."""
    found: Job | None = Job.objects.filter(kind=DOWNLOAD_JOB, requested_by=user).first()
    return found


@transaction.atomic
def ask_for_download(*, by: User) -> Job:
    """Ask for the file; one that is being made already is the one."""
    User.objects.select_for_update().get(pk=by.pk)  # two presses ask for one
    job = job_of(by)
    if job is not None and not job.is_finished:
        return job
    return jobs.request(
        DOWNLOAD_JOB, by=by, title=_("All that is stored about you"), subject=by, next_url=reverse("personal_data")
    )


@transaction.atomic
def ask_for_erasure(*, by: User, reason: str = "") -> ErasureRequest:
    """Ask to be erased; the national leads have a month to answer. One that waits already is the one."""
    User.objects.select_for_update().get(pk=by.pk)
    waiting = ErasureRequest.objects.open().filter(person=by).first()
    if waiting is not None:
        return waiting
    asked = ErasureRequest.objects.create(person=by, reason=reason, due_on=a_month_after(today()))
    audit.record("erasure.asked", asked, by=by)
    notify_leads("privacy/erasure_asked", {"asked": asked}, "erasure", asked.pk)
    return asked


def withdraw(asked: ErasureRequest, *, by: User) -> ErasureRequest:
    """Take the wish back, as the person who had it."""
    return take(ERASURE, "withdraw", asked, by=by)


@transaction.atomic
def refuse(asked: ErasureRequest, *, answer: str, by: User) -> ErasureRequest:
    """Say no, with the reason, which the person gets by mail with where to complain."""
    answered = _answer("refuse", asked, answer=answer, by=by)
    notify(answered.person, "privacy/erasure_refused", {"asked": answered}, url=reverse("personal_data"))
    return answered


@transaction.atomic
def carry_out(asked: ErasureRequest, *, by: User) -> ErasureRequest:
    """Erase the person for good and send the last mail to the address that was theirs.

    Raises ValidationError while the person has a role: it ends first.
    """
    asked = lock(asked)
    ERASURE.check("carry_out", asked, by=by)
    person = User.objects.select_for_update().get(pk=asked.person_id)
    if held := hindrances(person):
        text = _("%(person)s has a role, which must end first: %(roles)s.")
        raise ValidationError(text % {"person": person, "roles": "; ".join(map(str, held))})
    email, language = person.email, person.language
    answered = _answer("carry_out", asked, by=by)
    ErasureRequest.objects.filter(person=person).update(reason="")
    erase(person)
    context = {"backup_days": retention.days("backups"), "mail_days": retention.days("mail_to_others")}
    notify(None, "privacy/erasure_done", context, to=email, language=language)
    answered.refresh_from_db()
    return answered


def _answer(step: str, asked: ErasureRequest, *, by: User, answer: str = "") -> ErasureRequest:
    """Take the step with the answer, whose words are not the log's: they must go one day."""
    ErasureRequest.objects.filter(pk=asked.pk).update(answer=answer)
    return take(ERASURE, step, asked, by=by, handled_by=by, handled_at=timezone.now())


def a_month_after(day: date) -> date:
    """The same day of the next month, or its last where it has no such day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)  # noqa: PLR2004
    return date(year, month, min(day.day, monthrange(year, month)[1]))
