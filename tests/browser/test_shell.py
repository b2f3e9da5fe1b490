"""Signing in, the hat and the language, with and without script."""


def test_sign_in_leads_to_what_waits(visit):
    page = visit("nasjonalt")
    page.goto("/min-side/")
    assert page.locator("html").get_attribute("lang") == "nb"
    assert page.get_by_role("heading", level=1).is_visible()
