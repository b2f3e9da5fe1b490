"""No list taken out as a file names a person, but those that ask who one is first and are noted in the security log."""

import inspect

import pytest
from django.urls import resolve, reverse

from ksf.accounts.models import User
from tests.crawl.pages import readers
from tests.crawl.table import TABLE

pytestmark = pytest.mark.django_db

NAMES_PEOPLE = {"security_log"}
"""Asked for with a fresh factor: ``tests/attacks/test_second_factor.py``."""
FEWEST_LETTERS = 5


def exports():
    """Every page that can be taken out as a file, with the objects in its address."""
    for name, rows in TABLE.items():
        for row in rows:
            if readers(row) and name not in NAMES_PEOPLE:
                yield name, row


def is_export(url):
    view = inspect.unwrap(resolve(url).func)
    return inspect.isfunction(view) and "wants_export" in inspect.getsource(view)


def test_no_file_names_a_person(demo, visitors):
    people = [text for pair in User.objects.values_list("name", "email") for text in pair if len(text) > FEWEST_LETTERS]
    files, named = set(), {}
    for name, row in exports():
        url = reverse(name, kwargs={key: demo[what] for key, what in row.args.items()})
        if not is_export(url):
            continue
        for role in readers(row):
            response = visitors[role].get(f"{url}?format=csv")
            if not response.streaming:
                continue
            files.add(name)
            text = b"".join(response).decode()
            if found := [person for person in people if person in text]:
                named[name, role] = found[:3]
    assert len(files) > 5
    assert named == {}
