"""X10: no form of the crawl counts twice, filled in, sent, and sent again."""

import pytest
from django.db import transaction

from ksf.once.middleware import NOT_COUNTED
from ksf.web import form_keys
from tests.crawl.asking import asked
from tests.crawl.ways import forms_of, ours

pytestmark = pytest.mark.django_db

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
def sent_by_others():
    """The views whose forms have been sent already: once is enough, whoever does it."""
    return set()


@pytest.mark.parametrize("role", SENDERS)
def test_no_form_makes_anything_twice(role, demo, visitors, sent_by_others):
    """Each is filled in, sent, and sent again. Who is sent on the first time is sent to the same place, and no more."""
    keyless, made, twice = set(), set(), []
    before = transaction.savepoint()
    for form, page in forms_of(visitors[role], role, demo):
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
