"""A priority round in a cluster, on to the region and the nation: set up, voted on, counted, changed, published."""

import re
import sys
from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.helpers import expect_status

PHONE = {"width": 360, "height": 740}
ROUND = "Hva skal klyngen forske på i 2027?"
REASON = "Tre kommuner må ha svaret før turnusene legges om."
NATIONAL_ROUND = "Hva skal hele landet forske på i 2027?"
REGION_ROUND = "Hva skal Vest forske på i 2027?"
MEMBERS = {"kontakt.1146": "Tysvær", "kontakt.1149": "Karmøy", "kontakt.1151": "Utsira"}


def set_up(page, title, where, method):
    page.goto("/behov/runder/")
    page.get_by_role("link", name="Sett opp en runde").click()
    page.get_by_label("Tittel").fill(title)
    page.get_by_label(re.compile(r"^Hvor\s*Må")).select_option(label=where)
    page.get_by_label("Kriterier").fill("Hvor mange gjelder det, og kan svaret tas i bruk i små kommuner?")
    page.get_by_label(method).check()
    closes = datetime.now() + timedelta(days=14)  # noqa: DTZ005 - as typed, in local time
    page.get_by_label("Stemmefrist").fill(closes.strftime("%Y-%m-%dT12:00"))
    page.get_by_role("button", name="Lagre utkastet").click()
    expect_status(page, "Runden er lagret som utkast")


def opened(page):
    """Open the round; returns its address."""
    page.get_by_role("button", name="Åpne runden").click()
    expect_status(page, f"{page.locator('h1').inner_text()}: åpen.")
    return page.url


def move(page, need, way):
    """Press "up" or "down" at the need with the keyboard alone."""
    button = page.get_by_role("button", name=re.compile(rf"^{way}\b.*{re.escape(need)}"))
    place = page.get_by_role("listitem").filter(has_text=need).get_by_label("Plass")
    before = place.input_value()
    button.focus()
    page.keyboard.press("Enter")
    expect(place).not_to_have_value(before)


def order(page):
    return page.locator(".ballot h2").all_inner_texts()


def vote(page, address, name, *, times=1):
    """Order the needs with the buttons on a phone, the last on the list first; returns them in order."""
    page.set_viewport_size(PHONE)
    page.goto(address)
    page.get_by_role("link", name=f"Avgi stemmen til {name}").click()
    expect(page.get_by_role("heading", name=f"Stemmen til {name}")).to_be_visible()
    for need in order(page)[::-1][:times]:
        move(page, need, "Opp")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    return order(page)[:times]


def with_candidates(runner):
    """Let the first four needs that can stand do so, and go to the round."""
    for place in range(4):
        runner.get_by_role("checkbox").nth(place).check()
    runner.get_by_role("button", name="Legg til de avkryssede").click()
    expect_status(runner, "4 behov er lagt til")
    runner.get_by_role("link", name="Til runden").click()


def pass_deadline(portal, title):
    """Let the round's time be over, and the clock strike."""
    hour_ago = "UPDATE needs_rounds_round SET opens_at = now() - interval '1 hour', closes_at = now() WHERE title = %s"
    with portal.connect() as connection:
        connection.execute(hour_ago, [title])
    portal.run(sys.executable, "manage.py", "close_rounds")


def change_order(runner):
    """Put the third need first once the ballots are counted, which shows by itself."""
    table = runner.get_by_role("region", name="Rekkefølgen").get_by_role("rowheader")
    third = table.nth(2).get_by_role("link").inner_text()
    runner.get_by_role("link", name="Endre rekkefølgen").click()
    runner.get_by_label("Behov").select_option(label=third)
    runner.get_by_label("Ny plass").fill("1")
    runner.get_by_label("Hvorfor").fill(REASON)
    runner.get_by_role("button", name="Endre rekkefølgen").click()
    expect(table.nth(0)).to_contain_text(third)


def publish(runner, count):
    runner.get_by_role("link", name="Publiser resultatet").click()
    runner.get_by_label("Hvor mange som prioriteres").fill(str(count))
    runner.get_by_role("button", name="Publiser", exact=True).click()
    expect_status(runner, "Resultatet er publisert")


def test_cluster(visit, portal):
    runner, visitor = visit("klynge.haugalandet-og-ryfylke"), visit()
    set_up(runner, ROUND, "Kunnskapsklyngen Haugalandet og Ryfylke", "Poeng (Borda)")
    with_candidates(runner)
    address = opened(runner)

    for account, name in MEMBERS.items():
        voter = visit(account)
        first, second = vote(voter, address, name, times=2)
        move(voter, second, "Opp")
        assert order(voter)[:2] == [second, first]
        voter.get_by_role("button", name="Avgi stemme").click()
        expect_status(voter, f"Stemmen til {name} er mottatt")
    late = visit("kontakt.1134")
    ordered = vote(late, address, "Suldal", times=2)
    runner.reload()
    expect(runner.locator("main")).to_contain_text(re.compile(r"3 av \d+ stemmer er kommet inn"))
    expect(runner.get_by_role("heading", name="Rekkefølgen")).to_have_count(0)  # hidden until it is closed

    runner.get_by_role("button", name="Lukk runden").click()
    expect(runner.get_by_role("alert")).to_contain_text("Runden er åpen til fristen, siden noen stemmer")
    pass_deadline(portal, ROUND)
    late.get_by_role("button", name="Avgi stemme").click()
    expect(late.get_by_role("group", name="Én ting må rettes")).to_contain_text("Stemmen kom ikke inn i tide")
    assert order(late)[:2] == ordered
    assert [late.get_by_label("Plass").nth(place).input_value() for place in (0, 1)] == ["1", "2"]
    visitor.goto(address)
    expect(visitor.locator("main")).to_contain_text("Resultatet vises her når det er publisert")
    runner.reload()
    change_order(runner)
    publish(runner, 2)

    expect(visitor.locator("main")).not_to_contain_text(REASON)
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text(REASON)
    minutes = "SELECT 1 FROM needs_rounds_round WHERE title = %s AND document_number <> ''"
    portal.wait_until(lambda: portal.rows(minutes, ROUND), 30)
    visitor.reload()
    answer = visitor.request.get(visitor.get_by_role("link", name="Protokoll som PDF").get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"

    region = visit("koordinator.vest")
    set_up(region, REGION_ROUND, "KSF Vest", "Par (Schulze)")
    region.get_by_role("link", name="Til runden").click()
    lift(region, ROUND, 2)
    expect(region.locator("main")).to_contain_text(f"plass 1 i {ROUND}")


def lift(runner, source, count):
    """Let the first of a published list stand in the round."""
    runner.get_by_role("link", name="Hent fra en liste").click()
    choice = runner.get_by_label("Liste")
    choice.select_option(choice.get_by_role("option").filter(has_text=source).get_attribute("value"))
    runner.get_by_label("Hvor mange fra toppen").fill(str(count))
    runner.get_by_role("button", name="Legg til behovene").click()


def test_nation(visit, portal):
    staff = visit("nasjonalt")
    set_up(staff, NATIONAL_ROUND, "Hele landet", "Poeng (Borda)")
    staff.get_by_role("link", name="Til runden").click()
    lift(staff, "Prioriteringsrunde i nord", 3)
    first = staff.get_by_role("listitem").filter(has_text="plass 1 i Prioriteringsrunde i nord").get_by_role("link")
    need = first.get_attribute("href")
    address = opened(staff)
    voter = visit("kontakt.5628")
    vote(voter, address, "Tana")
    voter.get_by_role("button", name="Avgi stemme").click()
    expect_status(voter, "Stemmen til Tana er mottatt")
    pass_deadline(portal, NATIONAL_ROUND)
    staff.reload()
    staff.get_by_role("heading", name="Rekkefølgen").wait_for()
    publish(staff, 3)

    staff.goto(need)
    expect(staff.locator(".page-head")).to_contain_text("Nådd nivå: nasjon")
    staff.get_by_role("link", name="Lag en forskbar problemstilling").click()
    staff.get_by_label("Problemstillingen i én setning").fill("Hva virker, for hvem, og hva koster det?")
    staff.get_by_role("button", name="Begynn på problemstillingen").click()
    expect_status(staff, "Problemstillingen er påbegynt")
    with staff.expect_response("**/tekst/studied/") as saved:
        staff.get_by_label("Hva som undersøkes").fill("Tiltaket slik kommunene gjør det i dag.")
    assert saved.value.status == 200
    staff.get_by_role("button", name="Åpne for partnere").click()
    visitor = visit()
    visitor.goto(staff.url)
    expect(visitor.locator("main")).to_contain_text("Tiltaket slik kommunene gjør det i dag.")


def test_a_draft_is_discarded(visit):
    page = visit("koordinator.nord")
    set_up(page, "Runden det ikke ble noe av", "KSF Nord", "Poeng (Borda)")
    made = page.get_by_role("link", name="Runden det ikke ble noe av")
    page.goto("/behov/runder/")
    expect(made).to_have_count(1)
    made.click()
    page.get_by_role("link", name="Forkast utkastet").click()
    page.get_by_role("button", name="Forkast utkastet").click()
    expect_status(page, "Utkastet er forkastet.")
    expect(made).to_have_count(0)
