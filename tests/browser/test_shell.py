"""Signing in, the role switch and the language, with and without script."""


def test_sign_in_leads_to_what_waits(visit):
    page = visit("nasjonalt")
    page.goto("/min-side/")
    assert page.locator("html").get_attribute("lang") == "nb"
    assert page.get_by_role("heading", level=1).is_visible()


SENT = """() => {
    const form = document.querySelector("main form[method=post]");
    const sent = [];
    window.addEventListener("submit", (event) => {
        sent.push(!event.defaultPrevented);
        event.preventDefault();
    });
    form.requestSubmit();
    form.requestSubmit();
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    form.requestSubmit();
    return sent;
}"""


def test_a_form_is_sent_once_and_again_when_one_comes_back(visit):
    page = visit("koordinator.nord")
    page.goto("/behov/runder/ny/")
    assert page.evaluate(SENT) == [True, False, True]


def test_a_form_that_is_refused_can_be_sent_again(visit):
    page = visit("koordinator.nord")
    page.goto("/behov/runder/ny/")
    for title in ("", "Runde uten resten"):
        page.get_by_label("Tittel").fill(title)
        with page.expect_response(lambda response: response.request.method == "POST") as refused:
            page.get_by_role("button", name="Lagre utkastet").click()
        assert refused.value.status == 422
        page.wait_for_load_state()
