"""What each reader may do with a need in each state, and which of it is the main button."""

import pytest

from ksf.accounts.models import Visitor
from ksf.accounts.roles import Role
from needs.actions import (
    actions_for,
    actions_in_queue,
    actions_on_list,
    actions_on_pair,
    merge_into,
    take_back,
    withdrawals,
)
from needs.lifecycle import NeedState
from needs.models import Endorsement, KnowledgeNeed
from needs.services import endorsing
from tests.ksf.factories import appoint, make_user
from tests.ksf.helpers import looks, name_of
from tests.needs.factories import make_contact, make_coordinator, make_need
from tests.regions.factories import make_partner

pytestmark = pytest.mark.django_db

NOTHING = (None, [])
MATRIX = {  # the main button, and what is listed
    "draft": {"its own contact": ("need_write", ["need_discard"])},
    "submitted": {
        "its own contact": (None, ["withdraw"]),
        "another contact": ("need_endorse", []),
        "its coordinator": ("take_up", ["close", "return", "need_relate", "need_hide"]),
    },
    "returned": {
        "its own contact": (None, ["withdraw"]),
        "another contact": ("need_endorse", []),
        "its coordinator": (None, ["close", "need_relate", "need_hide"]),
    },
    "in_assessment": {
        "another contact": ("need_endorse", []),
        "its coordinator": (
            "need_assess",
            ["prioritise", "give_answer", "close", "return", "need_relate", "need_hide"],
        ),
    },
    "prioritised": {
        "another contact": ("need_endorse", []),
        "its coordinator": (
            "need_assess",
            ["formulate", "start_research", "give_answer", "close", "need_relate", "need_hide"],
        ),
    },
    "researchable": {
        "another contact": ("need_endorse", []),
        "its coordinator": ("need_assess", ["start_research", "give_answer", "close", "need_relate", "need_hide"]),
    },
    "in_research": {
        "another contact": ("need_endorse", []),
        "its coordinator": ("need_assess", ["give_answer", "need_relate", "need_hide"]),
    },
    "answered": {
        "its own contact": ("put_to_use", []),
        "another contact": ("need_endorse", []),
        "its coordinator": (None, ["reopen", "need_relate", "need_hide"]),
    },
    "in_use": {"another contact": ("need_endorse", []), "its coordinator": (None, ["need_relate", "need_hide"])},
    "merged": {"its coordinator": (None, ["need_hide"])},
    "closed": {"its coordinator": (None, ["reopen", "need_relate", "need_hide"])},
}


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
    assert "need_assess" in [name_of(one) for one in found.others]


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
    assert [name_of(one) for one in (own.answer, own.confirm, own.decline)] == ["need_write", "need_confirm", "decline"]
    assert (other.answer, other.confirm, other.decline) == (None, None, None)


def test_a_merging_is_undone_by_its_coordinator(need, readers):
    need = in_state(need, NeedState.MERGED)
    assert name_of(actions_for(readers["its coordinator"], need).unmerge) == "need_unmerge"
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
        return next(one.label for one in others if name_of(one) == "need_relate")

    assert related(NeedState.SUBMITTED) != related(NeedState.CLOSED)


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("its own contact", [("need_new", "primary"), ("need_import", "link")]),
        ("its coordinator", [("need_new", "primary"), ("need_import", "link"), ("need_queue", "link")]),
    ],
)
def test_what_those_who_write_may_do_from_the_list(readers, who, names):
    assert looks(actions_on_list(readers[who], may_write=True)) == names
    assert actions_on_list(readers[who], may_write=False) == []


def test_the_first_in_the_queue_has_the_main_button(need):
    first, second = (looks(actions_in_queue(need, is_first=is_first)) for is_first in (True, False))
    assert first == [("take_up", "primary"), ("return", "link"), ("need_relate", "link")]
    assert second == [("take_up", "secondary"), *first[1:]]


def test_two_that_look_alike_are_merged_or_kept_apart(need):
    other = make_need("Et annet behov")
    pair = actions_on_pair(need, other)
    assert looks(pair) == [("need_merge", "secondary"), ("need_settle", "tertiary")]
    both = (*pair, merge_into(need, other), take_back(need, other))
    assert [one.fields for one in both] == [{"other": other.pk}] * 4
    assert take_back(need, in_state(other, NeedState.MERGED)) is None
