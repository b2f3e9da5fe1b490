"""What every reader can press on every page of the crawl: nothing shown is refused (X1), no form counts twice (X10)."""

from functools import cache
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from ksf.once.middleware import NOT_COUNTED
from ksf.web import form_keys
from tests.crawl.asking import READS, address, asked
from tests.crawl.expectations import answers
from tests.crawl.people import ROLES
from tests.crawl.table import TABLE
from tests.crawl.ways import ours, ways_of

pytestmark = pytest.mark.django_db

REFUSED = {"403", "404", "405"}
WRITES = ("INSERT", "UPDATE", "DELETE")
NOTE = "once_sentform"  # a form that is answered with a page is noted, and forgotten again
CHOICE = "set_language"  # remembers a choice, in a page that is kept for all visitors
SIGNS_IN = (*NOT_COUNTED, "invitation")  # the crawl's sessions cannot; tests/attacks/test_sent_twice.py has them
SENDERS = {
    "anonymous": set(),
    "coordinator": {"plan_activity_move", "report_start", "round_new", "question_new", "need_new"},
    "staff": {"news_new", "invite", "call_new", "allocation_new", "project_new"},
    "cluster": {"application_start", "application_answer"},
    "contact": {"need_write"},
    "partner": {"need_interest", "question_interest"},
    "reviewer": {"active_role"},
}
"""Who sends the forms of the pages they see, and some of those that must have come through."""


@pytest.fixture(scope="module")
def ways(demo, visitors):
    """``ways(role)``: the pages are read once for each."""
    return cache(lambda role: ways_of(visitors[role], role, demo))


@pytest.fixture(scope="module")
def sent_by_others():
    """The views whose forms have been sent already: once is enough, whoever does it."""
    return set()


def known(role, demo):
    """What the table says of an address, which ``test_who_may`` holds: it need not be asked again."""
    return {address(name, row, demo): answers(row.get)[role] for name, rows in TABLE.items() for row in rows}


@pytest.mark.parametrize("role", ROLES)
def test_no_link_or_button_leads_to_a_refusal(role, demo, visitors, ways):
    visitor = visitors[role]
    links, forms = ways(role)
    expected = known(role, demo)
    dead = [
        (page, link)
        for link, page in links
        if (expected.get(urlsplit(link).path) or str(visitor.get(link).status_code)) in REFUSED
    ]
    before = transaction.savepoint()
    for form, page in forms:
        response, queries = asked(visitor, form.url, form.data)
        if not all(sql.startswith(READS) for sql in queries):
            transaction.savepoint_rollback(before)
        if str(response.status_code) in REFUSED:
            dead.append((page, "POST", form.url, form.data))
    assert dead == []


@pytest.mark.parametrize("role", SENDERS)
def test_no_form_makes_anything_twice(role, visitors, ways, sent_by_others):
    """Each is filled in, sent, and sent again. Who is sent on the first time is sent to the same place, and no more."""
    _links, forms = ways(role)
    keyless, made, twice = set(), set(), []
    before = transaction.savepoint()
    for form, page in forms:
        view = ours(form.url)
        if view in sent_by_others or view.startswith(SIGNS_IN):
            continue
        if not form.is_by_script and form_keys.FIELD not in form.data:
            keyless.add(view)
        sent, headers = {**form.typed, **form.data}, {"HX-Request": "true"} if form.is_by_script else {}
        first = visitors[role].post(form.url, sent, headers=headers)
        second, queries = asked(visitors[role], form.url, sent, headers=headers)
        transaction.savepoint_rollback(before)
        is_counted = first.has_header("Location") and view != CHOICE and not form.is_by_script
        written = [sql for sql in queries if sql.startswith(WRITES if is_counted else "INSERT") and NOTE not in sql]
        if (first.status_code < 400 and written) or (is_counted and second.get("Location") != first["Location"]):
            twice.append((page, view, written))
        if is_counted:
            made.add(view)
    assert twice == []
    assert keyless <= {CHOICE}
    sent_by_others |= made
    assert sent_by_others >= SENDERS[role]
