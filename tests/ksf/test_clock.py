import pytest
from celery import current_app
from django.conf import settings
from django.core.management import get_commands

from ksf import waiting
from ksf.notifications import notify
from ksf.notifications.tasks import send_digests
from ksf.tasks import run_command
from tests.ksf.factories import make_user

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


def test_the_weekly_summary_tells_once_and_only_those_who_want_it(mailoutbox):
    wants, wants_not = make_user("a@ksf.example"), make_user("b@ksf.example", wants_digest=False)
    for user in (wants, wants_not):
        context = {"items": [waiting.Item("Rapporten", "/min-side/", "Skriv")], "site": ""}
        notify(user, "ksf/digest", context, urgent=False)
    send_digests()
    send_digests()
    assert [mail.to for mail in mailoutbox] == [["a@ksf.example"]]
