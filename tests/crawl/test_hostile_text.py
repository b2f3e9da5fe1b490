"""No page is wider than the screen, and no text runs over what stands beside it, whatever people have written (U3)."""

import mimetypes
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import sync_playwright

from tests.crawl import hostile
from tests.crawl.asking import address
from tests.crawl.pages import PAGES, most_to_see
from tests.crawl.table import TABLE

pytestmark = pytest.mark.browser

SITE = "http://portal.test"
RUNS_OVER = (Path(__file__).parent / "runs_over.js").read_text(encoding="utf-8")
WIDTHS = (320, 1280)


@pytest.fixture(scope="module")
def pages(demo, visitors, django_db_blocker):
    """The HTML of every page by its address, as the reader who sees most of it is shown it."""
    read = {}
    with django_db_blocker.unblock():
        hostile.fill()
        for name, number in PAGES:
            row = TABLE[name][number]
            response = visitors[most_to_see(row)].get(address(name, row, demo))
            assert response.status_code == 200, name
            read[f"{name}-{number}"] = response.content.decode()
    return read


@pytest.fixture(scope="module")
def screen(pages):
    """A page of Chromium that gets the portal's pages and files from here."""

    def answer(route):
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = finders.find(path.removeprefix("/static/"))
            kind = mimetypes.guess_type(path)[0]
            route.fulfill(path=file, content_type=kind) if file else route.fulfill(status=404)
        else:
            route.fulfill(body=pages.get(path.removeprefix("/"), ""), content_type="text/html; charset=utf-8")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.route("**/*", answer)
        yield page
        browser.close()


@pytest.mark.parametrize("name", [f"{name}-{number}" for name, number in PAGES])
def test_text_stays_in_its_place(name, screen):
    screen.goto(f"{SITE}/{name}")
    for width in WIDTHS:
        screen.set_viewport_size({"width": width, "height": 800})
        assert screen.evaluate(RUNS_OVER) == [], width
    assert not re.search(r"<script>alert", screen.content())
