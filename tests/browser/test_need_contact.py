"""A contact's need: saved as it is typed, compared, sent; nothing typed is lost, and bad input gets a plain answer."""

import re

from playwright.sync_api import expect

FALLS = "Hvordan kan vi forebygge fall hos eldre som bor hjemme?"
WHY = "Vi har mange fall blant hjemmeboende, og vet ikke hvilke tiltak som virker i en liten kommune."
SAVED = re.compile(r"Lagret kl\. \d\d\.\d\d")


def sentence(page):
    return page.get_by_label("Behovet i én setning")


def text(page):
    return page.get_by_label("Hva trenger dere å vite, og hvorfor?")


def heading(page):
    return page.get_by_role("heading", level=1)


def typed(page, value):
    """Type, and wait until it has been tried to save; returns the answer's status."""
    with page.expect_response("**/behov/utkast/") as answer:
        text(page).fill(value)
    return answer.value.status


def begin(page, title, why=WHY):
    """A new draft, saved."""
    page.goto("/behov/nytt/")
    sentence(page).fill(title)
    assert typed(page, why) == 200
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    expect(page).to_have_url(re.compile(r"/behov/\d+/skriv/"))


def send(page):
    page.get_by_role("button", name="Send inn behovet").click()


def test_need_on_one_page(visit):
    contact = visit("kontakt.1106")
    begin(contact, FALLS)
    similar = contact.locator("aside").get_by_role("listitem")
    expect(similar.first).to_be_visible()
    contact.reload()  # as after a lost connection
    expect(text(contact)).to_have_value(WHY)

    contact.goto("/behov/nytt/")
    contact.locator("main").get_by_role("link", name=FALLS).click()
    send(contact)
    expect(contact.get_by_role("status")).to_contain_text("Behovet er sendt inn")
    expect(heading(contact)).to_have_text(FALLS)
    address = contact.url

    visitor = visit()
    assert visitor.request.get(address).status == 404  # not open to all before it is taken up
    neighbour = visit("kontakt.1149")
    begin(neighbour, "Hva kan forebygge at eldre som bor hjemme, faller?")
    aside = neighbour.locator("aside")
    aside.get_by_role("link", name=re.compile(f"^Vi har samme behov.*{re.escape(FALLS)}")).click()
    neighbour.get_by_label("Hvordan er det hos dere?").fill("Her er det mest fall om vinteren.")
    neighbour.get_by_role("button", name="Karmøy har samme behov").click()
    expect(neighbour.locator("main")).to_contain_text("Her er det mest fall om vinteren.")
    contact.goto(address)
    expect(contact.locator("main")).to_contain_text("Karmøy")


ANSWERED_LATE = """() => {
    const form = document.querySelector("#need-form");
    const type = () => form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
    const tell = (name, xhr) => form.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { xhr } }));
    const [first, second] = [1, 2].map(() => ({ status: 200, getResponseHeader: () => "yes" }));
    const left = [];
    type();
    tell("htmx:beforeRequest", first);
    type();
    tell("htmx:afterRequest", first);
    left.push(unsavedEdits.size, form.querySelector("[data-saved]").textContent);
    tell("htmx:beforeRequest", second);
    tell("htmx:afterRequest", second);
    left.push(unsavedEdits.size);
    return left;
}"""


def test_words_typed_while_earlier_ones_are_saved_stay_unsaved(visit):
    page = visit("kontakt.1106")
    begin(page, "Hvordan rekrutterer vi helsefagarbeidere?")
    assert page.evaluate(ANSWERED_LATE) == [1, "Lagrer …", 0]


def test_two_tabs(visit):
    first = visit("kontakt.1146")
    begin(first, "Hvordan får vi lærlinger til å bli?")
    second = visit("kontakt.1146")
    second.goto(first.url)
    assert typed(second, "Skrevet i den andre fanen.") == 200
    assert typed(first, "Skrevet i den første fanen.") == 409
    note = first.get_by_role("alert").filter(has_text="lagret et annet sted")
    expect(note).to_contain_text("Skrevet i den andre fanen.")
    expect(text(first)).to_have_value("Skrevet i den første fanen.")
    note.get_by_role("button", name="Lagre min tekst").click()
    expect(first.get_by_role("status").filter(has_text="Utkastet er lagret")).to_be_visible()
    second.reload()
    expect(text(second)).to_have_value("Skrevet i den første fanen.")


def test_signed_out_while_writing(visit):
    page = visit("kontakt.1160")
    begin(page, "Hva gjør at unge voksne flytter hjem igjen?")
    page.context.clear_cookies(name="sessionid")
    assert typed(page, "Skrevet etter at økten gikk ut.") == 401
    expect(page.get_by_role("alert").filter(has_text="Du er logget ut")).to_be_visible()
    expect(page.locator("aside")).not_to_contain_text("Passord")  # what stands beside the form is left as it was

    with page.expect_popup() as opened:
        page.get_by_role("link", name="Logg inn på nytt i en ny fane").click()
    window = opened.value
    window.get_by_label("E-post").fill("kontakt.1160@ksf.example")
    window.get_by_label("Passord").fill("ksf-demo-2026")
    window.locator("main").get_by_role("button", name="Logg inn", exact=True).click()
    window.wait_for_url("**/min-side/")
    window.close()

    text(page).press_sequentially(" Og mer.")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    expect(page.get_by_role("alert").filter(has_text="Du er logget ut")).to_be_hidden()
    page.reload()
    expect(text(page)).to_have_value("Skrevet etter at økten gikk ut. Og mer.")


def test_bad_input(visit):
    page = visit("kontakt.1135")
    page.goto("/behov/nytt/")
    send(page)
    errors = page.get_by_role("group", name="2 ting må rettes")
    expect(errors).to_be_focused()
    errors.get_by_role("link", name=re.compile("Behovet i én setning")).click()
    expect(sentence(page)).to_be_focused()

    sentence(page).fill("Hvordan kan vi dele på en jordmor?")
    long = "Vi har for få jordmødre. " * 2_000 + "Hjelp."
    text(page).fill(long)
    send(page)
    expect(page.locator("main")).to_contain_text("Teksten har 50 006 tegn, og det er plass til")
    expect(text(page)).to_have_value(long)

    text(page).fill('<p class="MsoNormal">Vi har <b>én</b> jordmor.<o:p></o:p></p>\n<!--[if !mso]>x<![endif]-->')
    send(page)
    expect(heading(page)).to_have_text("Hvordan kan vi dele på en jordmor?")
    expect(page.locator("blockquote")).to_have_text("Vi har én jordmor.")


def test_own_need_is_not_endorsed(visit):
    page = visit("kontakt.1134")
    begin(page, "Hvordan får vi nok vann til brannvesenet på øyene?")
    send(page)
    address = page.url
    expect(page.get_by_role("link", name="Vi har samme behov")).to_have_count(0)
    page.goto(f"{address}samme-behov/")
    expect(page.locator("main")).to_contain_text("En kommune slutter seg til et behov én gang, og aldri til sitt eget.")
    begin(page, "Hvordan får vi vann nok til brannvesenet på øyene?")
    own = page.locator("aside").get_by_role("listitem").filter(has_text="Behovet til din egen kommune")
    expect(own).to_contain_text("nok vann til brannvesenet")
