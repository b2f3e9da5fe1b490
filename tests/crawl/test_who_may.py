"""Every address of the portal, as every role, against the table of who may, and what its page offers each of them.

Each role reads an address once, and all that looks at the answers looks at those: the crawl is a third of the suite.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse

from ksf.accounts.backends import AccountBackend
from ksf.accounts.middleware import SIGNING_IN
from tests.crawl.addresses import names
from tests.crawl.asking import READS, address, asked
from tests.crawl.budgets import most
from tests.crawl.expectations import DONE, SIGN_IN, Row, answers
from tests.crawl.people import ACCOUNTS, ANONYMOUS, ROLES, user_of
from tests.crawl.table import TABLE
from tests.crawl.visitor import QUERIES_FOR_THE_PERSON
from tests.crawl.ways import Ways, is_page, ours

WRITES = ("INSERT", "UPDATE", "DELETE")
MAY_WRITE = {"need_documentation"}  # asks a job for the PDF
REFUSED = {401, 403, 404, 405}
DEAD = {"403", "404", "405"}
ROWS = [(name, row) for name, rows in TABLE.items() for row in rows]
READ = {(name, *sorted(row.args.items())): (name, row) for name, row in ROWS}.values()
"""Each address once, however many forms are posted to it."""


def test_every_address_has_a_row():
    assert names() == TABLE.keys()


def answered(response):
    """The answer as the table writes it."""
    if response.status_code == 302 and "/konto/login/" in response.url:
        return SIGN_IN
    return str(response.status_code)


def test_rows_of_one_address_agree_on_reading():
    expected = {(name, *sorted(row.args.items())): row.get for name, row in READ}
    assert [name for name, row in ROWS if row.get != expected[name, *sorted(row.args.items())]] == []


@pytest.mark.django_db
def test_a_person_comes_in_one_query(demo, django_assert_num_queries):
    people = [user_of(role).pk for role in ACCOUNTS]
    with django_assert_num_queries(QUERIES_FOR_THE_PERSON * len(people)):
        assert all(AccountBackend().get_user(pk) for pk in people)


@dataclass
class Answer:
    """What one role is answered at an address, and what the database was asked for it."""

    url: str
    response: HttpResponse
    queries: list[str]
    too_many: bool

    @property
    def is_page(self) -> bool:
        return self.response.status_code == 200 and is_page(self.response)

    @cached_property
    def page(self) -> Ways:
        return Ways(self.url, self.response.text)


@dataclass
class Read:
    """One address with what each role is answered."""

    name: str
    row: Row
    got: dict[str, Answer]

    def pages(self) -> list[tuple[str, Ways]]:
        return [(role, answer.page) for role, answer in self.got.items() if answer.is_page]


@pytest.fixture(scope="module", params=READ, ids=[name for name, _row in READ])
def read(request, demo, visitors, django_db_blocker):
    name, row = request.param
    url = address(name, row, demo)
    with django_db_blocker.unblock(), transaction.atomic():
        got = {role: _answer(visitors[role], role, url) for role in ROLES}
        transaction.set_rollback(True)
    return Read(name, row, got)


def _answer(visitor, role, url):
    response, queries = asked(visitor, url)
    again = queries
    if len(queries) > most(role):  # asked for again, the process has what it keeps of the network
        _response, again = asked(visitor, url)
    return Answer(url, response, queries, too_many=len(again) > most(role))


@pytest.fixture(scope="module")
def known(demo):
    """What each role is answered at each address of the table: ``test_reading`` holds it, so it is not asked again."""
    known = {role: {} for role in ROLES}
    for name, row in READ:
        for role, answer in answers(row.get).items():
            known[role][address(name, row, demo)] = answer
    return known


@pytest.fixture(scope="module")
def sent():
    """The forms that each role has sent from any page."""
    return set()


def test_reading(read):
    writes = [sql for answer in read.got.values() for sql in answer.queries if sql.startswith(WRITES)]
    assert {role: answered(answer.response) for role, answer in read.got.items()} == answers(read.row.get)
    assert read.name in MAY_WRITE or not writes
    assert [role for role, answer in read.got.items() if answer.too_many] == []


@pytest.mark.django_db
def test_no_link_leads_to_a_refusal(read, visitors, known):
    dead = []
    for role, page in read.pages():
        for link in page.one_link_for_each_view():
            path = urlsplit(link).path
            if path not in known[role]:
                known[role][path] = answered(visitors[role].get(link))
            if known[role][path] in DEAD:
                dead.append((role, link))
    assert dead == []


@pytest.mark.django_db
def test_no_button_leads_to_a_refusal(read, visitors, sent):
    dead, before = [], transaction.savepoint()
    for role, page in read.pages():
        for form in page.forms:
            key = role, form.url, form.is_by_script, *sorted(form.data)
            if key in sent or not ours(form.url):
                continue
            sent.add(key)
            response, queries = asked(visitors[role], form.url, form.data)
            if not all(sql.startswith(READS) for sql in queries):
                transaction.savepoint_rollback(before)
            if str(response.status_code) in DEAD:
                dead.append((role, form.url, form.data))
    assert dead == []


def test_a_long_text_is_saved_as_it_is_typed(read):
    """X10. No two unsent forms of a page are taken for each other."""
    lost, twice = [], []
    for role, page in read.pages():
        lost += [(role, form.texts) for form in page.forms if form.texts and not form.is_saved_as_typed]
        tokens = [token for form in page.forms for token in form.tokens]
        twice += [role] if len(set(tokens)) != len(tokens) else []
    assert lost == []
    assert twice == []


@pytest.mark.django_db
def test_the_links_forms_and_long_texts_of_a_page_are_found(demo, visitors):
    for role in ACCOUNTS:
        url = address("need_new", TABLE["need_new"][0], demo)
        page = Ways(url, visitors[role].get(url).text)
        writing = next(form for form in page.forms if form.texts)
        assert writing.url == url
        assert writing.is_saved_as_typed
        assert len(page.one_link_for_each_view()) > 5
        assert ours(page.links[-1])


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "row"), ROWS, ids=[name for name, _row in ROWS])
def test_posting(name, row, demo, visitors):
    url, expected = address(name, row, demo), answers(row.post)
    if expected[ANONYMOUS] == SIGN_IN and not name.startswith(SIGNING_IN):
        expected[ANONYMOUS] = "401"  # a page that gives back what was typed
    data = {key: demo[what] for key, what in row.data.items()}
    got, stored, before = {}, [], transaction.savepoint()
    for role in expected:
        response, queries = asked(visitors[role], url, data)
        if name.endswith("_new") and not data:
            stored += [sql for sql in queries if sql.startswith("INSERT") and "django_session" not in sql]
        if not all(sql.startswith(READS) for sql in queries):
            transaction.savepoint_rollback(before)
        answer = answered(response)
        got[role] = answer if answer == SIGN_IN or response.status_code in REFUSED else DONE
    assert got == expected
    assert stored == []  # an empty form stores nothing (X10)
