import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ksf import broker
from ksf import waiting as waiting_for
from ksf.accounts.models import Appointment, User
from ksf.notifications import links
from ksf.notifications.models import Notice
from ksf.notifications.services import DELIVER

LOST_AFTER = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(days=7)
DIGESTS_APART = timedelta(days=6)
"""Less than a week: Monday's summary may be late one week and in time the next."""

logger = logging.getLogger(__name__)


@shared_task
@transaction.atomic
def deliver(notice_id: int) -> None:
    """Send one notice, once: the row is locked, and one already sent is left alone."""
    notice = Notice.objects.select_for_update(skip_locked=True).to_send().filter(pk=notice_id).first()
    if notice is None:
        return
    notice.sent_at = timezone.now()
    notice.save(update_fields=["sent_at"])
    text = _text_to_send(notice)
    if text is not None:
        EmailMessage(notice.subject, text, to=[notice.to]).send()


def _text_to_send(notice: Notice) -> str | None:
    """The text with the link that lets the person in, where it has one; None where that opens nothing any more."""
    if not notice.link_kind or notice.link_to is None:
        return notice.body
    address = links.make(notice.link_kind, notice.link_to)
    return address and notice.body.replace(links.PLACE, f"{settings.SITE_URL}{address}")


@shared_task
def sweep() -> None:
    """Send what the broker lost or the mail server refused, for a week; the person's own page shows it meanwhile."""
    waited = (timezone.now() - GIVEN_UP_AFTER, timezone.now() - LOST_AFTER)
    notices = list(Notice.objects.to_send().filter(created_at__range=waited).values_list("pk", flat=True))
    if not notices:
        return
    waiting = broker.waiting_on([settings.CELERY_TASK_DEFAULT_QUEUE])
    for pk in notices:
        if broker.name_of(DELIVER, pk) not in waiting:
            broker.send(DELIVER, pk)


@shared_task
def send_digests() -> None:
    """Every Monday: to each person with a role who wants it, what waits and what happened since the last summary."""
    held = Appointment.objects.in_force().values("user")
    for user in User.objects.filter(is_active=True, wants_digest=True, pk__in=held).order_by("pk").iterator():
        try:
            send_digest(user)
        except OSError:  # the mail server's word; what is not sent is kept for the next summary
            logger.exception("no summary left for user %s", user.pk)


@transaction.atomic
def send_digest(user: User) -> bool:
    """Send one person's summary; False when there is nothing to report, or another clock has sent this week's."""
    now = timezone.now()
    to_get = User.objects.exclude(digest_sent_at__gt=now - DIGESTS_APART)
    if not to_get.select_for_update(of=("self",), no_key=True).filter(pk=user.pk).exists():
        return False
    news = list(Notice.objects.for_digest().filter(user=user).select_for_update())
    items = waiting_for.for_user(user)
    if not news and not items:
        return False
    with translation.override(user.language):
        text = render_to_string("mails/ksf/digest.txt", {"news": news, "items": items, "site": settings.SITE_URL})
    subject, _, body = text.strip().partition("\n")
    User.objects.filter(pk=user.pk).update(digest_sent_at=now)
    Notice.objects.filter(pk__in=[notice.pk for notice in news]).update(sent_at=timezone.now())
    EmailMessage(subject.strip(), body.strip(), to=[user.email]).send()
    return True
