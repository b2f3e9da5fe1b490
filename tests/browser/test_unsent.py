"""A form that acts when it is sent: saved as it is typed, there again, gone when it is sent."""

import re

from playwright.sync_api import expect

TEXT = "Ny utlysning kommer i mars. Snakk med klyngen din."
SAVED = re.compile(r"Lagret kl\. \d\d\.\d\d")
KEPT = "Vi tok vare på det du skrev her"


def text(page):
    return page.get_by_label("Tekst", exact=False).first


def test_news_that_was_left_half_written(visit):
    staff = visit("nasjonalt")
    staff.goto("/nyheter/ny/")
    text(staff).fill(TEXT)
    expect(staff.locator(".form-end [data-saved]")).to_have_text(SAVED)

    staff.goto("/nyheter/")
    staff.goto("/nyheter/ny/")
    expect(text(staff)).to_have_value(TEXT)
    expect(staff.locator(".unsent")).to_contain_text(KEPT)
    staff.get_by_label("Tittel", exact=False).first.fill("Ny utlysning i mars")
    with staff.expect_request("**/nyheter/ny/"):
        staff.locator(".form-end button").click()  # before a second has passed: nothing is kept after it is sent
    expect(staff.get_by_role("heading", level=1)).to_have_text("Ny utlysning i mars")
    staff.wait_for_timeout(1500)
    staff.goto("/nyheter/ny/")
    expect(text(staff)).to_have_value("")
    expect(staff.locator(".unsent .ds-alert")).to_have_count(0)


def test_what_was_kept_is_thrown_away(visit):
    staff = visit("nasjonalt")
    staff.goto("/nyheter/ny/")
    text(staff).fill(TEXT)
    expect(staff.locator("[data-saved]")).to_have_text(SAVED)
    staff.reload()
    staff.get_by_role("link", name="Forkast").click()
    expect(staff.locator("main")).to_contain_text(TEXT)
    staff.get_by_role("button", name="Forkast").click()
    expect(text(staff)).to_have_value("")
