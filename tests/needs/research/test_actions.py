"""What each reader may do with questions, projects and interest shown."""

import pytest

from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from needs.lifecycle import NeedState
from needs.research import actions
from needs.research.lifecycle import InterestState, ProjectState, QuestionState
from tests.ksf.factories import appoint, make_user
from tests.ksf.helpers import looks, name_of
from tests.needs.factories import make_coordinator, make_need
from tests.needs.research.factories import make_interest, make_project, make_question
from tests.regions.factories import make_municipality, make_partner

pytestmark = pytest.mark.django_db

EDIT = ("question_edit", "tertiary")
BY_COORDINATOR = {
    QuestionState.DRAFT: [("open", "primary"), EDIT],
    QuestionState.OPEN: [("take_back", "secondary"), ("match", "secondary"), ("project_new", "primary"), EDIT],
    QuestionState.MATCHED: [("open_again", "secondary"), ("project_new", "primary"), EDIT],
    QuestionState.IN_PROJECT: [],
}
PROJECT_STEPS = {
    ProjectState.PLANNED: [("start", "primary"), ("stop", "tertiary")],
    ProjectState.UNDER_WAY: [("complete", "primary"), ("stop", "tertiary")],
    ProjectState.COMPLETED: [],
    ProjectState.STOPPED: [],
}


@pytest.mark.parametrize("state", list(QuestionState))
def test_a_question_to_each_reader(state):
    question = make_question(state=state)
    is_asked = state in {QuestionState.OPEN, QuestionState.MATCHED}
    readers = (make_coordinator(question.region), appoint(Role.PARTNER, make_partner()), make_user(), Visitor())
    coordinator, partner, *others = (looks(actions.actions_on_question(reader, question)) for reader in readers)
    assert coordinator == BY_COORDINATOR[state]
    assert partner == ([("question_interest", "primary")] if is_asked else [])
    assert others == [[], []]


@pytest.mark.parametrize("state", list(ProjectState))
def test_a_project_is_moved_and_changed_by_its_coordinator(state):
    region = make_question().region
    project = make_project(region=region)
    project.state = state
    own = looks(actions.actions_on_project(make_coordinator(region), project))
    assert own == [*PROJECT_STEPS[state], ("project_edit", "secondary")]
    assert actions.actions_on_project(make_user(), project) == []


def test_a_municipality_is_taken_out_of_a_project_by_who_edits_it():
    region = make_question().region
    project = make_project(region=region)
    part = project.participations.create(municipality=make_municipality())
    ((found, remove),) = actions.participations_with_actions(make_coordinator(region), project)
    assert (found, name_of(remove)) == (part, "project_leave")
    assert actions.participations_with_actions(make_user(), project) == [(part, None)]


@pytest.mark.parametrize("state", list(InterestState))
def test_what_comes_of_interest_when_they_are_in_touch(state):
    need = make_need(state=NeedState.PRIORITISED)
    interest = make_interest(need=need)
    interest.state = state
    expected = [("project_new", "primary"), ("question_new", "secondary")] if state == InterestState.IN_TOUCH else []
    assert looks(actions.actions_on_interest(make_coordinator(need), interest)) == expected
    interest.need_id = None
    assert looks(actions.actions_on_interest(make_coordinator(need), interest)) == expected[:1]
    assert actions.actions_on_interest(interest.created_by, interest) == []


def test_a_published_need_is_on_its_way():
    need = make_need(state=NeedState.PRIORITISED)
    partner, coordinator = appoint(Role.PARTNER, make_partner()), make_coordinator(need)
    assert looks(actions.actions_on_need(partner, need)) == [("need_interest", "secondary")]
    assert looks(actions.actions_on_need(coordinator, need)) == [("question_new", "link")]
    assert actions.actions_on_need(Visitor(), need) == []
    need.is_hidden = True
    assert actions.actions_on_need(partner, need) == []


def test_coordinators_begin_questions_and_projects():
    coordinator = make_coordinator(make_question().region)
    assert name_of(actions.new_question(coordinator)) == "question_new"
    assert name_of(actions.new_project(coordinator)) == "project_new"
    assert (actions.new_question(make_user()), actions.new_project(make_user())) == (None, None)
