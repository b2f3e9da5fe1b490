"""What each reader may do with a round in each state."""

import pytest

from ksf.accounts.models import Visitor
from needs.rounds.actions import actions_on_round, remove, set_up
from needs.rounds.lifecycle import RoundState
from tests.ksf.factories import make_user
from tests.ksf.helpers import looks, name_of
from tests.needs.factories import make_contact
from tests.needs.rounds.factories import make_round, pass_deadline, vote

pytestmark = pytest.mark.django_db

DRAFT = [
    ("round_candidates", "secondary"),
    ("round_lift", "secondary"),
    ("round_edit", "tertiary"),
    ("round_discard", "tertiary"),
]


def found(round_, reader, *, may_publish=False):
    own = round_.participants.with_turnout().of(reader).select_related("municipality")
    actions = actions_on_round(reader, round_, own, may_publish=may_publish)
    return looks(actions.main), looks(actions.draft)


def test_a_draft_is_opened_and_changed_by_who_runs_it():
    round_ = make_round()
    assert found(round_, round_.runner) == ([("open", "primary")], DRAFT)
    assert found(round_, make_user()) == ([], [])
    assert looks([remove(round_, round_.candidates.first())]) == [("round_candidate_remove", "tertiary")]


def test_an_open_round_is_voted_in_by_contacts_and_closed_by_who_runs_it():
    round_ = make_round(RoundState.OPEN)
    first, second = round_.participants.all()[:2]
    contact = make_contact(first.municipality)
    contact.appointments.create(
        role="rd_contact", municipality=second.municipality, period=contact.appointments.get().period
    )
    contact = type(contact).objects.get(pk=contact.pk)
    assert found(round_, round_.runner) == ([("close", "secondary")], [])
    assert found(round_, contact) == ([("round_ballot", "primary"), ("round_ballot", "secondary")], [])
    assert found(round_, Visitor()) == ([], [])


def test_a_ballot_is_changed_until_the_deadline_and_read_after_it():
    round_ = make_round(RoundState.OPEN)
    participant = round_.participants.first()
    contact = make_contact(participant.municipality)
    own = round_.participants.with_turnout().of(contact).select_related("municipality")
    (cast,) = actions_on_round(contact, round_, own.all(), may_publish=False).main
    vote(participant, [0, 1, 2], by=contact)
    (change,) = actions_on_round(contact, round_, own.all(), may_publish=False).main
    assert cast.label != change.label
    pass_deadline(round_)
    round_.refresh_from_db()
    assert found(round_, contact) == ([("round_ballot", "link")], [])


def test_a_result_is_published_and_its_minutes_are_read():
    round_ = make_round(RoundState.CLOSED)
    publishing = [("round_publish", "primary"), ("round_change", "secondary")]
    assert found(round_, round_.runner, may_publish=True) == (publishing, [])
    round_.state, round_.document_number = RoundState.PUBLISHED, "KSF-2026-1"
    assert found(round_, Visitor()) == ([("document", "secondary")], [])


def test_coordinators_set_up_rounds():
    assert name_of(set_up(make_round().runner)) == "round_new"
    assert set_up(make_user()) is None
