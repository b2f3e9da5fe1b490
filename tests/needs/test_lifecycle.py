"""Every step from every state, held against a hand-written set; and who may what to a need."""

import pytest
from django.core.exceptions import PermissionDenied

from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from needs.lifecycle import ACTIONS, NEED, NeedState
from needs.models import KnowledgeNeed
from tests.clusters.factories import add_member, make_cluster
from tests.ksf.factories import appoint, make_user
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.regions.factories import make_municipality, make_partner, make_region

pytestmark = pytest.mark.django_db

MATRIX = {
    "draft": {"submit"},
    "submitted": {"withdraw", "take_up", "return", "merge", "close", "decline"},
    "returned": {"answer", "withdraw", "merge", "close", "decline"},
    "in_assessment": {"return", "prioritise", "give_answer", "merge", "close", "decline"},
    "prioritised": {"formulate", "start_research", "give_answer", "merge", "close"},
    "researchable": {"start_research", "give_answer", "close"},
    "in_research": {"give_answer"},
    "answered": {"put_to_use", "reopen"},
    "in_use": set(),
    "merged": {
        "unmerge_to_submitted",
        "unmerge_to_returned",
        "unmerge_to_in_assessment",
        "unmerge_to_prioritised",
    },
    "closed": {"reopen"},
}
ACTIONS_IN = {
    "draft": {"write", "discard"},
    "submitted": {"confirm", "endorse", "relate", "hide"},
    "returned": {"write", "confirm", "endorse", "relate", "hide"},
    "in_assessment": {"confirm", "endorse", "assess", "relate", "hide"},
    "prioritised": {"confirm", "endorse", "assess", "relate", "hide"},
    "researchable": {"confirm", "endorse", "assess", "relate", "hide"},
    "in_research": {"confirm", "endorse", "assess", "relate", "hide"},
    "answered": {"confirm", "endorse", "relate", "hide"},
    "in_use": {"confirm", "endorse", "relate", "hide"},
    "merged": {"hide"},
    "closed": {"relate", "hide"},
}


class Everything:
    """Somebody with every permission: what is left is the table."""

    def has_perm(self, _perm, _obj):
        return True


@pytest.mark.parametrize("state", list(NeedState))
def test_the_matrix(state):
    need = KnowledgeNeed(state=state)
    assert {step.name for step in NEED.steps_for(Everything(), need)} == MATRIX[state]
    assert {step.name for step in ACTIONS.steps_for(Everything(), need)} == ACTIONS_IN[state]


@pytest.mark.parametrize("state", list(NeedState))
def test_every_other_step_is_refused(state):
    need = KnowledgeNeed(state=state)
    for name in set(NEED.steps) - MATRIX[state]:
        with pytest.raises(StepNotAllowed):
            NEED.check(name, need, by=Everything())


def test_targets():
    assert {name: str(step.target) for name, step in NEED.steps.items()} == {
        "submit": "submitted",
        "answer": "submitted",
        "withdraw": "draft",
        "take_up": "in_assessment",
        "return": "returned",
        "prioritise": "prioritised",
        "formulate": "researchable",
        "start_research": "in_research",
        "give_answer": "answered",
        "put_to_use": "in_use",
        "merge": "merged",
        "close": "closed",
        "unmerge_to_submitted": "submitted",
        "unmerge_to_returned": "returned",
        "unmerge_to_in_assessment": "in_assessment",
        "unmerge_to_prioritised": "prioritised",
        "decline": "closed",
        "reopen": "in_assessment",
    }


def who_may(need, user):
    perms = ("write_need", "own_need", "handle_need", "endorse_need")
    return {perm for perm in perms if user.has_perm(f"needs.{perm}", need)}


def test_who_may_what():
    need = make_need()
    region = need.municipality.region
    assert who_may(need, make_contact(need.municipality)) == {"write_need", "own_need"}
    assert who_may(need, make_contact()) == {"endorse_need"}
    assert who_may(need, make_coordinator(need)) == {"handle_need"}
    assert who_may(need, appoint(Role.NATIONAL_STAFF)) == {"handle_need"}
    assert who_may(need, appoint(Role.REGIONAL_COORDINATOR, make_region())) == set()
    assert who_may(need, appoint(Role.HOST_LEAD, region)) == set()
    assert who_may(need, appoint(Role.PARTNER, make_partner())) == set()
    assert who_may(need, appoint(Role.OBSERVER)) == set()
    assert who_may(need, make_user()) == set()
    assert who_may(need, Visitor()) == set()


def test_who_sees_which_states():
    place = make_municipality()
    needs = {state: make_need(str(state), municipality=place, state=state) for state in NeedState if state != "merged"}
    cluster = make_cluster(lead_region=make_region())
    add_member(cluster, place)

    def seen(user):
        return set(KnowledgeNeed.objects.visible_to(user).values_list("title", flat=True))

    every = {str(state) for state in needs}
    public = every - {"draft", "submitted", "returned"}
    assert seen(Visitor()) == public
    assert seen(make_user()) == public
    assert seen(appoint(Role.PARTNER, make_partner())) == public
    assert seen(appoint(Role.OBSERVER)) == public
    assert seen(appoint(Role.KS_REGIONAL_OFFICE, make_region())) == every - {"draft"}
    assert seen(make_contact()) == every - {"draft"}
    assert seen(appoint(Role.CLUSTER_COORDINATOR, cluster)) == every - {"draft"}
    assert seen(make_coordinator(place.region)) == every - {"draft"}
    assert seen(make_contact(place)) == every


def test_a_hidden_need_is_seen_by_its_own_and_its_coordinators_only():
    need = make_need(state=NeedState.PRIORITISED, is_hidden=True)
    visible = KnowledgeNeed.objects.visible_to
    assert not visible(Visitor()).exists()
    assert not visible(make_contact()).exists()
    assert visible(make_contact(need.municipality)).exists()
    assert visible(make_coordinator(need)).exists()


def test_a_stranger_is_refused_before_the_state_is_revealed():
    with pytest.raises(PermissionDenied):
        NEED.check("take_up", make_need(state=NeedState.CLOSED), by=make_contact())
