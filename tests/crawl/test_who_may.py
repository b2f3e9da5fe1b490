"""Every address of the portal, as every role, against the table of who may."""

import pytest
from django.db import transaction

from ksf.accounts.backends import AccountBackend
from ksf.accounts.middleware import SIGNING_IN
from tests.crawl.addresses import names
from tests.crawl.asking import READS, address, asked
from tests.crawl.budgets import most
from tests.crawl.expectations import DONE, SIGN_IN, answers
from tests.crawl.people import ACCOUNTS, ANONYMOUS, user_of
from tests.crawl.table import TABLE
from tests.crawl.visitor import QUERIES_FOR_THE_PERSON

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")
MAY_WRITE = {"need_documentation"}  # asks a job for the PDF
REFUSED = {401, 403, 404, 405}
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


def test_a_person_comes_in_one_query(demo, django_assert_num_queries):
    people = [user_of(role).pk for role in ACCOUNTS]
    with django_assert_num_queries(QUERIES_FOR_THE_PERSON * len(people)):
        assert all(AccountBackend().get_user(pk) for pk in people)


@pytest.mark.parametrize(("name", "row"), READ, ids=[name for name, _row in READ])
def test_reading(name, row, demo, visitors):
    url, expected = address(name, row, demo), answers(row.get)
    got, writes, too_many = {}, {}, {}
    for role in expected:
        response, queries = asked(visitors[role], url)
        got[role] = answered(response)
        writes[role] = [sql for sql in queries if sql.startswith(WRITES)]
        if len(queries) > most(role):  # asked for again, the process has what it keeps of the network
            _response, queries = asked(visitors[role], url)
        if len(queries) > most(role):
            too_many[role] = len(queries)
    assert got == expected
    assert name in MAY_WRITE or not any(writes.values()), writes
    assert not too_many


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
