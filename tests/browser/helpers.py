from playwright.sync_api import expect


def expect_status(page, text):
    """The page tells what was done, in a status for screen readers too."""
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()
