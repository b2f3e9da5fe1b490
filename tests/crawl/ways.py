"""What a reader can press on the pages of the crawl: links, and forms with what they send."""

from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from lxml import html

from tests.crawl.asking import address
from tests.crawl.expectations import answers
from tests.crawl.pages import PAGES
from tests.crawl.table import TABLE

LINKS = ("href", "hx-get")
NOWHERE = "nowhere"


@dataclass
class Form:
    """What a form of the page sends when its first button is pressed and nothing is filled in; its long texts."""

    url: str
    data: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    """What somebody who fills in every field would send besides."""
    is_by_script: bool = False
    texts: list[str] = field(default_factory=list)
    is_saved_as_typed: bool = False
    tokens: list[str] = field(default_factory=list)
    """What tells one unsent form from another."""


class Ways:
    """The links of a page, and the forms that post; what a single field posts by script is a form too."""

    def __init__(self, url, text):
        self.url, self.links, self.forms, self.choice = url, [], [], ""
        self._posting = {}
        for element in html.document_fromstring(text).iter(html.etree.Element):
            self._read(element.tag, element.attrib, element)

    def _read(self, tag, given, element):
        if tag != "link":
            self.links += [urljoin(self.url, given[name]) for name in LINKS if given.get(name)]
        if tag == "form" and given.get("method", "").lower() == "post":
            self._posting[element] = Form(urljoin(self.url, given.get("action") or self.url))
            self.forms.append(self._posting[element])
        form = self._posting.get(element if tag == "form" else next(element.iterancestors("form"), None))
        if given.get("hx-post"):
            around = form or Form("")
            url = urljoin(self.url, given["hx-post"])
            self.forms.append(Form(url, around.data, around.typed, is_by_script=True))
        if form:
            self._fill(form, tag, given)

    def _fill(self, form, tag, given):
        name = given.get("name")
        if name and (given.get("type") == "hidden" or tag == "button"):
            form.data.setdefault(name, given.get("value") or "")
        elif tag == "select":
            self.choice = name or ""
        elif self.choice and tag == "option" and given.get("value"):
            form.typed.setdefault(self.choice, given["value"])
        elif name and given.get("type") != "file":
            form.typed.setdefault(name, given.get("value") or typed_in(given))
        if tag == "textarea":
            form.texts.append(name)
        if name == "unsent":
            form.tokens.append(given["value"])
        form.is_saved_as_typed |= "data-autosave" in given and bool(given["hx-post"])

    def one_link_for_each_view(self):
        """Addresses of the portal, the first to each view, and all that lead nowhere."""
        found = {}
        for link in self.links:
            if view := ours(link):
                found.setdefault((view, urlsplit(link).path) if view == NOWHERE else view, link)
        return list(found.values())


def typed_in(attributes):
    """What one might type in a field that is empty."""
    if attributes.get("type") == "email":
        return "noen@ksf.example"
    if attributes.get("inputmode") in {"numeric", "decimal"}:
        return "1"
    return {"date": "1.6.2031", "datetime-local": "1.6.2031 12.00"}.get(
        attributes.get("data-picks"), "Noen få ord om det."
    )


@cache
def ours(url):
    """The name of the view an address of the portal leads to; None for other places and for files beside it."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or parts.path.startswith("/static/"):
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return NOWHERE


def is_page(response):
    return not response.streaming and response.get("Content-Type", "").startswith("text/html")


def forms_of(visitor, role, demo):
    """The forms of all pages of the reader, each with its page."""
    forms = {}
    for name, number in PAGES:
        row = TABLE[name][number]
        if answers(row.get)[role] != "200":
            continue
        url = address(name, row, demo)
        response = visitor.get(url)
        for form in Ways(url, response.text).forms if is_page(response) else []:
            if ours(form.url):
                forms.setdefault((form.url, form.is_by_script, tuple(sorted(form.data))), (form, url))
    return forms.values()
