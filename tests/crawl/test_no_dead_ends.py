"""X1: no link or button shown leads to a refusal, for any reader on any page of the crawl."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.urls import Resolver404, resolve

from tests.crawl.asking import READS, address, asked
from tests.crawl.expectations import answers
from tests.crawl.pages import PAGES
from tests.crawl.people import ROLES
from tests.crawl.table import TABLE

pytestmark = pytest.mark.django_db

REFUSED = {"403", "404", "405"}
LINKS = ("href", "hx-get")


@dataclass
class Form:
    """What a form of the page sends when its first button is pressed and nothing is filled in."""

    url: str
    data: dict[str, str] = field(default_factory=dict)


class Ways(HTMLParser):
    """The links of a page, and the forms that post."""

    def __init__(self, url):
        super().__init__()
        self.url, self.links, self.forms, self.form = url, [], [], None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag != "link":
            self.links += [urljoin(self.url, given[name]) for name in LINKS if given.get(name)]
        if given.get("hx-post"):
            self.forms.append(Form(urljoin(self.url, given["hx-post"])))
        if tag == "form":
            is_post = (given.get("method") or "").lower() == "post"
            self.form = Form(urljoin(self.url, given.get("action") or self.url)) if is_post else None
            self.forms += [self.form] if self.form else []
        elif self.form and given.get("name") and (given.get("type") == "hidden" or tag == "button"):
            self.form.data.setdefault(given["name"], given.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def ours(url):
    """The name of the view an address of the portal leads to; None for other places and for files beside it."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or parts.path.startswith("/static/"):
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return "nowhere"


def known(role, demo):
    """What the table says of an address, which ``test_who_may`` holds: it need not be asked again."""
    return {address(name, row, demo): answers(row.get)[role] for name, rows in TABLE.items() for row in rows}


def ways_of(visitor, role, demo):
    """One address for each view that each page of the reader leads to, and what is sent there; with the page."""
    links, forms = {}, {}
    for name, number in PAGES:
        row = TABLE[name][number]
        if answers(row.get)[role] != "200":
            continue
        url = address(name, row, demo)
        response = visitor.get(url)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            continue
        ways = Ways(url)
        ways.feed(response.text)
        per_view = {(ours(link), urlsplit(link).path): link for link in ways.links if ours(link)}
        seen = set()
        for (view, path), link in per_view.items():
            if view == "nowhere" or (name, view) not in seen:
                seen.add((name, view))
                links.setdefault(path, (link, url))
        for form in ways.forms:
            if ours(form.url):
                forms.setdefault((form.url, tuple(sorted(form.data))), (form, url))
    return links.values(), forms.values()


@pytest.mark.parametrize("role", ROLES)
def test_no_link_or_button_leads_to_a_refusal(role, demo, visitors):
    visitor = visitors[role]
    links, forms = ways_of(visitor, role, demo)
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
