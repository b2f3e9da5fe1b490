from io import StringIO

import pytest
from django.core.management import call_command

from needs.models import KnowledgeNeed
from needs.search import store
from needs.search.models import NeedIndex, SearchStatistics, SearchWord
from tests.needs.factories import make_need
from tests.needs.search.samples import NEEDS

TITLES = [title for title, _text in NEEDS]

pytestmark = pytest.mark.django_db


@pytest.fixture
def needs():
    for pk, (title, text) in enumerate(NEEDS):
        store.index(pk, title, text)
    return range(len(NEEDS))


def found(query, **among):
    return [pk for pk, _score in store.search_needs(query, **among)[0]]


def near(title, text="", **among):
    return [pk for pk, _score in store.similar(title, text, **among)]


def test_an_exact_title_finds_that_need_first(needs):
    for pk in needs:
        scored, count = store.search_needs(TITLES[pk])
        assert scored[0][0] == pk
        assert count >= 1
        assert all(0 < score <= 1 for _pk, score in scored)


def test_bokmaal_and_nynorsk_find_each_other(needs):
    assert sorted(near("Rekruttere sykepleiere", "Ingen søker på stillingene.")[:2]) == [0, 1]
    assert found("sjukefråvær") == [2]


@pytest.mark.parametrize("query", ["velferdstek", "velferdstekonlogi", "teknologi", "omsorgsteknologi"])
def test_beginnings_misspellings_and_parts_of_compounds_find(needs, query):
    assert found(query)[0] == 4


@pytest.mark.parametrize("query", ["", "a", " ", "asdf qwerty", "blå ost på månen", "og det er", "%_\\'\"", "\x00ab"])
def test_what_means_nothing_finds_nothing(needs, query):
    assert store.search_needs(query) == ([], 0)


@pytest.mark.parametrize("asked", ["pårørende", "paarorende", "parorende", "PÅRØRENDE"])
def test_norwegian_letters_may_be_typed_otherwise(needs, asked):
    store.index(7, "Pårørende på avstand", "Barna bor i byen.")
    assert found(asked) == [7]


def test_an_abbreviation_spelled_like_a_function_word_is_found(needs):
    store.index(7, "Eldre i LAR", "Kva tilbod treng dei?")
    assert found("LAR") == found("lar") == [7]


def test_what_says_the_same_as_the_best_answer_is_listed_after_it(needs):
    store.index(7, "Urinprøver på sjukeheimar", "Mange får kur mot urinvegsinfeksjon utan grunn.")
    assert found("antibiotika") == [3, 7]


def test_a_title_of_one_letter_has_no_similar_needs(needs):
    assert store.similar("a") == []
    assert store.similar("hvordan er det") == []


def test_only_needs_the_asker_may_see_are_answered(needs):
    visible = NeedIndex.objects.exclude(pk=0)
    assert 0 not in near(TITLES[0], among=visible)
    assert 0 not in found(TITLES[0], among=visible)
    assert found(TITLES[0], among=NeedIndex.objects.none()) == []


def test_an_edited_need_is_found_by_its_new_words_only(needs):
    store.index(5, "Musikkterapi i kulturskolen", "Sang og dans.")
    assert found("musikkterapi") == [5]
    assert found("overvann") == []


def test_a_removed_need_is_not_found(needs):
    store.remove(5)
    store.remove(5)
    assert found("overvann") == []


def test_pages_do_not_overlap(needs):
    everything, count = store.search_needs("sykepleier", limit=50)
    first, same_count = store.search_needs("sykepleier", limit=1)
    second, _count = store.search_needs("sykepleier", limit=1, offset=1)
    assert count == same_count == len(everything)
    assert [*first, *second] == everything[:2]


def test_huge_texts_are_answered(needs):
    assert near("Rekruttering av sykepleiere " * 2000, "omsorg " * 20_000)[0] == 0
    assert found("sykepleiere " * 5000)


def test_questions_ask_few_queries(needs, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        store.search_needs("velferdstek hos hjemmeboende", among=NeedIndex.objects.all())
    with django_assert_max_num_queries(5):
        store.similar("Velferdstekonlogi hos hjemmeboende", among=NeedIndex.objects.all())


def test_reindexing_makes_the_whole_index_again(needs):
    NeedIndex.objects.all().delete()
    SearchStatistics.objects.all().delete()
    SearchWord.objects.all().delete()
    store.index(99, "Overvann i en by", "")
    assert store.rebuild((pk, *need) for pk, need in enumerate(NEEDS)) == len(NEEDS)
    assert found("overvann") == [5]
    assert SearchStatistics.objects.get().documents == len(needs)


def test_the_command_makes_it_again_from_the_needs_as_they_are(needs):
    kept, changed, lost = (make_need(title) for title in TITLES[:3])
    KnowledgeNeed.objects.filter(pk=changed.pk).update(title="Overvann og styrtregn")
    store.remove(lost.pk)
    for _again in range(2):
        output = StringIO()
        call_command("reindex_needs", stdout=output)
        assert output.getvalue() == "3 needs indexed\n"
        assert set(NeedIndex.objects.values_list("pk", flat=True)) == {kept.pk, changed.pk, lost.pk}
        assert found("overvann") == [changed.pk]
        assert lost.pk in found("sykefravær")


def test_statistics_follow_the_number_of_needs(needs):
    before = SearchStatistics.objects.get().documents
    for again in range(10):
        store.index(100 + again, "Brøyting av skoleveier", "Snø.")
    assert before < SearchStatistics.objects.get().documents <= NeedIndex.objects.count()


def test_of_what_fits_the_same_the_newest_comes_first(needs):
    for pk in (31, 30, 32):
        store.index(pk, "Brøyting av skoleveier", "Snø.")
    assert found("brøyting") == [32, 31, 30]
    assert near("Brøyting av skoleveier", "Snø.")[:3] == [32, 31, 30]
