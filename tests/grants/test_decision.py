"""G8: proposing and deciding an allocation, by two, on what has not changed since, within the pot."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from grants.lifecycle import (
    ApplicationState,
    CallState,
    ProposalState,
    ReviewState,
)
from grants.models import (
    Award,
    Complaint,
    Proposal,
    Rejection,
)
from grants.rules.dates import months_after
from grants.services import decision, review
from ksf.accounts.models import User
from ksf.jobs.models import Job
from tests.grants.factories import make_application, make_call, make_closed_call, make_pot, make_review
from tests.grants.helpers import decide_allocation, propose_allocation
from tests.ksf.factories import make_lead, make_staff, make_user
from tests.ksf.helpers import at_once
from tests.regions.factories import make_county, make_region

UNDER_REVIEW = ApplicationState.UNDER_REVIEW


@pytest.mark.django_db
def test_a_decision_makes_awards_rejections_and_asks_for_letters():
    call, lead = make_closed_call(), make_lead()
    decide_allocation(call, lead)
    call.refresh_from_db()
    assert call.state == CallState.DECIDED
    assert [one.amount for one in Award.objects.all()] == [500_000, 500_000]
    first = Award.objects.first()
    assert [(part.amount, part.is_held_back) for part in first.instalments.all()] == [(375_000, False), (125_000, True)]
    assert sum(share.amount for share in first.shares.all()) == first.amount
    due = {row.requirement.code: row.due_on for row in first.deliverables.all()}
    assert due == {"plan": None, "report": months_after(call.period_to, 2)}
    assert first.acceptance_due_on == timezone.localdate() + timedelta(weeks=3)
    rejected = Rejection.objects.get()
    assert rejected.application.state == ApplicationState.REJECTED
    assert rejected.complaint_due_on == timezone.localdate() + timedelta(weeks=3)
    assert Job.objects.filter(kind="grants.letters").count() == 1


@pytest.mark.django_db
def test_four_eyes():
    call, both = make_closed_call(), make_lead()
    mine = propose_allocation(call, both)
    with pytest.raises(PermissionDenied):
        decision.decide(mine, by=both)
    with pytest.raises(PermissionDenied):
        decision.decide(mine, by=make_staff())
    assert not Award.objects.exists()
    decision.decide(mine, by=make_lead())
    assert Award.objects.count() == 2


def hand_in_another_review(call):
    application = call.applications.first()
    make_review(application, state=ReviewState.HANDED_IN, points=(1, 1), handed_in_at=timezone.now())


def settle_a_score(call):
    review.settle(call.applications.first(), call.criteria.first(), points=1, grounds="x", by=make_staff())


def withdraw_one(call):
    call.applications.filter(pk=call.applications.first().pk).update(state=ApplicationState.WITHDRAWN)


def let_one_in_late(call):
    make_application(call, state=ApplicationState.SUBMITTED)


def spend_the_pot(call):
    other = make_application(make_call(pot=call.pot, cap_per_municipality=10**6), state=UNDER_REVIEW, amount=60_000)
    given = Award.objects.create(
        application=other,
        pot=call.pot,
        amount=300_000,
        decided_at=timezone.now(),
        decided_by=make_user(),
        acceptance_due_on=timezone.localdate(),
    )
    for member in other.members.all():
        given.shares.create(municipality=member.municipality, amount=60_000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [hand_in_another_review, settle_a_score, withdraw_one, let_one_in_late, spend_the_pot]
)
def test_what_has_changed_since_blocks_the_decision(change):
    call = make_closed_call()
    waiting = propose_allocation(call)
    change(call)
    before = Award.objects.count()
    with pytest.raises(decision.Blocked) as blocked:
        decision.decide(waiting, by=make_lead())
    assert blocked.value.reasons
    waiting.refresh_from_db()
    call.refresh_from_db()
    assert (waiting.state, call.state, Award.objects.count()) == (ProposalState.PROPOSED, CallState.CLOSED, before)


@pytest.mark.django_db(transaction=True)
def test_twenty_decisions_at_once_never_exceed_the_pot():
    pot, county = make_pot(2_600_000), make_county(make_region())
    calls = [make_closed_call(of=pot, pot=500_000, applications=((6, 6),), county=county) for _number in range(20)]
    waiting = [propose_allocation(call) for call in calls]
    leads = [make_lead() for _number in range(20)]
    barrier = Barrier(20)

    def attempt(pair):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            decision.decide(pair[0], by=User.objects.get(pk=pair[1].pk))
        except decision.Blocked:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(attempt, zip(waiting, leads, strict=True)))
    assert done.count(True) == 5
    assert sum(Award.objects.values_list("amount", flat=True)) == 2_500_000
    assert Proposal.objects.filter(state=ProposalState.DECIDED).count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_proposal_decided_by_two_at_once_is_decided_once():
    waiting = propose_allocation(make_closed_call())
    leads = [make_lead(), make_lead()]

    def decide(lead):
        decision.decide(waiting, by=User.objects.get(pk=lead.pk))

    assert at_once(*[partial(decide, lead) for lead in leads]) == ["StepNotAllowed", "done"]
    assert Award.objects.count() == 2


@pytest.mark.django_db
def test_the_database_holds_four_eyes_too():
    waiting = propose_allocation(make_closed_call())
    with pytest.raises(Exception, match="proposal_decided_by_another"), transaction.atomic():
        Proposal.objects.filter(pk=waiting.pk).update(decided_by=waiting.proposed_by)
    assert Complaint.objects.count() == 0
