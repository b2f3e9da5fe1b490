"""A deadline to the second, and on the two nights of the year whose hours are not 24 (G4, X11)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from grants.models import Call
from grants.services.call import close_due_calls, request_reminders
from ksf.jobs.models import Job
from tests.grants.factories import make_call

pytestmark = pytest.mark.django_db
OSLO = ZoneInfo("Europe/Oslo")
SECOND = timedelta(seconds=1)
NIGHTS = {
    "March, an hour that is not there": datetime(2027, 3, 28, 2, 30, tzinfo=OSLO),
    "October, the first of two": datetime(2027, 10, 31, 2, 30, tzinfo=OSLO),
    "October, the second": datetime(2027, 10, 31, 2, 30, tzinfo=OSLO, fold=1),
}


@pytest.fixture(params=NIGHTS.values(), ids=NIGHTS.keys())
def call(request):
    """A call with its deadline in that night, as the database gives it back."""
    deadline = request.param
    made = make_call(opens_at=deadline - timedelta(days=30), deadline_at=deadline)
    return Call.objects.get(pk=made.pk)


def test_in_time_at_the_second_and_too_late_one_after(call):
    assert call.is_open_at(call.deadline_at)
    assert not call.is_open_at(call.deadline_at + SECOND)
    assert call in Call.objects.open_at(call.deadline_at)
    assert call not in Call.objects.open_at(call.deadline_at + SECOND)


def test_closed_by_the_clock_when_it_is_over_and_not_before(call, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: call.deadline_at)
    assert close_due_calls() == 0
    monkeypatch.setattr(timezone, "now", lambda: call.deadline_at + SECOND)
    assert [close_due_calls(), close_due_calls()] == [1, 0]


def test_each_reminder_is_asked_for_once_however_often_the_clock_goes(call):
    hour = call.deadline_at - timedelta(days=20)
    while hour < call.deadline_at:
        request_reminders(hour)
        hour += timedelta(hours=1)
    keys = Job.objects.filter(kind="grants.deadline_comes").values_list("key", flat=True)
    assert sorted(key.rpartition("-")[2] for key in keys) == ["14", "2", "7"]


def test_the_two_half_past_two_of_october_are_an_hour_apart():
    first, second = (moment.astimezone(ZoneInfo("UTC")) for name, moment in NIGHTS.items() if "October" in name)
    assert second - first == timedelta(hours=1)
