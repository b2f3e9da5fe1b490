"""What each reader may do with a need in each state, and which of it is the main button."""

import pytest
from django.urls import resolve

from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from needs.actions import actions_for, withdrawals
from needs.lifecycle import NeedState
from needs.models import Endorsement, KnowledgeNeed
from needs.services import endorsing
from tests.ksf.factories import appoint, make_user
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.regions.factories import make_partner

pytestmark = pytest.mark.django_db

NOTHING = (None, [])
MATRIX = {  # the main button, and what is listed
    "draft": {"its own contact": ("write", ["discard"])},
    "submitted": {
        "its own contact": (None, ["withdraw"]),
        "another contact": ("endorse", []),
        "its coordinator": ("take_up", ["close", "return", "relate", "hide"]),
    },
    "returned": {
        "its own contact": (None, ["withdraw"]),
        "another contact": ("endorse", []),
        "its coordinator": (None, ["close", "relate", "hide"]),
    },
    "in_assessment": {
        "another contact": ("endorse", []),
        "its coordinator": ("assess", ["prioritise", "give_answer", "close", "return", "relate", "hide"]),
    },
    "prioritised": {
        "another contact": ("endorse", []),
        "its coordinator": ("assess", ["formulate", "start_research", "give_answer", "close", "relate", "hide"]),
    },
    "researchable": {
        "another contact": ("endorse", []),
        "its coordinator": ("assess", ["start_research", "give_answer", "close", "relate", "hide"]),
    },
    "in_research": {
        "another contact": ("endorse", []),
        "its coordinator": ("assess", ["give_answer", "relate", "hide"]),
    },
    "answered": {
        "its own contact": ("put_to_use", []),
        "another contact": ("endorse", []),
        "its coordinator": (None, ["reopen", "relate", "hide"]),
    },
    "in_use": {"another contact": ("endorse", []), "its coordinator": (None, ["relate", "hide"])},
    "merged": {"its coordinator": (None, ["hide"])},
    "closed": {"its coordinator": (None, ["reopen", "relate", "hide"])},
}


def name_of(action):
    """Where an action leads: the step, or the page without the app's name."""
    found = resolve(action.url) if action else None
    return found and (found.kwargs.get("step") or found.url_name.removeprefix("need_"))


@pytest.fixture
def need():
    return make_need()


@pytest.fixture
def readers(need):
    coordinator = make_coordinator(need)
    return {
        "its own contact": make_contact(need.municipality),
        "another contact": make_contact(),
        "its coordinator": coordinator,
        "staff": appoint(Role.NATIONAL_STAFF),
        "a partner": appoint(Role.PARTNER, make_partner()),
        "an observer": appoint(Role.OBSERVER),
        "a member": make_user(),
        "a visitor": Visitor(),
    }


def in_state(need, state):
    need.state, need.number = state, None if state == NeedState.DRAFT else 7
    return need


def test_every_state_to_every_reader(need, readers):
    assert set(MATRIX) == set(NeedState)
    for state, rows in MATRIX.items():
        for who, reader in readers.items():
            found = actions_for(reader, in_state(need, state))
            expected = rows.get("its coordinator" if who == "staff" and state != "draft" else who, NOTHING)
            assert (name_of(found.main), [name_of(one) for one in found.others]) == expected, (state, who)


def test_an_assessed_need_is_assessed_again_from_the_list(need, readers):
    need.assessment = KnowledgeNeed.Assessment.RESEARCH_GAP
    found = actions_for(readers["its coordinator"], in_state(need, NeedState.PRIORITISED))
    assert found.main is None
    assert "assess" in [name_of(one) for one in found.others]


def test_who_has_endorsed_it_already_has_no_button_for_it(need, readers):
    reader, need = readers["another contact"], in_state(need, NeedState.PRIORITISED)
    need.save()
    endorsing.endorse(need, municipality=reader.appointments_in_force[0].municipality, by=reader)
    assert actions_for(reader, need).main is None
    (taken_back,) = withdrawals(need, Endorsement.objects.all())
    assert taken_back.is_post
    assert taken_back.fields == {"endorsement": Endorsement.objects.get().pk}


def test_a_draft_that_was_sent_once_is_not_discarded(need, readers):
    need.state = NeedState.DRAFT
    assert actions_for(readers["its own contact"], need).others == []


def test_a_question_is_answered_and_a_need_confirmed_by_its_own(need, readers):
    need = in_state(need, NeedState.RETURNED)
    own, other = (actions_for(readers[who], need) for who in ("its own contact", "its coordinator"))
    assert [name_of(one) for one in (own.answer, own.confirm, own.decline)] == ["write", "confirm", "decline"]
    assert (other.answer, other.confirm, other.decline) == (None, None, None)


def test_a_merging_is_undone_by_its_coordinator(need, readers):
    need = in_state(need, NeedState.MERGED)
    assert name_of(actions_for(readers["its coordinator"], need).unmerge) == "unmerge"
    assert actions_for(readers["its own contact"], need).unmerge is None


def test_hiding_is_undone_by_the_same_button(need, readers):
    found = {}
    for need.is_hidden in (False, True):
        found[need.is_hidden] = actions_for(readers["its coordinator"], need).others[-1]
    assert {hidden: dict(one.fields) for hidden, one in found.items()} == {False: {"hidden": 1}, True: {"hidden": 0}}
    assert found[False].label != found[True].label


def test_what_can_be_merged_says_so(need, readers):
    def related(state):
        others = actions_for(readers["its coordinator"], in_state(need, state)).others
        return next(one.label for one in others if name_of(one) == "relate")

    assert related(NeedState.SUBMITTED) != related(NeedState.CLOSED)
