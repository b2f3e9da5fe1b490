from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import get_commands
from django.utils import timezone

from ksf import broker, waiting
from ksf.accounts.roles import Role
from ksf.notifications import notify, tasks
from ksf.notifications.models import Notice
from ksf.notifications.tasks import send_digests
from ksf.tasks import run_command
from tests.ksf.factories import appoint, make_user

pytestmark = pytest.mark.django_db


def test_every_scheduled_task_and_command_exists():
    current_app.loader.import_default_modules()
    assert {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()} <= set(current_app.tasks)
    assert set(settings.COMMANDS_BY_THE_CLOCK) <= set(get_commands())


@pytest.mark.parametrize("name", settings.COMMANDS_BY_THE_CLOCK)
def test_commands_run_with_nothing_to_do(name):
    run_command(name)


def test_other_commands_are_refused():
    with pytest.raises(ValueError, match="flush"):
        run_command("flush")


def test_the_weekly_summary_is_sent_once_and_only_to_those_who_want_it(mailoutbox):
    wants = appoint(Role.OBSERVER, user=make_user("a@ksf.example"))
    wants_not = appoint(Role.OBSERVER, user=make_user("b@ksf.example", wants_digest=False))
    has_left = make_user("c@ksf.example")
    for user in (wants, wants_not, has_left):
        context = {"items": [waiting.WaitingItem("Rapporten", "/min-side/", "Skriv")], "site": ""}
        notify(user, "ksf/digest", context, urgent=False)
    send_digests()
    send_digests()
    assert [mail.to for mail in mailoutbox] == [["a@ksf.example"]]


def test_one_whose_address_is_refused_keeps_nobody_else_from_the_summary(mailoutbox, monkeypatch):
    for name in ("a", "b", "c"):
        user = appoint(Role.OBSERVER, user=make_user(f"{name}@ksf.example"))
        notify(user, "ksf/digest", {"items": [], "site": ""}, urgent=False)
    send = EmailMessage.send

    def refuse_b(message, *_args):
        if message.to == ["b@ksf.example"]:
            raise SMTPRecipientsRefused({})
        return send(message)

    monkeypatch.setattr(EmailMessage, "send", refuse_b)
    send_digests()
    assert [mail.to for mail in mailoutbox] == [["a@ksf.example"], ["c@ksf.example"]]
    assert Notice.objects.for_digest().get().to == "b@ksf.example"


def test_mail_that_did_not_leave_is_sent_again_for_a_week(monkeypatch):
    sent = []
    monkeypatch.setattr(broker, "send", lambda _task, pk: sent.append(pk))
    notices = [notify(make_user(), "ksf/digest", {"items": [], "site": ""}) for _ in range(3)]
    for notice, age in zip(notices, (timedelta(0), timedelta(minutes=3), timedelta(days=8)), strict=True):
        Notice.objects.filter(pk=notice.pk).update(created_at=timezone.now() - age)
    sent.clear()
    tasks.sweep()
    assert sent == [notices[1].pk]
