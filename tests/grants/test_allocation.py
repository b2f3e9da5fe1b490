import itertools
import json
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.translation import gettext, override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.allocation import STAGES, Changes, parse, sentence, solve, strict_ranking, what_would_change
from grants.allocation.explain import check
from grants.allocation.network import Distribution
from grants.allocation.reasons import SENTENCES
from grants.allocation.search import Search
from grants.allocation.units import conflicts, in_units
from tests.grants.allocation_cases import best_by_trying, call, random_call, rank, shuffled

SCORES = st.sampled_from(["0", "1", "4.5", "5", "5", "5.3333", "5.4", "5.6", "6.999999", "7", "5.333333333333333333"])


@st.composite
def small_calls(draw):
    step = draw(st.sampled_from([1, 2, 3]))
    rows = []
    for number in range(draw(st.integers(0, 4))):
        names = draw(st.lists(st.sampled_from("mnop"), min_size=1, max_size=2, unique=True))
        requests = {name: draw(st.integers(0, 3 * step)) for name in names}
        least = draw(st.integers(0, sum(requests.values())))
        rows.append((f"A{number}", draw(st.sampled_from("xyz")), Decimal(draw(SCORES)), least, requests))
    populations = {"m": 900, "n": 4999, "o": 5000, "p": 700_000}
    pot, cap = draw(st.integers(0, 9 * step)), draw(st.integers(0, 4 * step))
    return call(rows, pot=pot, cap=cap, step=step, established="x", populations=populations)


def shares_of(problem, result):
    awards = {award.application: {one.municipality: one.amount for one in award.shares} for award in result.awards}
    return tuple(
        tuple(awards[application.id].get(request.municipality, 0) for request in application.requests)
        for application in problem.applications
    )


def rank_of(problem, result):
    shares = shares_of(problem, result)
    received = {}
    for application, mine in zip(problem.applications, shares, strict=True):
        for request, amount in zip(application.requests, mine, strict=True):
            received[request.municipality] = received.get(request.municipality, 0) + amount
    return rank(problem, shares, received)


def as_text(result):
    return json.dumps(result.as_json())


@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(small_calls())
def test_equals_trying_every_allocation_down_to_the_last_share(data):
    problem = parse(data)
    result = solve(problem)
    best = best_by_trying(problem)
    assert rank_of(problem, result) == best
    objective = result.objective
    assert (
        objective.regions_without_cluster, objective.regions, objective.score_amount,
        objective.small_municipalities, objective.municipalities,
    ) == best[0]  # fmt: skip
    assert result.optimal
    assert result.left == problem.pot - sum(award.amount for award in result.awards)


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(small_calls())
def test_conflicts_are_the_pairs_that_the_caps_do_not_allow(data):
    units = replace(in_units(parse(data)), pot=10**6)
    pairs = {frozenset(pair) for pair in itertools.combinations(range(len(units.items)), 2)}
    groups = conflicts(units, range(len(units.items)))
    found = {frozenset(pair) for group in groups for pair in itertools.combinations(group, 2)}
    assert found == {pair for pair in pairs if not Distribution(units, sorted(pair)).feasible}


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(small_calls())
def test_strict_ranking_keeps_the_rules_and_is_never_better(data):
    problem = parse(data)
    ranking = strict_ranking(problem)
    assert not ranking.optimal
    assert rank_of(problem, ranking)[0] <= rank_of(problem, solve(problem))[0]


def solved_twice(data, *, seed):
    """The problem, and the same in another order: solved alike, proven, within every limit, no worse than ranking."""
    problem, again = parse(data), parse(shuffled(data, random.Random(seed)))  # noqa: S311
    result = solve(problem)
    awards = {award.application: {one.municipality: one.amount for one in award.shares} for award in result.awards}
    check(problem, awards)
    assert result.optimal
    assert result.objective.rank() >= strict_ranking(problem).objective.rank()
    assert as_text(solve(again)) == as_text(result)
    return problem, again


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("places", [1, 3])
def test_a_call_of_real_size_keeps_every_limit_and_does_not_depend_on_order(seed, places):
    problem, again = solved_twice(random_call(40, seed=seed, places=places), seed=seed)
    assert as_text(strict_ranking(again)) == as_text(strict_ranking(problem))


@pytest.mark.parametrize(
    "options",
    [
        {"places": 0.7, "scores": lambda _dice: 5},
        {"places": 0.7, "cap": 250_000},
        {"least": (0, 0), "scores": lambda _dice: 5},
        {"step": 100_000, "least": (0, 0.1), "scores": lambda dice: dice.choice([4, 5])},
        {"regions": 20, "pot": 1_500_000},
        {"scores": lambda _dice: 0, "step": 7_919},
    ],
    ids=["shared and equal", "the cap binds", "no least", "more municipalities than steps", "regions", "zero"],
)
def test_a_hard_call_is_proven_keeps_every_limit_and_does_not_depend_on_order(options):
    solved_twice(random_call(25, seed=7, **options), seed=7)


def test_a_new_region_goes_before_a_score():
    rows = [("A1", "old", 7, 5, {"m": 5}), ("A2", "new", 1, 5, {"n": 5})]
    result = solve(parse(call(rows, pot=5, established=["old"])))
    assert [award.amount for award in result.awards] == [0, 5]
    assert [award.reason.code for award in result.awards] == ["pot_used_better", "region"]


def test_more_regions_go_before_a_score():
    rows = [("A1", "x", 7, 8, {"m": 8}), ("A2", "y", 1, 4, {"n": 4}), ("A3", "z", 1, 4, {"o": 4})]
    result = solve(parse(call(rows, pot=8, established="xyz")))
    assert [award.amount for award in result.awards] == [0, 4, 4]


def test_least_is_rounded_up_and_asked_down_to_steps():
    rows = [("A1", "x", 5, 1500, {"m": 2999, "n": 900})]
    result = solve(parse(call(rows, pot=9999, cap=5000, step=1000)))
    assert [(award.amount, award.reason.code) for award in result.awards] == [(2000, "rounded")]
    assert result.left == 7999


def test_an_application_whose_bounds_hold_no_whole_step_is_not_funded():
    result = solve(parse(call([("A1", "x", 5, 1500, {"m": 1900})], pot=9999, cap=5000, step=1000)))
    assert [(award.amount, award.reason.code) for award in result.awards] == [(0, "least_above_cap")]


@pytest.mark.parametrize(
    ("rows", "options", "codes"),
    [
        ([("A1", "x", 5, 2, {"m": 4})], {}, ["full"]),
        ([("A1", "x", 5, 2, {"m": 4})], {"cap": 3}, ["capped"]),
        ([("A1", "x", 5, 2, {"m": 4})], {"pot": 3}, ["pot"]),
        ([("A1", "x", 5, 0, {"m": 0})], {}, ["nothing_asked"]),
        ([("A1", "x", 5, 4, {"m": 4})], {"cap": 3}, ["least_above_cap"]),
        ([("A1", "x", 5, 4, {"m": 4})], {"pot": 3}, ["least_above_pot"]),
        ([("A1", "x", 5, 4, {"m": 4}), ("A2", "x", 4, 3, {"m": 3})], {"cap": 5}, ["full", "cap_used"]),
        ([("A1", "x", 5, 4, {"m": 4}), ("A2", "x", 4, 3, {"n": 3})], {"pot": 5}, ["full", "pot_used"]),
    ],
)
def test_reasons(rows, options, codes):
    result = solve(parse(call(rows, **options)))
    assert [award.reason.code for award in result.awards] == codes


@pytest.mark.parametrize("data", [call([]), call([("A1", "x", 5, 1, {"m": 3})], pot=0)])
def test_nothing_to_give(data):
    result = solve(parse(data))
    assert result.optimal
    assert result.left == data["pot"]
    assert result.objective.rank() == (0, 0, 0, 0, 0)


def test_scores_beyond_floating_point_are_compared_exactly():
    rows = [
        ("A1", "x", Decimal("5.33333333333333333332"), 5, {"m": 5}),
        ("A2", "x", Decimal("5.33333333333333333333"), 5, {"n": 5}),
        ("A3", "x", Decimal("5.33333333333333333331"), 5, {"o": 5}),
    ]
    result = solve(parse(call(rows, pot=5)))
    assert [award.amount for award in result.awards] == [0, 5, 0]
    assert result.objective.score_amount == Decimal("26.66666666666666666665")
    assert result.optimal


def test_nasty_scores_are_proven_at_real_size():
    result = solve(parse(random_call(40, seed=4, scores=lambda dice: dice.uniform(1, 7))))
    assert result.optimal


def test_equal_scores_are_settled_by_id_then_the_smallest_municipality():
    rows = [("B", "x", 5, 2, {"m": 4, "n": 4}), ("A", "x", 5, 2, {"o": 4, "p": 4})]
    populations = {"m": 100, "n": 50, "o": 80, "p": 60}
    result = solve(parse(call(rows, pot=9, established="x", populations=populations)))
    shares = {award.application: {one.municipality: one.amount for one in award.shares} for award in result.awards}
    assert shares == {"A": {"o": 3, "p": 4}, "B": {"m": 1, "n": 1}}


def test_integers_alone_settle_most_of_a_call_of_real_size():
    units = in_units(parse(random_call(60, seed=1)))
    search = Search(units, [].append)
    search.run()
    assert search.proven
    assert len(search.undecided) < len(units.items) / 2


def test_progress_is_reported_by_stage():
    stages = []
    solve(parse(random_call(10, seed=1, scores=lambda _dice: 5)), stages.append)
    assert stages == list(range(1, STAGES + 1))


def test_what_would_change_is_true_when_tried():
    rows = [("A1", "x", 5, 4, {"m": 4}), ("A2", "x", Decimal("5.2"), 3, {"n": 3})]
    data = call(rows, pot=5)
    problem = parse(data)
    score, pot = what_would_change(problem, solve(problem), "A2")
    assert (score.code, pot.code) == ("needs_score", "needs_pot")
    for hundredths, funded in ((score.params["score"], True), (score.params["score"] - Decimal("0.01"), False)):
        changed = call([rows[0], (*rows[1][:2], hundredths, *rows[1][3:])], pot=5)
        assert (solve(parse(changed)).award("A2").amount > 0) is funded
    assert solve(parse({**data, "pot": pot.params["pot"]})).award("A2").amount == pot.params["amount"]
    assert solve(parse({**data, "pot": pot.params["pot"] - 1})).award("A2").amount == 0
    assert [reason.code for reason in what_would_change(problem, solve(problem), "A1")] == ["nothing_more"]


def test_what_would_change_holds_at_real_size_and_one_step_less_is_not_enough():
    problem = parse(random_call(6, seed=1))
    result = solve(problem)
    changes, tried = Changes(problem, result), 0
    for award in result.awards:
        for reason in changes.of(award.application):
            if reason.code == "needs_pot":
                pot, tried = reason.params["pot"], tried + 1
                enough = solve(replace(problem, pot=pot)).award(award.application).amount
                assert enough == reason.params["amount"] > award.amount
                assert solve(replace(problem, pot=pot - problem.step)).award(award.application).amount <= award.amount
    assert tried


def test_what_would_change_says_when_nothing_helps():
    problem = parse(call([("A1", "x", 5, 4, {"m": 4})], cap=3))
    assert [reason.code for reason in what_would_change(problem, solve(problem), "A1")] == [
        "no_score_helps", "no_pot_helps",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_is_translated(language, code):
    english = SENTENCES[code]
    with override(language):
        translated = gettext(english)
    assert translated != english
    assert placeholders(translated) == placeholders(english)


def placeholders(text):
    return {part.split(")")[0] for part in text.split("%(")[1:]}


def test_a_sentence_uses_names_and_the_readers_numbers():
    problem = parse(call([("A1", "x", 5, 2000, {"4601": 400_000})], pot=900_000, cap=300_000, step=1000))
    reason = solve(problem).award("A1").reason
    with override("nb"):
        shown = sentence(reason, {"4601": "Bergen"})
    assert "Bergen" in shown
    assert "300\u00a0000 kr" in shown
