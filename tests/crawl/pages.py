"""The pages of the portal and who may read them, for the browser tests: run in a portal, prints them as JSON."""

import json

from django.db import transaction
from django.urls import reverse

from tests.crawl import objects, people
from tests.crawl.expectations import Row, answers
from tests.crawl.table import TABLE

FILES = {
    "attachment", "need_documentation", "need_data", "need_import_template", "national_draft", "healthz",
    "metrics", "robots_txt", "security_txt",
    "api:openapi-json", "api:search", "api:similar",
}  # fmt: skip
"""Addresses that answer with a file or with data."""


def is_page(row: Row) -> bool:
    return any(answer == "200" for answer in answers(row.get).values())


MOST_TO_SEE = ("staff", "coordinator", "cluster", "contact", "lead", "reviewer", "partner")


def most_to_see(row: Row) -> str:
    """Among the row's readers the one who as a rule sees most."""
    return min(readers(row), key=_rank)


def readers(row: Row) -> list[str]:
    return [role for role, answer in answers(row.get).items() if answer == "200"]


def _rank(role: str) -> int:
    return MOST_TO_SEE.index(role) if role in MOST_TO_SEE else len(MOST_TO_SEE)


PAGES = [(name, number) for name, rows in TABLE.items() if name not in FILES
         for number, row in enumerate(rows) if is_page(row)]  # fmt: skip


@transaction.atomic
def prepare() -> None:
    """Make the objects of the crawl in this portal; print the address and the readers of every page."""
    people.appoint_office()
    found = objects.find()
    pages = {}
    for name, number in PAGES:
        row = TABLE[name][number]
        url = reverse(name, kwargs={key: found[what] for key, what in row.args.items()})
        pages[f"{name}-{number}"] = [url, sorted(readers(row), key=_rank)]
    print(json.dumps(pages))  # noqa: T201
