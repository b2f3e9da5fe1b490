"""People at their browsers: one window for each account, signed in through the sign-in page."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from demo.accounts import PASSWORD

NOBODY = ""
SAID_ON_THE_PAGE = re.compile(r"[Ss]tatus (?:of|Error Code) (401|403|409|422)\b")
"""Answers the console notes and the page explains: signed out, not allowed, two have written, filled in wrongly."""


class Visitors:
    def __init__(self, browser: Browser, address: str, **browsing: Any) -> None:
        """``browsing`` is how their browsers differ from the usual one, as Playwright takes it."""
        self.browser = browser
        self.address = address
        self.browsing = browsing
        self.windows: dict[str, BrowserContext] = {}
        self.complaints: list[str] = []

    def page(self, account: str = NOBODY) -> Page:
        """A new page in the window of ``account@ksf.example``, or of somebody not signed in."""
        return self.window(account).new_page()

    def window(self, account: str = NOBODY) -> BrowserContext:
        if account not in self.windows:
            self.windows[account] = self._new_window(account)
        return self.windows[account]

    def _new_window(self, account: str) -> BrowserContext:
        usual = {"locale": "nb-NO", "timezone_id": "Europe/Oslo", "viewport": {"width": 1280, "height": 900}}
        window = self.browser.new_context(base_url=self.address, **usual | self.browsing)
        window.set_default_timeout(15_000)
        window.add_cookies([{"name": "django_language", "value": "nb", "url": self.address}])  # whatever their own is
        window.on("console", self._note_console)
        window.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        if account:
            self._sign_in(window.new_page(), account)
        return window

    def _sign_in(self, page: Page, account: str) -> None:
        page.goto("/konto/login/")
        page.get_by_label("E-post").fill(f"{account}@ksf.example")
        page.get_by_label("Passord").fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Logg inn", exact=True).click()
        page.wait_for_url("**/min-side/")
        page.close()

    def _note_console(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not SAID_ON_THE_PAGE.search(message.text):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")
