"""What a reader can press on the pages of the crawl: links, and forms with what they send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.crawl.asking import address
from tests.crawl.expectations import answers
from tests.crawl.pages import PAGES
from tests.crawl.table import TABLE

LINKS = ("href", "hx-get")


@dataclass
class Form:
    """What a form of the page sends when its first button is pressed and nothing is filled in."""

    url: str
    data: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    """What somebody who fills in every field would send besides."""
    is_by_script: bool = False


class Ways(HTMLParser):
    """The links of a page, and the forms that post."""

    def __init__(self, url):
        super().__init__()
        self.url, self.links, self.forms, self.form, self.choice = url, [], [], None, ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag != "link":
            self.links += [urljoin(self.url, given[name]) for name in LINKS if given.get(name)]
        if tag == "form":
            is_post = (given.get("method") or "").lower() == "post"
            self.form = Form(urljoin(self.url, given.get("action") or self.url)) if is_post else None
            self.forms += [self.form] if self.form else []
        if given.get("hx-post"):
            around = self.form or Form("")
            url = urljoin(self.url, given["hx-post"])
            self.forms.append(Form(url, around.data, around.typed, is_by_script=True))
        if self.form and given.get("name") and (given.get("type") == "hidden" or tag == "button"):
            self.form.data.setdefault(given["name"], given.get("value") or "")
        elif self.form and tag == "select":
            self.choice = given.get("name") or ""
        elif self.form and self.choice and tag == "option" and given.get("value"):
            self.form.typed.setdefault(self.choice, given["value"])
        elif self.form and given.get("name") and given.get("type") != "file":
            self.form.typed.setdefault(given["name"], given.get("value") or typed_in(given))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def typed_in(attributes):
    """What one might type in a field that is empty."""
    if attributes.get("type") == "email":
        return "noen@ksf.example"
    if attributes.get("inputmode") in {"numeric", "decimal"}:
        return "1"
    return {"date": "1.6.2031", "datetime-local": "1.6.2031 12.00"}.get(
        attributes.get("data-picks"), "Noen få ord om det."
    )


def ours(url):
    """The name of the view an address of the portal leads to; None for other places and for files beside it."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or parts.path.startswith("/static/"):
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return "nowhere"


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
                forms.setdefault((form.url, form.is_by_script, tuple(sorted(form.data))), (form, url))
    return links.values(), forms.values()
