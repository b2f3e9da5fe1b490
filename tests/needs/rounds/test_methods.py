"""The methods against elections worked out by hand in the literature, and the properties they promise."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from needs.rounds.rules.methods import METHODS, BallotError, borda, schulze

# The first of the examples Markus Schulze publishes with his method: 45 ballots.
SCHULZE_45 = [
    *["ACBED"] * 5,
    *["ADECB"] * 5,
    *["BEDAC"] * 8,
    *["CABED"] * 3,
    *["CAEBD"] * 7,
    *["CBADE"] * 2,
    *["DCEBA"] * 7,
    *["EBADC"] * 8,
]
# The choice of a capital for Tennessee: Memphis, Nashville, Chattanooga, Knoxville, in per cent of voters.
TENNESSEE = [*["MNCK"] * 42, *["NCKM"] * 26, *["CKNM"] * 15, *["KCNM"] * 17]
# Borda's own example (Mémoire sur les élections au scrutin, 1784): 21 ballots, most of them with A first. He gives
# 3, 2 and 1 for the places, and so 37, 42 and 47 to A, B and C; here it is one less for each ballot.
BORDA_21 = ["ABC", *["ACB"] * 7, *["BCA"] * 7, *["CBA"] * 6]
# Condorcet's example against Borda, of 81 voters, as the literature has it: points pass over the one who beats both.
CONDORCET_81 = [*["ABC"] * 30, *["ACB"], *["BAC"] * 29, *["BCA"] * 10, *["CAB"] * 10, *["CBA"]]


def order(outcome):
    return ["".join(place.candidates) for place in outcome.places]


class TestHandComputed:
    def test_schulze_on_schulzes_own_example(self):
        outcome = schulze("ABCDE", SCHULZE_45)
        assert order(outcome) == ["E", "A", "C", "B", "D"]
        assert (outcome.preferred["A", "B"], outcome.preferred["A", "C"], outcome.preferred["B", "D"]) == (20, 26, 33)

    def test_tennessee(self):
        assert borda("MNCK", TENNESSEE).points == {"M": 126, "N": 194, "C": 173, "K": 107}
        assert order(borda("MNCK", TENNESSEE)) == ["N", "C", "M", "K"]
        assert order(schulze("MNCK", TENNESSEE)) == ["N", "C", "K", "M"]

    def test_bordas_own_example(self):
        assert borda("ABC", BORDA_21).points == {"A": 37 - 21, "B": 42 - 21, "C": 47 - 21}
        assert order(borda("ABC", BORDA_21)) == order(schulze("ABC", BORDA_21)) == ["C", "B", "A"]

    def test_borda_may_pass_over_the_one_who_beats_all_others(self):
        assert order(borda("ABC", CONDORCET_81)) == ["B", "A", "C"]
        assert borda("ABC", CONDORCET_81).points == {"A": 101, "B": 109, "C": 33}
        assert order(schulze("ABC", CONDORCET_81)) == ["A", "B", "C"]

    def test_with_points_a_copy_may_change_who_wins(self):
        assert order(borda("AB", [*["AB"] * 3, *["BA"] * 2])) == ["A", "B"]
        assert order(borda("ABb", [*["ABb"] * 3, *["BbA"] * 2])) == ["B", "A", "b"]
        assert order(schulze("ABb", [*["ABb"] * 3, *["BbA"] * 2])) == ["A", "B", "b"]

    def test_those_left_out_share_the_places_that_are_left(self):
        outcome = borda("ABCD", ["A"])
        assert outcome.points == {"A": 3, "B": Fraction(1), "C": Fraction(1), "D": Fraction(1)}

    def test_a_circle_is_a_tie(self):
        assert order(schulze("ABC", ["ABC", "BCA", "CAB"])) == ["ABC"]
        assert order(borda("ABC", ["ABC", "BCA", "CAB"])) == ["ABC"]

    def test_no_ballots_no_order(self):
        for method in METHODS.values():
            assert [place.rank for place in method("ABC", []).places] == [1]


@pytest.mark.parametrize("method", METHODS.values())
@pytest.mark.parametrize("ballots", [["AA"], ["AX"]])
def test_a_wrong_ballot_is_refused(method, ballots):
    with pytest.raises(BallotError):
        method("ABC", ballots)


ballots = st.lists(
    st.permutations("ABCD").flatmap(lambda p: st.integers(0, 4).map(lambda n: "".join(p)[:n])), max_size=12
)
quick = settings(max_examples=150, deadline=None, derandomize=True)


def rank_of(candidate, outcome):
    (rank,) = (place.rank for place in outcome.places if candidate in place.candidates)
    return rank


@pytest.mark.parametrize("method", METHODS.values())
class TestProperties:
    @quick
    @given(votes=ballots)
    def test_every_candidate_has_one_place(self, method, votes):
        places = method("ABCD", votes).places
        assert sorted(candidate for place in places for candidate in place.candidates) == list("ABCD")
        assert [place.rank for place in places] == [
            1 + sum(len(earlier.candidates) for earlier in places[:number]) for number in range(len(places))
        ]

    @quick
    @given(votes=ballots)
    def test_the_order_of_ballots_and_candidates_does_not_matter(self, method, votes):
        ranks = [method(names, cast) for names in ("ABCD", "DCBA") for cast in (votes, votes[::-1])]
        assert len({tuple(rank_of(name, outcome) for name in "ABCD") for outcome in ranks}) == 1

    @quick
    @given(votes=ballots, switched=st.lists(st.booleans(), min_size=12, max_size=12))
    def test_one_whom_all_prefer_to_another_is_before_it(self, method, votes, switched):
        agreed = ["AB", *(_with_a_before_b(ballot, last=last) for ballot, last in zip(votes, switched, strict=False))]
        outcome = method("ABCD", agreed)
        assert rank_of("A", outcome) < rank_of("B", outcome)

    @quick
    @given(votes=ballots, moved=st.lists(st.booleans(), min_size=12, max_size=12))
    def test_moving_a_winner_up_does_not_hurt_it(self, method, votes, moved):
        for winner in method("ABCD", votes).places[0].candidates:
            raised = [_raised(ballot, winner) if up else ballot for ballot, up in zip(votes, moved, strict=False)]
            assert rank_of(winner, method("ABCD", raised)) == 1


def _with_a_before_b(ballot, *, last):
    """The ballot with A named and B after it; B is left out where it was, or when ``last``."""
    if "B" not in ballot or last:
        without = ballot.replace("B", "")
        return without if "A" in without else f"{without}A"
    if "A" not in ballot:
        return ballot.replace("B", "AB")
    first, second = sorted((ballot.index("A"), ballot.index("B")))
    return f"{ballot[:first]}A{ballot[first + 1 : second]}B{ballot[second + 1 :]}"


def _raised(ballot, winner):
    """The ballot with the winner one place higher; named last where it was left out."""
    if winner not in ballot:
        return ballot + winner
    place = ballot.index(winner)
    return ballot if place == 0 else f"{ballot[: place - 1]}{winner}{ballot[place - 1]}{ballot[place + 1 :]}"


@quick
@given(votes=ballots)
def test_schulze_puts_one_who_beats_all_others_first(votes):
    outcome = schulze("ABCD", votes)
    for name in "ABCD":
        if all(outcome.preferred[name, other] > outcome.preferred[other, name] for other in "ABCD" if other != name):
            assert outcome.places[0].candidates == (name,)


@quick
@given(votes=ballots, turned=st.lists(st.booleans(), min_size=12, max_size=12))
def test_with_schulze_a_copy_changes_nothing_among_the_others(votes, turned):
    copied = [ballot.replace("A", "aA" if turn else "Aa") for ballot, turn in zip(votes, turned, strict=False)]
    before, after = schulze("ABCD", votes), schulze("ABCDa", copied)
    first_before, first_after = before.places[0].candidates, after.places[0].candidates
    assert set(first_before) == set("".join(first_after).replace("a", "A"))
    others = [(one, other) for one in "BCD" for other in "BCD" if one != other]
    assert all(before.preferred[pair] == after.preferred[pair] for pair in others)
