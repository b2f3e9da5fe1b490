"""Every page: accessible (WCAG 2.2 AA) in both colour schemes, no wider than 320 px, silent under the strict CSP."""

import os
import re

import pytest

from tests.browser.portal import ROOT
from tests.crawl.pages import PAGES
from tests.crawl.people import ACCOUNTS

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (only) => (await axe.run(document, {runOnly: only, resultTypes: ['violations']})).violations.map(
    found => `${found.id}: ${found.nodes.map(node => node.html.slice(0, 200)).join(' | ')}`)"""
OVERFLOW = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')].filter(
        element => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.table-scroll')
    ).slice(0, 3).map(element => element.outerHTML.slice(0, 120))"""
TAG = re.compile(r"<(?!/)[^<>]+>")
ONE_OF_MANY = re.compile(r'\d+|"[0-9a-f]{8,}[^"]*"|\b(?:href|value|action|content|title)="[^"]*"')


def kinds(html):
    """The kinds of elements in a page: its tags, without what is only one of many, as ids and addresses."""
    return {ONE_OF_MANY.sub("", tag) for tag in TAG.findall(html)}


EVERY_READER = bool(os.environ.get("EVERY_READER"))


def accounts_worth_reading_as(address, readers, everybody):
    """The accounts of readers who see elements of a kind that those before have not seen, most elements first.

    Only the first of ``readers``, who as a rule sees most, unless ``EVERY_READER`` is set: all of them take a quarter
    of an hour.
    """
    accounts = [ACCOUNTS.get(role, "") for role in readers]
    if not EVERY_READER:
        yield accounts[0]
        return
    seen = {account: kinds(everybody.window(account).request.get(address).text()) for account in accounts}
    known = set()
    for account in sorted(accounts, key=lambda account: -len(seen[account])):
        if seen[account] - known:
            known |= seen[account]
            yield account


@pytest.mark.parametrize("name", [f"{name}-{number}" for name, number in PAGES])
def test_page(name, pages, everybody, visit):
    address, readers = pages[name]
    for account in accounts_worth_reading_as(address, readers, everybody):
        page = visit(account)
        page.emulate_media(color_scheme="light")
        assert page.goto(address).status == 200
        page.evaluate(AXE)
        assert page.evaluate(RUN, LEVELS) == []
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(RUN, {"type": "rule", "values": ["color-contrast"]}) == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate(OVERFLOW) == []
