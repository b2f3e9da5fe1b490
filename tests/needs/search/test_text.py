import pytest
from hypothesis import given
from hypothesis import strategies as st

from needs.search.lexicon import inner_parts
from needs.search.text import LONGEST_WORD, MOST_WORDS, analyse, content, words_in


@pytest.mark.parametrize(
    ("bokmaal", "nynorsk"),
    [
        ("sykehjemmene", "sjukeheimane"),
        ("hjemmetjenestene", "heimetenestene"),
        ("boliger", "bustader"),
        ("barnas", "borna"),
        ("skolevegring", "skulevegringa"),
        ("hverdagsrehabilitering", "kvardagsrehabilitering"),
        ("klimatilpasning", "klimatilpassinga"),
        ("forskning", "forsking"),
        ("ensomhet", "einsemd"),
        ("pasientsikkerhet", "pasienttryggleik"),
        ("medvirkning", "medverknad"),
        ("sykefraværet", "sjukefråværet"),
        ("saksbehandlere", "sakshandsamarar"),
        ("lavterskeltilbud", "lågterskeltilbodet"),
        ("økning", "auke"),
        ("urinveisinfeksjoner", "urinvegsinfeksjonar"),
    ],
)
def test_bokmaal_and_nynorsk_have_one_key(bokmaal, nynorsk):
    assert analyse(bokmaal).key == analyse(nynorsk).key


@pytest.mark.parametrize(
    ("compound", "part"),
    [
        ("velferdstjenesten", "tjeneste"),
        ("sykehjemsplasser", "sykehjem"),
        ("demensteamet", "demens"),
        ("ungdomsmedvirkningen", "medvirkning"),
        ("grendeskulane", "skole"),
        ("kvalitetsindikatorer", "kvalitet"),
        ("løsepengeangrepskurs", "kurs"),
        ("ferievikarer", "vikar"),
        ("heimelekser", "lekse"),
        ("døgnrytmelys", "lys"),
    ],
)
def test_compounds_are_cut_into_parts(compound, part):
    assert analyse(part).key in analyse(compound).parts or analyse(compound).parts == (analyse(compound).key,)
    assert len(analyse(compound).parts) > 1 or part == "kurs"


@pytest.mark.parametrize(
    ("one", "another"),
    [("sykehjem", "sykehus"), ("barnehage", "barnevern"), ("lege", "lek"), ("skole", "skog"), ("natt", "nett")],
)
def test_different_words_stay_apart(one, another):
    assert analyse(one).key != analyse(another).key


def test_function_words_are_no_content_in_either_language():
    assert content("Hvordan kan vi få det til, og hva er det som ikke virker?") == ["virker"]
    assert content("Korleis kan vi få det til, og kva er det som ikkje verkar?") == ["verkar"]


def test_an_abbreviation_is_no_function_word_though_it_is_spelled_like_one():
    assert content("Eldre i LAR") == ["eldre", "lar"]
    assert content("Vi lar eldre vente") == ["eldre", "vente"]
    assert content("HVORDAN KAN VI FÅ DET TIL") == []


@pytest.mark.parametrize("typed", ["ｄｅｍｅｎｓ", "𝕕𝕖𝕞𝕖𝕟𝕤", "DEMENS"])
def test_letters_of_other_shapes_are_the_same_letters(typed):
    assert words_in(typed) == ["demens"]


@pytest.mark.parametrize(
    ("one", "another"),
    [("klart språk", "klare språk"), ("lagt ned", "legge ned"), ("skrevet", "skriving"), ("vikarene", "vikarbyråets")],
)
def test_forms_and_parts_share_a_key(one, another):
    first, second = ({key for word in content(text) for key in analysed(word)} for text in (one, another))
    assert first & second


def analysed(word):
    found = analyse(word)
    return {found.key, *found.parts, *(part for key in found.parts for part in inner_parts().get(key, ()))}


def test_accents_and_case_do_not_matter_but_norwegian_letters_do():
    assert words_in("ÉN Idé på Ålesund") == ["en", "ide", "på", "ålesund"]


def test_long_texts_are_cut():
    found = words_in("omsorg " * 20_000)
    assert len(found) <= MOST_WORDS
    assert words_in("a" * 5000) == ["a" * LONGEST_WORD]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    for word in content(text):
        assert analyse(word).key
