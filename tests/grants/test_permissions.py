"""Who may do what, as a table of person against permission."""

import pytest
from django.utils import timezone

from grants.lifecycle import ApplicationState, ProposalState, ReviewState
from grants.models import Application, Complaint, Proposal, Review, Scenario
from ksf.accounts.models import Appointment, User, Visitor
from ksf.accounts.roles import Role
from ksf.periods import period, today
from regions.models import HostTerm
from tests.grants.factories import make_application, make_review, make_reviewer
from tests.ksf.factories import LONG_AGO, appoint, make_user
from tests.regions.factories import make_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(application):
    cluster = application.cluster
    member = cluster.memberships.exclude(municipality=application.motor).first().municipality
    host = make_municipality(region=cluster.lead_region)
    HostTerm.objects.create(region=cluster.lead_region, municipality=host, period=period(LONG_AGO))
    return {
        "staff": appoint(Role.NATIONAL_STAFF),
        "lead": appoint(Role.NATIONAL_LEAD),
        "coordinator": appoint(Role.CLUSTER_COORDINATOR, cluster),
        "motor": appoint(Role.RD_CONTACT, application.motor),
        "member": appoint(Role.RD_CONTACT, member),
        "host": appoint(Role.RD_CONTACT, host),
        "region": appoint(Role.REGIONAL_COORDINATOR, cluster.lead_region),
        "reviewer": make_reviewer(application.call),
        "observer": appoint(Role.OBSERVER),
        "nobody": make_user(),
        "visitor": Visitor(),
    }


def may(people, perm, obj):
    return {name for name, user in people.items() if user.has_perm(perm, obj)}


@pytest.mark.parametrize(
    ("perm", "expected"),
    [
        ("grants.write_application", {"coordinator", "motor"}),
        ("grants.assess_application", {"staff", "lead"}),
        ("grants.waive_rule", {"staff", "lead"}),
        ("grants.decide_application", {"lead"}),
        ("grants.complain", {"coordinator", "motor"}),
    ],
)
def test_applications(people, application, perm, expected):
    assert may(people, perm, application) == expected


def test_calls(people, application):
    assert may(people, "grants.manage_call", application.call) == {"staff", "lead"}
    assert may(people, "grants.decide_call", application.call) == {"lead"}
    assert User.objects.system().has_perm("grants.close_call", application.call)


def test_a_lead_with_a_tie_does_not_decide(application):
    lead = appoint(Role.NATIONAL_LEAD)
    appoint(Role.CLUSTER_COORDINATOR, application.cluster, user=lead)
    assert not User.objects.get(pk=lead.pk).has_perm("grants.decide_application", application)


def test_reviews_are_written_by_their_reviewer_without_ties(people, application):
    review = make_review(application, people["reviewer"])
    assert may(people, "grants.write_review", review) == {"reviewer"}
    assert may(people, "grants.manage_review", review) == {"staff", "lead"}
    for name in ("coordinator", "motor", "member", "host", "region"):
        tied = make_reviewer(application.call, user=people[name])
        assert not tied.has_perm("grants.write_review", make_review(application, tied)), name


def test_an_ended_appointment_closes_the_review_the_same_day(application):
    reviewer = make_reviewer(application.call)
    review = make_review(application, reviewer, state=ReviewState.WRITING)
    Appointment.objects.filter(user=reviewer).update(period=period(LONG_AGO, today()))
    reviewer = User.objects.get(pk=reviewer.pk)
    assert not reviewer.has_perm("grants.write_review", review)
    assert not Application.objects.visible_to(reviewer).exists()
    assert not Review.objects.visible_to(reviewer).exists()


def test_who_proposes_does_not_decide(application):
    lead, other = appoint(Role.NATIONAL_LEAD), appoint(Role.NATIONAL_LEAD)
    scenario = Scenario.objects.create(call=application.call, created_by=lead)
    proposal = Proposal.objects.create(
        call=application.call, scenario=scenario, state=ProposalState.PROPOSED, chosen_by=lead, proposed_by=lead
    )
    assert not lead.has_perm("grants.decide_allocation", proposal)
    assert other.has_perm("grants.decide_allocation", proposal)


def test_a_complaint_is_handled_by_someone_who_took_no_part(application):
    judge, proposer, other = (appoint(Role.NATIONAL_STAFF) for _ in range(3))
    make_review(application, judge)
    scenario = Scenario.objects.create(call=application.call, created_by=proposer)
    Proposal.objects.create(call=application.call, scenario=scenario, chosen_by=proposer)
    complaint = Complaint.objects.create(
        application=application, text="Urimelig", received_at=timezone.now(), sent_by=make_user()
    )
    people = {"judge": judge, "proposer": proposer, "other": other}
    assert may(people, "grants.handle_complaint", complaint) == {"other"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ApplicationState.DRAFT, {"staff", "lead", "coordinator", "motor"}),
        (ApplicationState.WITHDRAWN, {"staff", "lead", "coordinator", "motor"}),
        (ApplicationState.UNDER_REVIEW, {"staff", "lead", "coordinator", "motor", "member", "region", "reviewer"}),
    ],
)
def test_who_sees_an_application(people, application, state, expected):
    make_application(state=ApplicationState.UNDER_REVIEW)
    Application.objects.filter(pk=application.pk).update(state=state)
    if state == ApplicationState.UNDER_REVIEW:
        make_review(application, people["reviewer"], state=ReviewState.WRITING)
    seen = {
        name
        for name, user in people.items()
        if application.pk in set(Application.objects.visible_to(user).values_list("pk", flat=True))
    }
    assert seen == expected


@pytest.mark.parametrize("state", [ReviewState.ASSIGNED, ReviewState.CONFLICTED, ReviewState.RELEASED])
def test_an_application_is_closed_until_the_reviewer_has_declared(application, state):
    review = make_review(application, state=state)
    assert not Application.objects.visible_to(review.reviewer).exists()


@pytest.mark.parametrize("tie", ["coordinator", "motor", "member", "host", "region"])
def test_a_reviewer_with_a_tie_sees_neither_application_nor_reviews(people, application, tie):
    user = make_reviewer(application.call, user=people[tie])
    make_review(application, user, state=ReviewState.HANDED_IN, points=[5, 5])
    make_review(application, people["reviewer"], state=ReviewState.HANDED_IN, points=[5, 5])
    assert not Review.objects.visible_to(user).exists()
    sees = Application.objects.visible_to(user).exists()
    assert sees is (tie in {"coordinator", "motor"})
