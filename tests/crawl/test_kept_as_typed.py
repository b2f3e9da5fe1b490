"""X10: every form with a long text is saved as it is typed, on every page of the crawl and for every reader."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from tests.crawl.asking import address
from tests.crawl.expectations import answers
from tests.crawl.pages import PAGES
from tests.crawl.people import ROLES
from tests.crawl.table import TABLE

pytestmark = pytest.mark.django_db


@dataclass
class Form:
    texts: list[str] = field(default_factory=list)
    savers: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page that post, with their long texts and what saves them."""

    def __init__(self):
        super().__init__()
        self.forms, self.form = [], None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.form = Form()
            self.forms.append(self.form)
        if self.form is None:
            return
        if tag == "textarea":
            self.form.texts.append(given["name"])
        if "data-autosave" in given:
            self.form.savers.append(given["hx-post"])
        if given.get("name") == "unsent":
            self.form.tokens.append(given["value"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def forms_of(visitor, role, demo):
    for name, number in PAGES:
        row = TABLE[name][number]
        if answers(row.get)[role] != "200":
            continue
        response = visitor.get(address(name, row, demo))
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            continue
        page = Forms()
        page.feed(response.text)
        yield name, page.forms


@pytest.mark.parametrize("role", ROLES)
def test_a_long_text_is_saved_as_it_is_typed(role, demo, visitors):
    lost, twice, found = [], [], 0
    for name, forms in forms_of(visitors[role], role, demo):
        writing = [form for form in forms if form.texts]
        found += len(writing)
        lost += [(name, form.texts) for form in writing if not form.savers]
        tokens = [token for form in forms for token in form.tokens]
        twice += [name] if len(set(tokens)) != len(tokens) else []
    assert lost == []
    assert twice == []
    assert found > 0 or role in {"anonymous", "observer", "office"}
