"""A regional coordinator at the work queue: takes up, asks, merges and undoes it, writes what is known."""

import re

from playwright.sync_api import expect

from tests.browser.helpers import expect_status

NIGHT = "Hvordan bemanner vi nattevakter på legevakt når avstandene er store?"
ALIKE = "Hvordan skal vi bemanne nattevakt på legevakten når avstanden er stor?"
WHY = "Legevakten dekker tre kommuner, og det er timer mellom dem. Vi får ikke leger til å ta nattevaktene."


def submit(page, title):
    """Send a need; returns its address."""
    page.goto("/behov/nytt/")
    page.get_by_label("Behovet i én setning").fill(title)
    page.get_by_label("Hva trenger dere å vite, og hvorfor?").fill(WHY)
    page.get_by_role("button", name="Send inn behovet").click()
    expect_status(page, "Behovet er sendt inn")
    return page.url


def of(action, need):
    """The name of the button or link that does this with that need."""
    return re.compile(f"^{action}.*{re.escape(need)}")


def state(page, word):
    expect(page.locator("main .ds-tag").first).to_have_text(word)


def test_queue(visit):
    contact, neighbour, coordinator = visit("kontakt.1856"), visit("kontakt.1857"), visit("koordinator.nord")
    first, second = submit(contact, NIGHT), submit(neighbour, ALIKE)

    coordinator.goto("/min-side/")
    coordinator.get_by_role("link", name="Nye kunnskapsbehov").click()
    coordinator.get_by_role("link", name=of("Spør kommunen", NIGHT)).click()
    coordinator.get_by_label("Hva trenger du å vite av kommunen?").fill("Gjelder det også helgene?")
    coordinator.get_by_role("button", name="Send tilbake med et spørsmål").click()
    expect_status(coordinator, "De det gjelder, har fått beskjed")

    contact.goto("/min-side/")
    contact.get_by_role("link", name=NIGHT).first.click()
    expect(contact.locator("main")).to_contain_text("Gjelder det også helgene?")
    contact.goto(first)
    contact.get_by_role("link", name="Svar på spørsmålet").click()
    contact.get_by_label("Svaret deres").fill("Ja, og i ferien.")
    contact.get_by_role("button", name="Send svaret").click()
    expect_status(contact, "koordinatoren har fått beskjed")

    coordinator.goto("/behov/arbeidsko/")
    coordinator.get_by_role("button", name=of("Ta opp til vurdering", NIGHT)).click()
    expect_status(coordinator, "De det gjelder, har fått beskjed")
    coordinator.goto(first)
    state(coordinator, "I vurdering")

    coordinator.goto("/behov/arbeidsko/")
    coordinator.get_by_role("button", name=of("Slå dette sammen med det andre", ALIKE)).click()
    expect_status(coordinator, "De to behovene er slått sammen")
    coordinator.goto(second)
    state(coordinator, "Slått sammen")
    neighbour.goto(second)
    expect(neighbour.locator("main")).to_contain_text("Teksten og historien er beholdt her.")
    coordinator.get_by_role("button", name="Angre sammenslåingen").click()
    expect_status(coordinator, "Begge behovene er som før")
    state(coordinator, "Sendt inn")

    coordinator.goto(first)
    coordinator.get_by_role("link", name="Vurder hva som er kjent").click()
    coordinator.get_by_label("Hva som er kjent fra før, i klart språk").fill("Felles vaktrom er prøvd, men ikke målt.")
    coordinator.get_by_label("Kilder").fill("Oppsummering om legevakt https://example.org/legevakt")
    coordinator.get_by_label("Forskningshull").check()
    coordinator.get_by_role("button", name="Lagre vurderingen").click()
    expect_status(coordinator, "Vurderingen er lagret")
    visitor = visit()
    visitor.goto(first)
    expect(visitor.locator("main")).to_contain_text("Felles vaktrom er prøvd, men ikke målt.")
    expect(visitor.get_by_role("link", name="Oppsummering om legevakt")).to_be_visible()
