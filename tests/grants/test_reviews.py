"""G6: who judges, what they may see when, and what their scores come to."""

from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.lifecycle import ApplicationState, CallState, ReviewState
from grants.models import Application, Review, Score
from grants.rules import scores
from grants.rules.assignment import spread
from grants.services import review as services
from ksf import waiting
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from tests.grants.factories import make_application, make_call, make_review, make_reviewer
from tests.ksf.factories import appoint

HANDED_IN = ReviewState.HANDED_IN


def loads(plan, held=None):
    count = {}
    for reviewers in (*plan.values(), *(held or {}).values()):
        for reviewer in reviewers:
            count[reviewer] = count.get(reviewer, 0) + 1
    return count


def test_reviewers_are_spread_evenly_and_ties_avoided():
    free = {1: {10, 11, 12}, 2: {10, 11, 12}, 3: {11, 12}}
    plan = spread(free, 2)
    assert loads(plan) == {10: 2, 11: 2, 12: 2}
    assert all(len(plan[pk]) == 2 and plan[pk] <= free[pk] for pk in free)


def test_work_is_moved_along_a_chain_to_even_it_out():
    free = {1: {1, 2}, 2: {1, 2}, 3: {2, 3}, 4: {1}}
    assert max(loads(spread(free, 1)).values()) == 2


def test_those_assigned_stay_and_count():
    held = {1: {10, 11}, 2: {10}}
    plan = spread({1: {12, 13}, 2: {11, 12, 13}}, 2, held)
    assert plan[1] == set()
    assert plan[2] < {12, 13}


def test_with_too_few_free_reviewers_all_are_taken():
    assert spread({1: {5}, 2: set()}, 2) == {1: {5}, 2: set()}


@settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(st.dictionaries(st.integers(1, 8), st.frozensets(st.integers(1, 6)), max_size=8), st.integers(1, 3))
def test_no_single_move_would_make_the_plan_more_even(free, each):
    plan = spread(free, each)
    load = {reviewer: 0 for reviewers in free.values() for reviewer in reviewers} | loads(plan)
    for application, reviewers in plan.items():
        assert len(reviewers) == min(each, len(free[application]))
        for here in reviewers:
            for there in free[application] - reviewers:
                assert load[here] - load[there] < 2


def test_scores_are_weighed_exactly():
    weights = {1: 30, 2: 30, 3: 20, 4: 20}
    reviews = {7: {1: 6, 2: 4, 3: 6, 4: 6}, 8: {1: 6, 2: 5, 3: 5, 4: 6}, 9: {1: 6, 2: 5, 3: 5, 4: 6}}
    summary = scores.summary_of(reviews, weights)
    assert summary.reviewers == {7: Fraction(54, 10), 8: Fraction(55, 10), 9: Fraction(55, 10)}
    assert summary.score == Fraction(164, 30)
    assert summary.shown == "5,47"
    assert summary.spread == Fraction(1, 10)
    assert not summary.is_wide


def test_a_joint_score_takes_the_place_of_the_mean_on_its_criterion():
    summary = scores.summary_of({1: {1: 2, 2: 4}, 2: {1: 6, 2: 4}}, {1: 50, 2: 50}, {1: 7})
    assert summary.score == Fraction(11, 2)
    assert summary.spread == 2
    assert summary.is_wide


def test_nothing_is_said_of_an_incomplete_review():
    summary = scores.summary_of({1: {1: 5}}, {1: 50, 2: 50})
    assert (summary.score, summary.shown, summary.spread) == (None, "", None)


@pytest.mark.parametrize(
    ("value", "shown"), [(Fraction(1, 200), "0,01"), (Fraction(7), "7,00"), (Fraction(10, 3), "3,33")]
)
def test_two_decimals_round_half_up(value, shown):
    assert scores.two_decimals(value) == shown


@pytest.mark.django_db
def test_assigning_starts_the_review_avoids_ties_and_notifies_each_reviewer_once(staff):
    call = make_call(CallState.CLOSED)
    first, second = (make_application(call, state=ApplicationState.SUBMITTED) for _ in range(2))
    draft = make_application(call)
    tied = make_reviewer(call, user=appoint(Role.CLUSTER_COORDINATOR, first.cluster))
    free = [make_reviewer(call) for _ in range(2)]
    made = services.assign_evenly(call, by=staff)
    assert {(review.application, review.reviewer) for review in made if review.reviewer == tied} == {(second, tied)}
    assert {review.application for review in made} == {first, second}
    assert len(made) == 4
    first.refresh_from_db()
    assert first.state == ApplicationState.UNDER_REVIEW
    assert Notice.objects.filter(user__in=[tied, *free]).count() == 3
    assert services.assign_evenly(call, by=staff) == []
    assert not draft.reviews.exists()


@pytest.mark.django_db
def test_nothing_is_assigned_while_the_call_is_open_nor_by_others(staff):
    call = make_call()
    with pytest.raises(services.StillOpen):
        services.assign_evenly(call, by=staff)
    with pytest.raises(PermissionDenied):
        services.assign_evenly(call, by=make_reviewer(call))


@pytest.mark.django_db
def test_a_conflict_closes_the_application_and_another_is_assigned(staff):
    call = make_call(CallState.CLOSED)
    application = make_application(call, state=ApplicationState.SUBMITTED)
    for _ in range(3):
        make_reviewer(call)
    first, _second = services.assign_evenly(call, by=staff)
    services.declare_conflict(first, declaration="Svoger", by=first.reviewer)
    assert Notice.objects.filter(user=staff).exists()
    (third,) = services.assign_evenly(call, by=staff)
    assert third.reviewer != first.reviewer
    with pytest.raises(StepNotAllowed):
        services.declare_impartial(first, declaration="", by=first.reviewer)
    assert application.reviews.live().count() == 2


@pytest.mark.django_db
def test_a_review_is_handed_in_only_when_complete():
    review = make_review(make_application(state=ApplicationState.UNDER_REVIEW), state=ReviewState.WRITING)
    with pytest.raises(services.Incomplete) as incomplete:
        services.hand_in(review, by=review.reviewer)
    assert len(incomplete.value.missing) == 2
    assert incomplete.value.lacks_amount
    review.scores.update(points=5, content="Godt")
    services.save_advice(review, advised_amount=400_000, by=review.reviewer)
    assert services.hand_in(review, by=review.reviewer).handed_in_at
    with pytest.raises(StepNotAllowed):
        services.save_points(review.scores.first(), 7, by=review.reviewer)


@pytest.mark.django_db
def test_others_reviews_show_only_when_one_s_own_is_in():
    application = make_application(state=ApplicationState.UNDER_REVIEW)
    theirs = make_review(application, state=HANDED_IN, points=[5, 5])
    unfinished = make_review(application, state=ReviewState.WRITING, points=[1, 1])
    mine = make_review(application, state=ReviewState.WRITING, points=[6, 6], advised_amount=1)
    assert set(Review.objects.visible_to(mine.reviewer)) == {mine}
    services.hand_in(mine, by=mine.reviewer)
    assert set(Review.objects.visible_to(mine.reviewer)) == {mine, theirs}
    assert unfinished not in Review.objects.visible_to(mine.reviewer)


@pytest.mark.django_db
def test_the_form_is_filled_in_without_script(client):
    application = make_application(state=ApplicationState.UNDER_REVIEW)
    review = make_review(application)
    theirs = make_review(application, state=HANDED_IN, points=[2, 2], content="De andres ord", advised_amount=5)
    client.force_login(review.reviewer)
    assert "§" in client.get(review.get_absolute_url()).content.decode()
    client.post(reverse("review_declare", args=[review.pk]), {"is_impartial": "yes"})
    for score in review.scores.all():
        client.post(reverse("review_points", args=[review.pk, score.pk]), {"points": "6"})
        client.post(reverse("review_grounds", args=[review.pk, score.pk]), {"content": "Godt", "version": "0"})
    assert client.post(reverse("review_hand_in", args=[review.pk])).status_code == 422
    assert client.post(reverse("review_advice", args=[review.pk]), {"advised_amount": "500 001"}).status_code == 422
    client.post(reverse("review_advice", args=[review.pk]), {"advised_amount": "500 000"})
    client.post(reverse("review_hand_in", args=[review.pk]))
    review.refresh_from_db()
    assert review.state == HANDED_IN
    assert scores.of_call(application.call)[application.pk].score == 4
    assert theirs in Review.objects.visible_to(review.reviewer)


@pytest.mark.django_db
def test_what_is_missing_is_linked_and_what_others_gave_stands_beside_ones_own(client):
    application = make_application(state=ApplicationState.UNDER_REVIEW)
    review = make_review(application, state=ReviewState.WRITING, points=[6, 6])
    make_review(application, state=HANDED_IN, points=[2, 3], content="De andres ord", advised_amount=5)
    empty = review.scores.first()
    Score.objects.filter(pk=empty.pk).update(points=None)
    client.force_login(review.reviewer)
    refused = client.post(reverse("review_hand_in", args=[review.pk]))
    assert f'href="#score-{empty.pk}"' in refused.content.decode()
    assert 'href="#id_advised_amount"' in refused.content.decode()
    assert [others for _mine, others in refused.context["rows"]] == [[], []]
    Score.objects.filter(pk=empty.pk).update(points=6)
    Review.objects.filter(pk=review.pk).update(advised_amount=7)
    assert client.post(reverse("review_hand_in", args=[review.pk])).status_code == 302
    beside = client.get(review.get_absolute_url()).context["rows"]
    assert [[given.points for given in others] for _mine, others in beside] == [[2], [3]]


@pytest.mark.django_db
def test_ones_reviews_are_those_to_do_and_those_done(client):
    application = make_application(state=ApplicationState.UNDER_REVIEW)
    to_do = make_review(application, state=ReviewState.WRITING)
    done = make_review(make_application(application.call), to_do.reviewer, state=HANDED_IN, handed_in_at=timezone.now())
    client.force_login(to_do.reviewer)
    context = client.get(reverse("review_list")).context
    assert (context["to_do"], context["done"]) == ([to_do], [done])


@pytest.mark.django_db
def test_a_closed_call_waits_for_staff_until_it_is_with_the_lead(staff):
    application = make_application(make_call(CallState.CLOSED), state=ApplicationState.UNDER_REVIEW)
    call = application.call

    def what():
        return [item.what for item in waiting.for_user(staff) if item.title == str(call.title)]

    assert what() == ["Fordel søknadene på fagfeller"]
    reviews = [make_review(application, points=[5, 5]) for _each in range(call.reviews_each)]
    assert what() == []
    Review.objects.filter(pk__in=[review.pk for review in reviews]).update(
        state=HANDED_IN, declared_at=timezone.now(), handed_in_at=timezone.now()
    )
    assert what() == ["Fordel midlene og send til vedtak"]


@pytest.mark.django_db
def test_staff_see_scores_and_spread(client, staff):
    application = make_application(state=ApplicationState.UNDER_REVIEW)
    make_review(application, state=HANDED_IN, points=[7, 7])
    make_review(application, state=HANDED_IN, points=[4, 5])
    url = reverse("review_overview", args=[application.call.slug])
    assert client.get(url).status_code == 302
    client.force_login(make_reviewer(application.call))
    assert client.get(url).status_code == 403
    client.force_login(staff)
    page = client.get(url).content.decode()
    assert "5,70" in page
    assert "2,60" in page


@pytest.mark.django_db
def test_the_panel_settles_a_joint_score_from_the_application(client, staff):
    application = make_application(state=ApplicationState.UNDER_REVIEW)
    make_review(application, state=HANDED_IN, points=[7, 7])
    make_review(application, state=HANDED_IN, points=[3, 5])
    client.force_login(staff)
    overview = client.get(reverse("review_overview", args=[application.call.slug])).content.decode()
    assert f'href="{application.get_absolute_url()}#scores"' in overview
    url = reverse("application_settle", args=[application.pk, application.call.criteria.first().pk])
    assert f'href="{url}"' in client.get(application.get_absolute_url()).content.decode()
    asked = client.get(url).content.decode()
    assert "<b>7</b></dt>" in asked
    assert "<b>3</b></dt>" in asked
    assert client.post(url, {"points": "6"}).status_code == 422  # never without grounds
    assert client.post(url, {"points": "6", "grounds": "Vi ble enige."}).status_code == 302
    assert scores.of_call(application.call)[application.pk].shown == "6,00"  # 60 % of 6 and 40 % of 6
    again = client.get(url).content.decode()
    assert "Vi ble enige." in again
    assert client.post(url, {"points": "7", "grounds": "Nytt møte."}).status_code == 302
    assert application.joint_scores.get().points == 7


@pytest.mark.django_db
def test_a_joint_score_is_settled_only_under_review_and_by_staff(client, staff):
    application = make_application(state=ApplicationState.AWARDED)
    criterion = application.call.criteria.first()
    with pytest.raises(StepNotAllowed):
        services.settle(application, criterion, points=6, grounds="x", by=staff)
    reader = appoint(Role.REGIONAL_COORDINATOR, application.cluster.lead_region)
    client.force_login(reader)
    assert client.get(reverse("application_settle", args=[application.pk, criterion.pk])).status_code == 403
    assert not application.joint_scores.exists()


@pytest.mark.django_db
def test_staff_take_a_review_off_its_reviewer_and_give_one_back_from_its_page(client, staff):
    application = make_application(state=ApplicationState.UNDER_REVIEW)
    writing = make_review(application, state=ReviewState.WRITING)
    done = make_review(application, state=HANDED_IN, points=[5, 5])
    client.force_login(staff)
    for review, name, state in ((writing, "release", ReviewState.RELEASED), (done, "give_back", ReviewState.WRITING)):
        url = reverse(f"review_{name}", args=[review.pk])
        assert f'action="{url}"' in client.get(review.get_absolute_url()).content.decode()
        assert client.post(url).status_code == 302
        review.refresh_from_db()
        assert review.state == state
    client.force_login(done.reviewer)
    assert reverse("review_release", args=[done.pk]) not in client.get(done.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_review_waits_only_while_its_application_is_assessed():
    review = make_review(make_application(state=ApplicationState.UNDER_REVIEW))
    assert Review.objects.to_do().get() == review
    Application.objects.update(state=ApplicationState.INELIGIBLE)
    assert not Review.objects.to_do().exists()
