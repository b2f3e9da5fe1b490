"""What a merger means for needs and rounds: what is alive goes on, what has been stays (S11)."""

from datetime import timedelta

import pytest

from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.periods import period, today
from needs.lifecycle import NeedState
from needs.models import Endorsement, KnowledgeNeed
from needs.reading.story import story_of
from needs.rounds.lifecycle import RoundState
from needs.rounds.models import Participant
from regions.models import MunicipalityChange, Size
from regions.services import succeed
from reporting.figures import Facts
from tests.ksf.factories import appoint
from tests.needs.factories import make_contact, make_need
from tests.needs.rounds.factories import make_round, vote
from tests.regions.factories import make_county, make_municipality, make_region

ON = today()
pytestmark = pytest.mark.django_db


@pytest.fixture
def merger():
    """Two neighbours, the one they become today, and what brings it about."""
    county = make_county(make_region())
    first, second = make_municipality(county=county), make_municipality(county=county)
    new = make_municipality(county=county, period=period(ON))

    def merge(*olds):
        for old in olds or (first, second):
            succeed(old, [new], on=ON, kind=MunicipalityChange.Kind.MERGED, by=appoint(Role.NATIONAL_STAFF))

    return first, second, new, merge


def test_needs_that_are_alive_go_on_as_the_heir_s_and_its_contact_finds_them(merger):
    first, _second, new, merge = merger
    contact = make_contact(first)
    draft, sent = make_need(municipality=first, state=NeedState.DRAFT), make_need(municipality=first)
    closed = make_need(municipality=first, state=NeedState.CLOSED)
    merge()
    contact = User.objects.get(pk=contact.pk)
    assert {need.municipality for need in KnowledgeNeed.objects.exclude(pk=closed.pk)} == {new}
    assert KnowledgeNeed.objects.get(pk=closed.pk).municipality == first
    assert {draft, sent} <= set(KnowledgeNeed.objects.visible_to(contact))
    events = str(story_of(KnowledgeNeed.objects.get(pk=sent.pk), contact).events)
    assert str(new) in events
    assert str(first) in events


def test_nobody_endorses_twice_or_its_own(merger):
    first, second, new, merge = merger
    own, others = make_need(municipality=first), make_need()
    for need, place in ((own, second), (others, first), (others, second)):
        Endorsement.objects.create(need=need, municipality=place, created_by=make_contact(place))
    merge()
    assert [(row.need, row.municipality) for row in Endorsement.objects.all()] == [(others, new)]


def test_the_heir_votes_where_the_old_one_had_not(merger):
    first, second, new, merge = merger
    voted, both, over = (make_round(state=state) for state in (RoundState.OPEN, RoundState.OPEN, RoundState.CLOSED))
    for round_, place in ((voted, first), (both, first), (both, second), (over, first)):
        Participant.objects.create(round=round_, municipality=place, size=Size.SMALL)
    vote(voted.participants.get(municipality=first), [0, 1, 2])
    merge()
    now = [{place.municipality for place in round_.participants.all()} for round_ in (voted, both, over)]
    assert [places & {first, second, new} for places in now] == [{first}, {new}, {first}]


def test_the_years_before_count_as_they_did(merger):
    first, _second, new, merge = merger
    last_year = today().year - 1
    sent_at = make_need().submitted_at - timedelta(days=366)
    make_need(municipality=first, submitted_at=sent_at.replace(year=last_year))
    before = len(Facts(last_year).needs_in(new.region))
    merge(first)
    assert len(Facts(last_year).needs_in(new.region)) == before == 1
