import numpy as np
import pytest

from needs.search import ranking
from needs.search.features import features_of
from needs.search.guesses import guesses_for, misspelled
from needs.search.packed import Candidates, Statistics, pack
from needs.search.query import query_for
from needs.search.text import content
from tests.needs.search.samples import NEEDS


@pytest.fixture(scope="module")
def corpus():
    return packed(NEEDS)


def packed(needs):
    rows = [pack(features_of(*need)) for need in needs]
    return Candidates(rows), Statistics.of(rows)


def answers(corpus, asked):
    candidates, statistics = corpus
    vocabulary = {word for need in NEEDS for word in content(" ".join(need))}
    scores = ranking.answers(candidates, query_for(asked, guesses_for(content(asked), vocabulary)), statistics)
    return [int(at) for at in np.argsort(-scores, kind="stable") if scores[at]]


def test_a_duplicate_in_other_words_and_the_other_language_comes_first(corpus):
    candidates, statistics = corpus
    near = ranking.similar(candidates, features_of(*NEEDS[0]), statistics)
    assert list(np.argsort(-near)[:2]) == [0, 1]
    assert near[0] == pytest.approx(1, abs=0.01)
    assert ((near >= 0) & (near <= 1.001)).all()


@pytest.mark.parametrize("asked", [need[0] for need in NEEDS])
def test_an_exact_title_finds_its_need_first(corpus, asked):
    assert answers(corpus, asked)[0] == [need[0] for need in NEEDS].index(asked)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("velferdstek", 4),
        ("velferdstekonlogi", 4),
        ("velferdsteknolgi", 4),
        ("regnvatn", 5),
        ("legemiddel sykehjem", 3),
        ("urinveisinfeksjon", 3),
    ],
)
def test_beginnings_misspellings_and_other_words_find(corpus, asked, first):
    assert answers(corpus, asked)[0] == first


@pytest.mark.parametrize(
    "asked", ["asdf qwerty", "blå ost på månen", "fikse sykepleierxq", "hvordan kan det være", "", "1234567"]
)
def test_nonsense_and_function_words_find_nothing(corpus, asked):
    assert answers(corpus, asked) == []


def test_packing_keeps_the_features():
    found = features_of(*NEEDS[0])
    candidates = Candidates([pack(found)])
    assert set(candidates.terms) == set(found.terms)
    assert candidates.weights == pytest.approx([found.terms[int(term)] for term in candidates.terms], rel=1e-3)


def test_no_needs_give_no_answers():
    assert ranking.similar(Candidates([]), features_of("Demens"), Statistics.of([])).size == 0
    assert ranking.answers(Candidates([]), query_for("Demens"), Statistics.of([])).size == 0


@pytest.mark.parametrize(
    ("word", "other", "near"),
    [
        ("avlopp", "avløp", True),
        ("rekrutering", "rekruttering", True),
        ("demnes", "demens", True),
        ("lege", "lego", False),
        ("ost", "øst", False),
        ("paarorende", "pårørende", True),
        ("parorende", "pårørende", True),
        ("laerere", "lærere", True),
        ("soesken", "søsken", True),
    ],
)
def test_misspelled(word, other, near):
    assert bool(misspelled(word, other)) is near


def test_a_known_word_is_not_taken_for_another_misspelled():
    assert guesses_for(["døgntilbud"], {"dagtilbud"}).get("døgntilbud", [("", 0)])[0][1] < 0.6
    assert guesses_for(["dagtilbdu"], {"dagtilbud"})["dagtilbdu"][0][1] > 0.6


def test_half_of_what_is_asked_is_enough_when_the_other_word_is_strange(corpus):
    assert answers(corpus, "bør antibiotika avskaffes?")[0] == 3


def test_a_word_no_need_has_does_not_drown_the_one_they_have(corpus):
    assert answers(corpus, "overvann Raufoss")[0] == 5


def test_two_words_find_the_compound_they_make():
    needs, statistics = packed([("Klarspråk i brev", ""), ("Språk og klasser", "")])
    scores = ranking.answers(needs, query_for("klare språk"), statistics)
    assert scores[0] > scores[1]


def test_parts_of_a_known_compound_must_all_be_there():
    needs, statistics = packed([("Områder for faget", ""), ("Faget", ""), ("Områder", "")])
    assert query_for("fagområde").asked_words[0].inner
    scores = query_for("fagområde").covered(needs, statistics)
    assert scores[0] > 0.2
    assert max(scores[1:]) < 0.1


def test_what_is_like_the_best_answer_is_moved_up(monkeypatch):
    needs, statistics = packed(
        [
            ("Antibiotika på sykehjem", "Urinprøver tas for ofte."),
            ("Lege", "Antibiotika på lager."),
            ("Urinprøver på sykehjem", "Antibiotika gis for ofte når natta er lang og vakta alene."),
        ]
    )
    assert list(np.argsort(-ranking.answers(needs, query_for("antibiotika"), statistics))) == [0, 2, 1]
    monkeypatch.setattr(ranking, "LIKE_THE_BEST", 0)
    assert list(np.argsort(-ranking.answers(needs, query_for("antibiotika"), statistics))) == [0, 1, 2]
