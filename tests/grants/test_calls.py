"""G3: a call from draft to closed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from grants.lifecycle import CallState
from grants.models import Call
from grants.rules.dates import a_year_later
from grants.services import call as services
from ksf.notifications.models import Notice
from tests.grants.factories import make_application, make_call, make_pot
from tests.grants.helpers import make_draft, make_ready_call
from tests.ksf.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_deadline_is_not_moved_past_the_reviews(client, staff):
    call = make_call(review_due_on=timezone.localdate() + timedelta(days=20))
    client.force_login(staff)
    later = f"{timezone.localtime() + timedelta(days=21):%Y-%m-%dT%H:%M}"
    answer = client.post(reverse("call_extend", args=[call.slug]), {"deadline_at": later, "notice_nb": "Utsatt"})
    assert "deadline_at" in answer.context["form"].errors


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


def test_a_new_call_starts_from_an_earlier_one(client, staff):
    earlier = make_ready_call()
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


def test_a_decision_is_not_suggested_for_a_weekend(client, staff):
    make_call(decision_on=date(2027, 4, 1))  # the first of April 2028 is a Saturday
    client.force_login(staff)
    assert client.get(reverse("call_new")).context["form"].initial["decision_on"] == date(2028, 4, 3)


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
    call = make_ready_call()
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
    call = make_ready_call()
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
    call = make_ready_call()
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
