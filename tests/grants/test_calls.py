"""G3: a call from draft to closed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from grants.lifecycle import CallState
from grants.models import Call, CallText, CostCategory, PlannedInstalment
from grants.rules.dates import a_year_later, out_of_order
from grants.rules.eligibility import RULES, RuleOutcome, examine
from grants.services import application as applications
from grants.services import call as services
from ksf import waiting
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from tests.clusters.factories import make_cluster
from tests.grants.factories import make_application, make_call, make_pot
from tests.grants.helpers import make_draft, run_jobs
from tests.ksf.factories import appoint, make_user
from tests.ksf.helpers import text_of
from tests.regions.factories import make_municipality, make_partner, make_region

pytestmark = pytest.mark.django_db


def make_ready(**fields):
    call = make_call(CallState.DRAFT, **{"title_nn": "Såkornmidlar", **fields})
    Call.objects.filter(pk=call.pk).update(period_from=date(call.year, 6, 15), period_to=date(call.year + 1, 6, 30))
    for rows in (call.questions, call.cost_categories, call.required_attachments):
        rows.update(label_nn=F("label_nb"))
    for kind in ("purpose", "who_may_apply", "reporting", "control"):
        CallText.objects.create(call=call, kind=kind, text_nb="Tekst", text_nn="Tekst")
    PlannedInstalment.objects.create(call=call, number=1, share=100, when_nb="Ved aksept", when_nn="Ved aksept")
    call.refresh_from_db()
    return call


def parts(call, staff):
    with pytest.raises(services.NotReady) as not_ready:
        services.publish(call, by=staff)
    call.refresh_from_db()
    assert call.state == CallState.DRAFT
    return {fault.part for fault in not_ready.value.faults}


def test_a_ready_call_is_published(staff):
    call = services.publish(make_ready(), by=staff)
    assert call.state == CallState.PUBLISHED
    assert call.published_at
    with pytest.raises(StepNotAllowed):
        services.set_weights(call, {}, by=staff)


def test_only_staff_publish():
    with pytest.raises(PermissionDenied):
        services.publish(make_ready(), by=make_user())


def test_what_must_be_corrected_is_named(staff):
    assert parts(make_ready(weights=(60, 30)), staff) == {"criteria"}
    assert parts(make_ready(deadline=-1), staff) == {"main"}
    bare = make_call(CallState.DRAFT)
    bare.questions.all().delete()
    bare.cost_categories.update(is_allowed=False)
    assert parts(bare, staff) == {"questions", "costs", "instalments", "texts", "main", "attachments"}


def test_a_text_without_nynorsk_keeps_the_call_back(staff):
    call = make_ready()
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
    call = make_ready(**{field: timezone.localdate() + timedelta(days=days) for field, days in wrong.items()})
    assert parts(call, staff) == {"main"}
    assert set(out_of_order(vars(call))) == {name}


def test_the_deadline_is_not_moved_past_the_reviews(client, staff):
    call = make_call(review_due_on=timezone.localdate() + timedelta(days=20))
    client.force_login(staff)
    later = f"{timezone.localtime() + timedelta(days=21):%Y-%m-%dT%H:%M}"
    answer = client.post(reverse("call_extend", args=[call.slug]), {"deadline_at": later, "notice_nb": "Utsatt"})
    assert "deadline_at" in answer.context["form"].errors


def test_what_an_earlier_call_may_have_left_is_asked_about_once(client, staff):
    call = make_ready()
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
    services.publish(make_ready(), by=staff)
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
    call, cluster = make_call(), make_cluster(members=5)
    coordinator = appoint(Role.CLUSTER_COORDINATOR, cluster)
    assert [item.url for item in waiting.for_user(coordinator)].count(call.get_absolute_url()) == 1
    applications.start(call, cluster, by=coordinator)
    assert call.get_absolute_url() not in [item.url for item in waiting.for_user(coordinator)]


def test_terms_are_not_tightened_when_somebody_has_applied(client, staff):
    call = make_call()
    values = {"notice_nb": "Rettet", "cap_per_municipality": 250_000}
    assert services.correct(call, by=staff, **values).cap_per_municipality == 250_000
    make_application(call, state="submitted")
    with pytest.raises(services.TermsTightened):
        services.correct(call, by=staff, **{**values, "cap_per_municipality": 200_000})
    client.force_login(staff)
    url = reverse("call_correct", args=[call.slug])
    initial = {key: value for key, value in client.get(url).context["form"].initial.items() if value is not None}
    data = {**initial, "notice_nb": "Rettet", "amount": call.amount - 1, "least_members": call.least_members + 1}
    assert set(client.post(url, data).context["form"].errors) == {"amount", "least_members"}
    assert services.correct(call, by=staff, notice_nb="Rettet", amount=call.amount).amount == call.amount


def test_two_calls_share_what_is_in_the_pot(staff):
    pot = make_pot(7_000_000)
    make_call(pot=pot, amount=5_000_000)
    assert parts(make_ready(pot=pot, amount=2_000_001), staff) == {"main"}
    services.publish(make_ready(pot=pot, amount=2_000_000), by=staff)


def test_a_new_call_starts_from_an_earlier_one(client, staff):
    earlier = make_ready()
    client.force_login(staff)
    now = timezone.localtime()
    response = client.post(
        reverse("call_new"),
        {
            "slug": "ny-runde",
            "title_nb": "Ny runde",
            "scheme": earlier.scheme_id,
            "pot": make_pot().pk,
            "amount": "6 500 000",
            "cap_per_municipality": "300 000",
            "least_members": 5,
            "own_share": 40,
            "reviews_each": 2,
            "opens_at": f"{now:%Y-%m-%dT%H:%M}",
            "deadline_at": f"{now + timedelta(days=60):%Y-%m-%dT%H:%M}",
            "period_from": "2027-06-15",
            "period_to": "2028-06-30",
            "like": earlier.pk,
        },
    )
    call = Call.objects.get(slug="ny-runde")
    assert response.url == reverse("call_edit", args=["ny-runde", "texts"])
    assert [row.code for row in call.questions.all()] == ["why"]
    assert sum(row.weight for row in call.criteria.all()) == 100
    assert earlier.questions.count() == 1


def test_a_new_call_is_suggested_like_the_latest_a_year_later(client, staff):
    make_call(title_nb="Såkornmidler 2025", least_members=6)
    client.force_login(staff)
    form = client.get(reverse("call_new")).context["form"]
    latest = Call.objects.first()
    assert form.initial["least_members"] == 6
    assert form.initial["slug"] == str(latest.year + 1)
    assert form.initial["deadline_at"] == a_year_later(latest.deadline_at)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2027, 6, 30), date(2028, 6, 30)),
        (date(2027, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 6, 15), date(2028, 6, 15)),
    ],
)
def test_a_day_moves_by_the_calendar(day, later):
    assert a_year_later(day) == later


def test_a_moment_keeps_its_time_in_norway_and_leaves_the_weekend():
    summer = datetime(2027, 3, 31, 10, 0, tzinfo=UTC)
    assert timezone.localtime(a_year_later(summer)).isoformat() == "2028-03-31T12:00:00+02:00"
    saturday = a_year_later(datetime(2027, 1, 15, 22, 59, tzinfo=UTC))
    assert timezone.localtime(saturday).isoformat() == "2028-01-17T23:59:00+01:00"


def test_a_row_needs_no_code_and_a_new_one_comes_last(client, staff):
    call = make_ready()
    client.force_login(staff)
    url = reverse("call_edit", args=[call.slug, "attachments"])
    form = client.get(url).context["form"]
    assert form.forms[-1].initial["order"] == call.required_attachments.last().order + 1
    data = {f"attachments-{key}": value for key, value in form.management_form.initial.items()}
    for row in form.initial_forms:
        data |= {f"{row.prefix}-{name}": getattr(row.instance, name) for name in ("label_nb", "order")}
        data[f"{row.prefix}-id"] = row.instance.pk
    data |= {f"{form.forms[-1].prefix}-label_nb": "Brev fra kommunedirektøren", f"{form.forms[-1].prefix}-order": 9}
    assert client.post(url, data).status_code == 302
    row = call.required_attachments.get(label_nb="Brev fra kommunedirektøren")
    assert row.code.startswith("brev-fra-kommunedirektren")
    assert call.required_attachments.last() == row


def test_a_text_in_nynorsk_alone_is_not_lost(client, staff):
    call = make_ready()
    client.force_login(staff)
    url = reverse("call_edit", args=[call.slug, "texts"])
    answer = client.post(url, {"purpose_nn": "Hjelpe kommunane i gang."})
    assert answer.status_code == 422
    assert "purpose_nb" in answer.context["form"].errors
    assert "Hjelpe kommunane i gang." in answer.content.decode()


def test_closing_before_the_deadline_asks_first(client, staff):
    call = make_call()
    client.force_login(staff)
    page = client.get(call.get_absolute_url()).content.decode()
    assert "Lukk før fristen" in page
    assert "Det kan ikke angres" in page


def test_visitors_are_asked_to_sign_in_and_apply_while_it_is_open(client):
    call = make_call()
    page = client.get(call.get_absolute_url()).content.decode()
    assert reverse("application_start", args=[call.slug]) in page
    assert "mailto:" in page
    Call.objects.filter(pk=call.pk).update(state=CallState.CLOSED)
    assert reverse("application_start", args=[call.slug]) not in client.get(call.get_absolute_url()).content.decode()


def test_the_editor_refuses_what_does_not_add_up(client, staff):
    call = make_ready()
    client.force_login(staff)
    first, second = call.scheme.award_criteria.all()
    url = reverse("call_edit", args=[call.slug, "criteria"])
    assert client.post(url, {f"weight-{first.pk}": 50, f"weight-{second.pk}": 49}).status_code == 422
    assert client.post(url, {f"weight-{first.pk}": 75, f"weight-{second.pk}": 25}).status_code == 302
    assert [row.weight for row in call.criteria.all()] == [75, 25]
    url = reverse("call_edit", args=[call.slug, "instalments"])
    row = call.planned_instalments.get()
    data = {
        "instalments-TOTAL_FORMS": 1,
        "instalments-INITIAL_FORMS": 1,
        "instalments-0-id": row.pk,
        "instalments-0-number": 1,
        "instalments-0-share": 90,
        "instalments-0-when_nb": "Ved aksept",
    }
    assert client.post(url, data).status_code == 422
    assert client.post(url, {**data, "instalments-0-share": 100}).status_code == 302


def test_those_who_have_started_are_notified_of_corrections_and_extensions(staff):
    application, coordinator = make_draft(is_complete=False)
    call = application.call
    services.correct(call, notice_nb="Taket er hevet.", cap_per_municipality=350_000, by=staff)
    later = call.deadline_at + timedelta(days=7)
    services.extend(call, deadline_at=later, notice_nb="En uke til.", by=staff)
    with pytest.raises(services.NotLater):
        services.extend(call, deadline_at=later, notice_nb="Nei", by=staff)
    call.refresh_from_db()
    assert (call.cap_per_municipality, call.deadline_at) == (350_000, later)
    assert [notice.text_nb for notice in call.notices.all()] == ["En uke til.", "Taket er hevet."]
    assert Notice.objects.filter(user=coordinator).count() == 2


def test_calls_close_by_the_clock(capsys):
    late, still_open = make_call(deadline=-1), make_call()
    call_command("close_calls")
    late.refresh_from_db()
    still_open.refresh_from_db()
    assert (late.state, still_open.state) == (CallState.CLOSED, CallState.PUBLISHED)
    assert capsys.readouterr().out == "1 closed\n"


def test_questions_and_answers_are_public(client, staff):
    call = make_call()
    data = {"asked_on": "2026-11-10", "question_nb": "Kan to klynger søke?", "answer_nb": "Ja, hver for seg."}
    url = reverse("call_answer_new", args=[call.slug])
    client.force_login(make_user())
    assert client.post(url, data).status_code == 403
    client.force_login(staff)
    client.post(url, data)
    client.logout()
    assert "Ja, hver for seg." in client.get(call.get_absolute_url()).content.decode()


def outcome(application, code, moment=None):
    fresh = type(application).objects.for_page().get(pk=application.pk)
    return next(f for f in examine(fresh, moment or timezone.now()) if f.code == code).outcome


def test_rules_say_how_they_stand():
    application = make_application(make_call(own_share=20), amount=100_000)
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert {code for code in codes if outcome(application, code) is RuleOutcome.MISSING} == {
        "budget",
        "own",
        "agreement",
    }
    application.members.filter(pk=application.members.first().pk).update(amount=300_001)
    assert outcome(application, "cap") is RuleOutcome.MISSING
    application.members.last().delete()
    assert outcome(application, "members") is RuleOutcome.MISSING
    application.cluster.motor_terms.all().delete()
    assert outcome(application, "motor") is RuleOutcome.MISSING
    application.cluster.memberships.all().delete()
    assert outcome(application, "belonging") is RuleOutcome.MISSING


def test_costs_over_their_share_and_barred_costs_stand_in_the_way():
    application = make_application()
    pay, partner = application.call.cost_categories.all()
    for category, grant in ((pay, 70), (partner, 30)):
        application.budget.create(category=category, grant=grant)
    assert outcome(application, "costs") is RuleOutcome.OK
    application.budget.filter(category=partner).update(grant=31)
    assert outcome(application, "costs") is RuleOutcome.MISSING
    application.budget.filter(category=partner).update(grant=0, own=500)
    CostCategory.objects.filter(pk=partner.pk).update(is_allowed=False)
    assert outcome(application, "costs") is RuleOutcome.OK
    application.budget.filter(category=partner).update(grant=1)
    assert outcome(application, "costs") is RuleOutcome.MISSING


def test_own_contribution_is_a_share_of_the_whole_cost():
    application = make_application(make_call(own_share=25))
    line = application.budget.create(category=application.call.cost_categories.first(), grant=300, own=99)
    assert outcome(application, "own") is RuleOutcome.MISSING
    line.own = 100
    line.save()
    assert outcome(application, "own") is RuleOutcome.OK


def test_answers_within_their_length():
    application = make_application()
    answer = application.answers.create(question=application.call.questions.get(), content="x" * 100)
    assert outcome(application, "answers") is RuleOutcome.OK
    answer.content += "x"
    answer.save()
    assert outcome(application, "answers") is RuleOutcome.MISSING


def test_the_deadline_rule_is_exact_to_the_second():
    application = make_application()
    deadline = application.call.deadline_at
    assert outcome(application, "deadline", deadline) is RuleOutcome.OK
    assert outcome(application, "deadline", deadline + timedelta(seconds=1)) is RuleOutcome.MISSING
    assert outcome(application, "deadline", application.call.opens_at - timedelta(seconds=1)) is RuleOutcome.MISSING
