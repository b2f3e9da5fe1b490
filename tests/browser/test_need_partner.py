"""A partner finds a question, saves the search, shows interest; both write, and it becomes a project."""

import re

from playwright.sync_api import expect

from tests.browser.helpers import expect_status

QUESTION = "Hva må være på plass for at flere kan dø hjemme når det er langt til sykehus?"
NEED = "Hva virker for å beholde lærere i småskoler?"


def typed(page, label, text):
    """Type in the shared text, and wait for the answer to its saving; returns the status."""
    with page.expect_response(re.compile(r"/tekst/\w+/$")) as answer:
        page.get_by_label(label).fill(text)
    return answer.value.status


def test_from_search_to_project(visit):
    partner, coordinator = visit("partner.ntnu"), visit("koordinator.nord")
    coordinator.goto("/behov/problemstillinger/ny/")
    coordinator.get_by_label("Problemstillingen i én setning").fill(NEED)
    coordinator.get_by_role("group", name="Behovene den kommer fra").get_by_role("checkbox").first.check()
    coordinator.get_by_role("button", name="Begynn på problemstillingen").click()
    expect_status(coordinator, "Problemstillingen er påbegynt")
    assert typed(coordinator, "Hva som undersøkes", "Mentorordning det første året.") == 200
    coordinator.get_by_role("button", name="Åpne for partnere").click()
    expect_status(coordinator, "Åpen for partnere")
    address = coordinator.url

    partner.goto("/behov/problemstillinger/")
    partner.get_by_label("Region").select_option(label="KSF Nord")
    partner.get_by_role("button", name="Vis", exact=True).click()
    partner.get_by_role("button", name="Lagre dette søket").click()
    expect_status(partner, "Søket er lagret")
    partner.get_by_role("link", name=NEED).click()
    partner.get_by_role("link", name="Vis interesse").click()
    partner.get_by_label("Hva kan dere bidra med?").fill("Vi følger nyutdannede lærere og har en ledig stipendiat.")
    partner.get_by_role("button", name="Send", exact=True).click()
    expect_status(partner, "Koordinatoren har fått meldingen din")

    coordinator.goto("/min-side/")
    coordinator.get_by_role("link", name=re.compile(re.escape(NEED))).first.click()
    expect(coordinator.locator("main")).to_contain_text("en ledig stipendiat")
    coordinator.get_by_label("Svar til partneren").fill("Ring gjerne på tirsdag.")
    coordinator.get_by_role("button", name="Sett i kontakt").click()
    expect_status(coordinator, "De det gjelder, har fått beskjed")

    partner.goto(address)
    coordinator.goto(address)
    assert typed(partner, "Hvem det gjelder", "Lærere i sitt første år.") == 200
    assert typed(coordinator, "Hvem det gjelder", "Lærere ved skoler med under hundre elever.") == 409
    both = coordinator.get_by_role("alert").filter(has_text="To har skrevet i samme felt")
    expect(both).to_contain_text("Lærere i sitt første år.")
    expect(coordinator.get_by_label("Hvem det gjelder")).to_have_value("Lærere ved skoler med under hundre elever.")
    together = "Lærere i sitt første år, ved skoler med under hundre elever."
    coordinator.get_by_label("Hvem det gjelder").fill(together)
    with coordinator.expect_response(re.compile(r"/tekst/population/$")) as kept:
        both.get_by_role("button", name="Bruk min tekst").click()
    assert kept.value.status == 200
    partner.reload()
    expect(partner.get_by_label("Hvem det gjelder")).to_have_value(together)

    coordinator.get_by_role("link", name="Gjør det til et prosjekt").click()
    coordinator.get_by_role("textbox", name="Starter").fill("2027-01-15")
    coordinator.get_by_role("button", name="Registrer", exact=True).click()
    expect_status(coordinator, "Prosjektet er registrert")
    expect(coordinator.locator("main")).to_contain_text(NEED)
    partner.reload()
    expect(partner.locator("main [aria-current=step]")).to_contain_text("prosjekt")
