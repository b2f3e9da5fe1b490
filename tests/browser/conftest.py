import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.portal import Portal
from tests.browser.visitors import Visitors

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def portal():
    """One portal with the demo content for the whole run; the tests leave each other's objects alone.

    Its folder is not among pytest's own: those are closed to others, the database's user too, when a second run starts.
    """
    with TemporaryDirectory(prefix="ksf-portal-", ignore_cleanup_errors=True) as home:
        portal = Portal(Path(home))
        try:
            portal.start()
            yield portal
        finally:
            portal.stop()


@pytest.fixture(scope="session")
def pages(portal):
    """The address and the readers of every page, with the objects of the permission crawl in the portal."""
    output = portal.run(
        sys.executable, "manage.py", "shell", "-v0", "-c", "from tests.crawl.pages import prepare; prepare()"
    )
    return json.loads(output.splitlines()[-1])


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def everybody(portal, browser):
    return Visitors(browser, portal.address)


@pytest.fixture
def visit(everybody):
    """``visit("leder")`` opens a page for the account; no page may complain in the console, under the real CSP."""
    everybody.complaints.clear()
    pages = []

    def open_page(account=""):
        pages.append(everybody.page(account))
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()
    assert everybody.complaints == []
