"""A partner's interest: shown, answered, withdrawn (N7)."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksf import audit
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.steps import lock, take
from needs.models import KnowledgeNeed
from needs.research.lifecycle import ASK, INTEREST, QUESTION, QUESTION_ACTIONS, InterestState
from needs.research.models import Interest, ResearchQuestion
from needs.research.notifications import notify_contacts, notify_of_answer, notify_of_interest
from regions.models import Partner


@transaction.atomic
def show_interest(subject: KnowledgeNeed | ResearchQuestion, *, partner: Partner, message: str, by: User) -> Interest:
    """Ask the coordinator of the region to be put in touch about a published need or an opened question.

    Raises PermissionDenied for those who do not act for the partner, ValidationError when it has asked already, or
    when the question is a project by now.
    """
    if partner.pk not in by.partner_ids(Role.PARTNER) or not _is_public(subject):
        raise PermissionDenied(ASK)
    if isinstance(subject, ResearchQuestion):
        if not QUESTION_ACTIONS.allows("ask", lock(subject), by=by):
            raise ValidationError(
                _("The question has become a project and takes no more interest. See the project on its page.")
            )
        about: dict[str, Any] = {"question": subject, "region": subject.region}
    else:
        about = {"need": subject, "region": subject.municipality.region}
    try:
        with transaction.atomic():
            interest = Interest.objects.create(partner=partner, message=message, created_by=by, **about)
    except IntegrityError as error:
        raise ValidationError(_("%(partner)s has shown interest in this already.") % {"partner": partner}) from error
    audit.record("interest.shown", interest, by=by, partner=partner.pk, message=message)
    notify_of_interest(interest)
    return interest


def _is_public(subject: KnowledgeNeed | ResearchQuestion) -> bool:
    rows: Any = (
        ResearchQuestion.objects.public()
        if isinstance(subject, ResearchQuestion)
        else KnowledgeNeed.objects.published()
    )
    return rows.filter(pk=subject.pk).exists()


@transaction.atomic
def put_in_touch(interest: Interest, *, answer: str = "", by: User) -> Interest:
    """Say yes: the partner gets the coordinator's address, the municipalities are notified, the question is matched."""
    answered = take(
        INTEREST, "put_in_touch", interest, by=by, answer=answer, answered_by=by, answered_at=timezone.now()
    )
    if answered.question and QUESTION.allows("match", answered.question, by=by):
        take(QUESTION, "match", answered.question, by=by)
    notify_of_answer(answered)
    notify_contacts(answered)
    return answered


@transaction.atomic
def decline(interest: Interest, *, answer: str, by: User) -> Interest:
    """Say no thanks, with the reason the partner gets."""
    if not answer:
        raise ValidationError({"answer": _("Write why. The partner gets the reason.")})
    answered = take(INTEREST, "decline", interest, by=by, answer=answer, answered_by=by, answered_at=timezone.now())
    notify_of_answer(answered)
    return answered


def withdraw(interest: Interest, *, by: User) -> Interest:
    """Take the interest back before it is answered."""
    return take(INTEREST, "withdraw", interest, by=by)


def is_matched(interest: Interest) -> bool:
    """Whether a project may grow out of it."""
    return interest.state == InterestState.IN_TOUCH
