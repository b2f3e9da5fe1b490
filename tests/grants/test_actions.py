"""What each reader may do about a decision, by what has become of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grants.actions import actions_on_decision
from grants.lifecycle import ApplicationState, AwardState
from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from tests.grants.factories import make_application, make_award
from tests.ksf.factories import appoint, make_staff, make_user
from tests.ksf.helpers import name_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def award():
    return make_award(make_application(state=ApplicationState.AWARDED))


@pytest.fixture
def readers(award):
    return {
        "its contact": appoint(Role.RD_CONTACT, award.application.motor),
        "its coordinator": appoint(Role.CLUSTER_COORDINATOR, award.application.cluster),
        "staff": make_staff(),
        "a member": make_user(),
        "a visitor": Visitor(),
    }


def found(readers, award):
    """For each who may do anything: the names of the addresses."""
    may = {who: actions_on_decision(reader, award.application) for who, reader in readers.items()}
    actions = {who: [*one.answers, *([one.complain] if one.complain else [])] for who, one in may.items()}
    return {who: [name_of(action) for action in all_] for who, all_ in actions.items() if all_}


@pytest.mark.parametrize("state", list(AwardState))
@pytest.mark.parametrize("days", [-1, 0])
def test_an_award_is_answered_by_its_own_while_there_is_time(award, readers, state, days):
    award.state, award.acceptance_due_on = state, timezone.localdate() + timedelta(days=days)
    answers = ["award_accept", "award_decline"] if (state, days) == (AwardState.DECIDED, 0) else []
    assert found(readers, award) == {
        "its contact": [*answers, "complaint_new"],
        "its coordinator": [*answers, "complaint_new"],
    }


def test_after_three_weeks_nobody_complains(award, readers):
    award.decided_at -= timedelta(days=22)
    award.acceptance_due_on -= timedelta(days=22)
    assert found(readers, award) == {}


def test_a_letter_that_is_not_written_is_not_offered(award, readers):
    assert actions_on_decision(readers["its contact"], award.application).letter is None
