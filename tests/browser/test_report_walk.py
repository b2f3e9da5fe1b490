"""The annual report, the whole way: plan, prefilled report, narratives, KS' return, sealing, the national report."""

import itertools
import re

from playwright.sync_api import expect

from tests.ksf import pdf_file

REGION, NAME = "nord", "Nord"
WRITTEN = "Tre kommuner i nord kom inn i et prosjekt om rekruttering, og to av dem er små."
WORDS = "Vi samlet klyngene tre ganger i året og ble enige om hva vi ikke vet nok om."
ASKED = "Skriv hvilke tre kommuner det gjelder."
CORRECTED = f"{WRITTEN} Det gjelder Alta, Hammerfest og Loppa."
WHY = "Ett av medlemmene gikk ut i desember, men utmeldingen er ikke ført ennå."
PDF_SECONDS = 180.0


def test_report(portal, visit):
    coordinator, host, staff, lead = (
        visit(name) for name in (f"koordinator.{REGION}", f"vert.{REGION}", "nasjonalt", "leder")
    )
    make_plan(coordinator, host, staff)
    report = start_report(coordinator)
    look_behind_a_figure(coordinator, report)
    correct_a_figure(coordinator, report)
    write_as_typed(coordinator, report)
    finish_all_parts(coordinator, report)
    hand_in(host, report)
    give_back(staff, report)
    correct(coordinator)
    hand_in(host, report)
    approve(staff, report)
    check_sealed(coordinator, portal, report)
    build_national(staff, report)
    publish_national(lead, portal, visit(), report)


def waiting(page, title):
    """Open what waits for the person on the own page."""
    page.goto("/min-side/")
    page.locator("main").get_by_role("link", name=title).first.click()


def expect_text(page, text):
    expect(page.locator("main").get_by_text(text).first).to_be_visible()


def make_plan(coordinator, host, staff):
    """Next year's plan: begun from this year's, an activity for every goal, handed in by the host, approved by KS."""
    coordinator.goto("/rapportering/")
    begin = coordinator.get_by_role("button", name=re.compile(r"Begynn på planen for \d{4}"))
    year = int(re.search(r"\d{4}", begin.inner_text())[0])
    begin.click()
    expect_text(coordinator, "Bygger på året før")
    add = coordinator.get_by_role("region").get_by_role("link", name="Legg til et tiltak")
    expect(add).to_have_count(5)  # one for each goal
    for number in range(5):
        add.nth(number).click()
        coordinator.get_by_label("Hva dere skal gjøre").fill(f"Tiltak {number} fra nettleseren")
        coordinator.get_by_label("Skal være gjort innen").fill(f"{year}-0{number + 1}-15")
        coordinator.get_by_label("Forventet resultat").fill("En avtale er signert")
        coordinator.get_by_role("button", name="Lagre tiltaket").click()
        goal = coordinator.get_by_role("region").filter(has=coordinator.get_by_role("heading", name=f"{number + 1}. "))
        expect(goal.get_by_role("rowheader", name=f"Tiltak {number} fra nettleseren")).to_be_visible()
    for page, step, answer in (
        (host, "Lever", "Planen er levert til KS."),
        (staff, "Godkjenn", "Planen er godkjent."),
    ):
        waiting(page, re.compile(rf"Årsplan {year}, .*{NAME}"))
        page.get_by_role("button", name=step, exact=True).click()
        expect_text(page, answer)


def start_report(coordinator):
    """Begun from the own page; prefilled. Returns its address."""
    waiting(coordinator, re.compile(rf"Årsrapport \d{{4}}, .*{NAME}"))
    coordinator.get_by_role("button", name="Begynn på rapporten").click()
    coordinator.wait_for_url(f"**/{REGION}/")
    expect(row_of(coordinator, "Kommuner i etablert klynge").locator("td").first).to_have_text(re.compile(r"^\d.*%$"))
    return coordinator.url


def row_of(page, figure):
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=figure, exact=True))


def look_behind_a_figure(coordinator, report):
    """As many municipalities count as the figure says, and each opens its page."""
    coordinator.goto(report)
    row_of(coordinator, "Kommuner i etablert klynge").get_by_role("link", name="Vis grunnlaget").click()
    coordinator.wait_for_url(lambda address: address != report)
    count, every = re.search(r"(\d+) av (\d+)", coordinator.locator("dl.figures").inner_text()).groups()
    expect(coordinator.get_by_role("main")).to_contain_text(re.compile(rf"Viser 1–\d+ av {every}"))
    yes = 0
    for number in itertools.count(2):
        yes += coordinator.locator("td .yes").count()
        following = coordinator.get_by_role("link", name="Neste", exact=True)
        if not following.count():
            break
        following.click()
        coordinator.wait_for_url(f"**side={number}")
    assert yes == int(count)
    first = coordinator.locator("tbody th a").first
    name = first.inner_text()
    first.click()
    expect(coordinator.get_by_role("heading", level=1)).to_contain_text(name)


def correct_a_figure(coordinator, report):
    coordinator.goto(report)
    row = row_of(coordinator, "Medlemmer med FoU-kontakt")
    counted = row.locator("td").first.inner_text()
    row.get_by_role("link", name="Vis grunnlaget").click()
    coordinator.get_by_label("Riktig tall").fill("12.5")
    coordinator.get_by_label("Hvorfor er portalens tall feil?").fill(WHY)
    coordinator.get_by_role("button", name="Lagre tallet").click()
    expect(row_of(coordinator, "Medlemmer med FoU-kontakt")).to_contain_text(f"Rettet fra {counted}")


def write_as_typed(coordinator, report):
    """What is typed is there after a reload, with no button pressed."""
    coordinator.goto(report)
    coordinator.get_by_role("link", name="Skriv Forskning").click()
    coordinator.get_by_label("Hvilken forskning er i gang").press_sequentially(WRITTEN)
    expect(coordinator.locator("[data-saved]")).to_have_text(re.compile(r"Lagret kl\. \d\d\.\d\d"))
    coordinator.reload()
    expect(coordinator.get_by_label("Hvilken forskning er i gang")).to_have_value(WRITTEN)


def finish_all_parts(coordinator, report):
    """Every part from the first to the last: each finished part leads to the next that is not."""
    coordinator.goto(report)
    coordinator.locator("#lacks ~ ul").get_by_role("link").first.click()
    expect(coordinator.locator("#section-form")).to_be_visible()
    for _part in range(9):
        fill_part(coordinator)
        here = coordinator.get_by_role("heading", level=1).inner_text()
        coordinator.get_by_role("button", name="Merk delen som ferdig").click()
        expect_text(coordinator, f"«{here}» er ferdig.")
    expect_text(coordinator, "Alt er på plass")


def fill_part(page):
    """A sentence where there is none, or nothing to report; every figure, every activity, the grant."""
    if page.get_by_role("heading", level=1).inner_text() == "Utdanning":
        page.get_by_label("Ingenting å melde her i år").check()
    form = page.locator("#section-form")
    for chosen in form.locator("select").all():
        chosen.select_option("done")
    for area in form.locator("textarea").all():
        if not area.input_value() and not form.get_by_label("Ingenting å melde her i år").is_checked():
            area.fill(WORDS)
    for number in form.locator("input[inputmode]").all():
        if not number.input_value():
            number.fill("2")
    for amount, label in (("420000", "Mottatt driftstilskudd"), ("380000", "Av det, brukt innen 31. desember")):
        for field in form.get_by_label(label).all():
            field.fill(amount)


def hand_in(host, report):
    waiting(host, re.compile(rf"Årsrapport \d{{4}}, .*{NAME}"))
    expect(host).to_have_url(report)
    for late in host.get_by_label("Hvorfor kommer rapporten for sent?").all():
        late.fill("Koordinatoren var borte i februar.")
    host.get_by_role("button", name="Lever", exact=True).click()
    expect_text(host, "Rapporten er levert til KS.")


def give_back(staff, report):
    """KS reads a part beside the field for its comment and returns that one."""
    waiting(staff, re.compile(rf"Årsrapport \d{{4}}, .*{NAME}"))
    expect(staff).to_have_url(report)
    staff.get_by_role("link", name="Returner for endring").click()
    expect_text(staff, WRITTEN)
    staff.get_by_label("Hva må endres i «Forskning»?").fill(ASKED)
    staff.get_by_role("button", name="Returner rapporten").click()
    expect_text(staff, "Rapporten er returnert.")


def correct(coordinator):
    waiting(coordinator, re.compile(rf"Årsrapport \d{{4}}, .*{NAME}"))
    coordinator.get_by_role("region", name="KS ber om endringer").get_by_role("link", name="Forskning").click()
    expect_text(coordinator, ASKED)
    coordinator.get_by_label("Hvilken forskning er i gang").fill(CORRECTED)
    coordinator.get_by_role("button", name="Merk delen som ferdig").click()
    expect_text(coordinator, "Alt er på plass")


def approve(staff, report):
    waiting(staff, re.compile(rf"Årsrapport \d{{4}}, .*{NAME}"))
    expect(staff).to_have_url(report)
    expect_text(staff, CORRECTED)
    staff.get_by_role("button", name="Godkjenn og forsegl").click()
    expect_text(staff, "Rapporten er godkjent og forseglet.")


def check_sealed(coordinator, portal, report):
    """The PDF carries the text, the correction and its reason; the page offers no writing any more."""
    data = download(coordinator, portal, report)
    text = pdf_file.text(data)
    assert pdf_file.faults(data) == []
    for expected in (CORRECTED, WHY, "Ingenting å melde", "Tiltakene i årsplanen"):
        assert expected in text
    expect(coordinator.get_by_role("link", name="Skriv")).to_have_count(0)


def download(page, portal, address):
    """The sealed PDF's bytes, as soon as a worker has made it."""
    link = page.get_by_role("link", name="Last ned PDF")

    def is_made():
        page.goto(address)
        return link.count() > 0

    portal.wait_until(is_made, PDF_SECONDS)
    answer = page.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def build_national(staff, report):
    """With a progress bar; the page and the draft PDF carry the region's text, charts and map."""
    year = re.search(r"/(\d{4})/", report)[1]
    staff.goto("/rapportering/")
    staff.get_by_role("button", name=f"Regn ut rapporten for {year}").click()
    expect(staff.get_by_role("progressbar")).to_be_visible()
    staff.get_by_role("link", name="Se resultatet").click(timeout=PDF_SECONDS * 1000)
    expect(staff.locator("main figure svg:visible")).not_to_have_count(0)
    expect(staff.locator("svg.tilemap")).to_be_visible()
    expect_text(staff, WORDS)
    draft = staff.request.get(staff.get_by_role("link", name="Les utkastet som PDF").get_attribute("href")).body()
    assert pdf_file.faults(draft) == []
    assert CORRECTED in pdf_file.text(draft)


def publish_national(lead, portal, visitor, report):
    """The lead publishes what staff built; then anybody reads it, on the page and as a sealed PDF."""
    year = re.search(r"/(\d{4})/", report)[1]
    lead.goto(f"/rapportering/{year}/nasjonal/")
    lead.get_by_role("button", name="Publiser og forsegl").click()
    expect_text(lead, "Rapporten er publisert.")
    visitor.goto("/rapportering/")
    visitor.get_by_role("link", name=re.compile(rf"årsrapport.* {year}")).first.click()
    expect_text(visitor, WORDS)
    data = download(visitor, portal, visitor.url)
    assert pdf_file.faults(data) == []
    assert CORRECTED in pdf_file.text(data)
