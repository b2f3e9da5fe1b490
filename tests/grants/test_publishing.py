"""G3: what keeps a call from being published, and who is notified of it and of its deadline."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from clusters.models import Cluster
from grants.lifecycle import CallState
from grants.models import RequiredDeliverable
from grants.rules.dates import out_of_order
from grants.services import application as applications
from grants.services import call as services
from ksf import waiting
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from tests.clusters.factories import make_cluster
from tests.grants.factories import make_call, make_pot
from tests.grants.helpers import make_draft, make_ready_call, run_jobs
from tests.ksf.factories import appoint, make_user
from tests.ksf.helpers import text_of
from tests.regions.factories import make_municipality, make_partner, make_region

pytestmark = pytest.mark.django_db


def parts(call, staff):
    with pytest.raises(services.NotReady) as not_ready:
        services.publish(call, by=staff)
    call.refresh_from_db()
    assert call.state == CallState.DRAFT
    return {fault.part for fault in not_ready.value.faults}


def test_a_ready_call_is_published(staff):
    call = services.publish(make_ready_call(), by=staff)
    assert call.state == CallState.PUBLISHED
    assert call.published_at
    with pytest.raises(StepNotAllowed):
        services.set_weights(call, {}, by=staff)


def test_only_staff_publish():
    with pytest.raises(PermissionDenied):
        services.publish(make_ready_call(), by=make_user())


def test_what_must_be_corrected_is_named(staff):
    assert parts(make_ready_call(weights=(60, 30)), staff) == {"criteria"}
    assert parts(make_ready_call(deadline=-1), staff) == {"main"}
    bare = make_call(CallState.DRAFT)
    bare.questions.all().delete()
    bare.cost_categories.update(is_allowed=False)
    assert parts(bare, staff) == {"questions", "costs", "instalments", "texts", "main", "attachments"}


def test_a_text_without_nynorsk_keeps_the_call_back(staff):
    call = make_ready_call()
    call.questions.update(label_nn="")
    call.texts.filter(kind="purpose").update(text_nn="")
    assert parts(call, staff) == {"questions", "texts"}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("review_due_on", {"review_due_on": 3}),
        ("decision_on", {"review_due_on": 20, "decision_on": 20}),
        ("decision_on", {"decision_on": 5}),
    ],
)
def test_days_come_in_order(staff, name, wrong):
    call = make_ready_call(**{field: timezone.localdate() + timedelta(days=days) for field, days in wrong.items()})
    assert parts(call, staff) == {"main"}
    assert set(out_of_order(vars(call))) == {name}


def test_what_an_earlier_call_may_have_left_is_asked_about_once(client, staff):
    call = make_ready_call()
    call.texts.filter(kind="purpose").update(text_nb="Frist 1. mars 2026", text_nn="Frist 1. mars 2026")
    call.scheme.legal_basis_nb = "Statsbudsjettet 2026"
    call.scheme.save()
    assert parts(call, staff) == {"texts", "main"}
    client.force_login(staff)
    url = reverse("call_publish", args=[call.slug])
    assert "2026" in text_of(client.get(url))
    refused = client.post(url, {})
    assert (refused.status_code, "has_looked" in refused.context["form"].errors) == (422, True)
    assert client.post(url, {"has_looked": "on"}).url == call.get_absolute_url()
    call.refresh_from_db()
    assert call.state == CallState.PUBLISHED


def test_a_call_that_lacks_something_cannot_be_published_from_its_page(client, staff):
    call = make_call(CallState.DRAFT)
    client.force_login(staff)
    url = reverse("call_publish", args=[call.slug])
    assert 'data-variant="primary"' not in text_of(client.get(url)).split("<main")[1]
    assert client.post(url, {"has_looked": "on"}).status_code == 422


def test_those_a_new_call_concerns_are_notified_once(staff):
    region = make_region()
    people = [
        appoint(Role.CLUSTER_COORDINATOR, make_cluster()),
        appoint(Role.RD_CONTACT, make_municipality()),
        appoint(Role.REGIONAL_COORDINATOR, region),
        appoint(Role.HOST_LEAD, region),
        appoint(Role.KS_REGIONAL_OFFICE, region),
    ]
    partner = appoint(Role.PARTNER, make_partner())
    appoint(Role.RD_CONTACT, make_municipality(), user=people[0])
    services.publish(make_ready_call(), by=staff)
    run_jobs("grants.call_published")
    run_jobs("grants.call_published")
    notified = list(Notice.objects.filter(subject__startswith="Ny utlysning").values_list("user", flat=True))
    assert sorted(notified) == sorted(user.pk for user in people)
    assert partner.pk not in notified


def test_those_with_a_draft_are_reminded_once_for_each_day():
    call = make_call(deadline=30)
    _application, coordinator = make_draft(call)
    ours = Notice.objects.filter(user=coordinator, subject__startswith="Fristen for")
    for days_left, reminders in ((15, 0), (14, 1), (13, 1), (6, 2), (5, 2), (1, 3), (0, 3)):
        services.request_reminders(call.deadline_at - timedelta(days=days_left))
        run_jobs("grants.deadline_comes")
        assert ours.count() == reminders, days_left


def test_an_open_call_waits_for_those_who_may_apply_until_they_begin():
    call, (first, second) = make_call(), [make_cluster(members=5, state="being_established") for _cluster in range(2)]
    coordinator = appoint(Role.CLUSTER_COORDINATOR, first)

    def waits():
        fresh = User.objects.get(pk=coordinator.pk)
        return [item.url for item in waiting.for_user(fresh)].count(call.get_absolute_url())

    assert waits() == 1
    applications.start(call, first, by=coordinator)
    assert waits() == 0
    appoint(Role.CLUSTER_COORDINATOR, second, user=coordinator)
    assert waits() == 1  # for the other cluster
    Cluster.objects.filter(pk=second.pk).update(state="exploring")
    assert waits() == 0  # which may not apply yet


def test_what_is_due_on_a_day_follows_the_call_and_comes_within_its_period(staff):
    call = make_ready_call()
    early = call.period_from - timedelta(days=1)
    due = {"code": "plan", "label_nb": "Plan", "label_nn": "Plan", "due_from": "date"}
    row = RequiredDeliverable.objects.create(call=call, due_on=early, **due)
    assert parts(call, staff) == {"deliverables"}
    RequiredDeliverable.objects.filter(pk=row.pk).update(due_on=date(call.year, 12, 31))
    pot = make_pot(year=call.year + 2)
    fields = ("scheme", "amount", "cap_per_municipality", "opens_at", "deadline_at", "period_from", "period_to")
    values = {name: getattr(call, name) for name in fields}
    drafted = services.draft_call(like=call, by=staff, slug="to-aar-etter", title_nb="Ny", pot=pot, **values)
    assert drafted.required_deliverables.get().due_on == date(call.year + 2, 12, 31)


def test_who_is_notified_and_from_when_is_said_before_publishing(client, staff):
    client.force_login(staff)
    appoint(Role.RD_CONTACT, make_municipality())
    open_now, later = make_ready_call(), make_ready_call(opens=3)
    said = {call: text_of(client.get(reverse("call_publish", args=[call.slug]))) for call in (open_now, later)}
    assert "1 person blant" in said[open_now]
    assert "søknader kan komme inn fra" not in said[open_now]
    assert "søknader kan komme inn fra" in said[later]


def test_two_calls_share_what_is_in_the_pot(staff):
    pot = make_pot(7_000_000)
    make_call(pot=pot, amount=5_000_000)
    assert parts(make_ready_call(pot=pot, amount=2_000_001), staff) == {"main"}
    services.publish(make_ready_call(pot=pot, amount=2_000_000), by=staff)
