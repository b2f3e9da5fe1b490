"""The core tasks in a browser without script (X6): sign in, submit a need, write an application, cast a ballot."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import expect_status
from tests.browser.visitors import Visitors


@pytest.fixture(scope="module")
def visit_without_script(browser, portal):
    """``visit_without_script("leder")`` opens a page for the account in a browser that runs no script."""
    return Visitors(browser, portal.address, java_script_enabled=False).page


def test_need(visit_without_script):
    page = visit_without_script("kontakt.5628")
    page.goto("/behov/nytt/")
    page.get_by_label("Behovet i én setning").fill("Hvordan holder vi liv i språket når få snakker det?")
    page.get_by_role("button", name="Fortsett senere").click()
    expect_status(page, "Utkastet er lagret")
    page.get_by_role("button", name="Send inn behovet").click()
    errors = page.get_by_role("group", name="Én ting må rettes")
    expect(errors).to_contain_text("Hva trenger dere å vite, og hvorfor?")

    page.goto("/behov/")
    page.locator("main").get_by_role("link", name="Hvordan holder vi liv i språket").click()
    page.get_by_label("Hva trenger dere å vite, og hvorfor?").fill("Barna forstår, men svarer på norsk.")
    page.get_by_role("button", name="Send inn behovet").click()
    expect_status(page, "Behovet er sendt inn")
    expect(page.locator("blockquote")).to_have_text("Barna forstår, men svarer på norsk.")


def test_application(visit_without_script):
    page = visit_without_script("klynge.lister")
    page.goto("/tilskudd/2027/")
    page.get_by_role("link", name="Begynn på en søknad").click()
    page.get_by_role("button", name="Begynn", exact=True).click()
    expect(page).to_have_url(re.compile(r"/tilskudd/soknader/\d+/$"))
    page.get_by_label("Tittel").fill("Lister lærer sammen")
    page.locator("#details").get_by_role("button", name="Lagre").click()
    expect(page.get_by_label("Tittel")).to_have_value("Lister lærer sammen")
    page.locator("#members").get_by_role("textbox").first.fill("250 000")
    page.locator("#members").get_by_role("button", name="Lagre og regn ut summen").click()
    expect(page.locator("#asked")).to_have_text(re.compile(r"250\s000\skr"))
    answer = page.locator("#answers form").first
    answer.get_by_role("textbox").fill("Fem kommuner går sammen.")
    answer.get_by_role("button", name="Lagre").click()
    expect(page.locator("#answers form").first.get_by_role("textbox")).to_have_value("Fem kommuner går sammen.")


def test_ballot(visit_without_script):
    page = visit_without_script("kontakt.4627")
    page.goto("/min-side/")
    page.get_by_role("link", name="Hva skal vi forske på først?").click()
    expect(page.get_by_role("heading", name="Stemmen til Askøy")).to_be_visible()
    places = page.get_by_label(re.compile("^Plass"))
    for place in range(places.count()):
        places.nth(place).select_option("" if place > 1 else str(2 - place))
    page.get_by_role("button", name="stemme").click()
    expect_status(page, "er mottatt")
