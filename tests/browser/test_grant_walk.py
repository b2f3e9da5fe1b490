"""Seed grants the whole way: from the year's money to accepted grants, each role at its own browser (G1-G10)."""

import re
import sys
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.grants.factories import PDF
from tests.ksf import pdf_file

YEAR, TITLE = "2031", "Såkornmidler til små klynger 2031"
CALL = f"/tilskudd/{YEAR}/"
VALDRES, AGDER = "Forskning i Valdres 2031", "Forskning i Østre Agder 2031"
POINTS = {VALDRES: 6, AGDER: 5}
LEAST, EACH = "200 000", "60 000"
RESTED = "Etnedal har halv stilling i år og trenger mindre."
LETTERS_WITHIN = 120.0


def local(moment):
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def fill(page, **values):
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def press(page, name):
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page, name, **more):
    page.locator("main").get_by_role("link", name=name, **more).first.click()


def saved(place):
    expect(place.locator("[data-saved]")).to_have_text(re.compile(r"Lagret kl\. \d\d\.\d\d"))


def test_seed_grants(portal, visit):
    staff = visit("nasjonalt")
    announce(staff)
    read_call(visit())
    clusters = {VALDRES: visit("klynge.valdres"), AGDER: visit("klynge.ostre-agder")}
    for title, page in clusters.items():
        apply(page, title)
    pass_deadline(portal)
    appoint_reviewers(portal, staff)
    review_all(visit("fagfelle1"), others=0)
    review_all(visit("fagfelle2"), others=1)
    allocate(staff)
    decide(visit("leder"))
    wait_for_letters(portal)
    read_letter(clusters[VALDRES], VALDRES, [RESTED, "Tilsagn om 340 000 kr", "Etnedal 60 000 40 000"])
    read_letter(clusters[AGDER], AGDER, ["Tilsagn om 340 000 kr", "av de 480 000 kr det er søkt om", "Arendal"])
    accept(clusters[VALDRES])
    read_awards(visit())


def announce(page):
    """The year's money, a call drafted like another, its weights, and out with it."""
    page.goto("/tilskudd/")
    follow(page, "Bevilgninger og potter")
    follow(page, "Legg til et år")
    fill(page, year=YEAR, amount="1 700 000", regions="1 000 000", seed_grants="700 000")
    press(page, "Lagre")
    expect(page.locator("main")).to_contain_text("2031, såkornmidler")
    page.goto("/tilskudd/")
    follow(page, "Lag et utkast")
    now = timezone.now()
    fill(page, slug=YEAR, title_nb=TITLE, title_nn=TITLE, amount="700 000", cap_per_municipality="150 000")
    fill(page, least_members="5", own_share="0", reviews_each="2")
    fill(page, opens_at=local(now - timedelta(days=1)), deadline_at=local(now + timedelta(days=20)))
    fill(page, period_from="2031-06-01", period_to="2032-06-01")
    page.locator("[name=scheme]").select_option(label="Såkornmidler til kommuneklynger (1)")
    page.locator("[name=pot]").select_option(label="Såkornmidler 2031, 700 000 kr igjen")
    page.locator("[name=like]").select_option(label="Såkornmidler til klynger i drift 2027")
    press(page, "Lagre utkastet")
    page.get_by_role("navigation", name="Deler av utlysningen").get_by_role("link", name="Kriterier og vekter").click()
    weights = page.locator("main [name^=weight-]")
    expect(weights).to_have_count(5)
    for field, weight in zip(weights.all(), (60, 40, 0, 0, 0), strict=True):
        field.fill(str(weight))
    press(page, "Lagre")
    follow(page, "Gå videre til publisering")
    page.get_by_label("Jeg har sett på dette, og det er riktig").check()
    press(page, "Publiser")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def read_call(page):
    page.goto("/tilskudd/")
    follow(page, TITLE)
    expect(page.locator("main")).to_contain_text("700 000 kr")
    expect(page.get_by_role("row", name="Behov og medlemmer")).to_contain_text("60 %")


def apply(page, title):
    """The draft is saved as it is typed, stands after a reload, says what it lacks, and is handed in once."""
    page.goto("/tilskudd/")
    follow(page, TITLE)
    follow(page, "Begynn på en søknad")
    page.locator("main [type=radio]").check()
    press(page, "Begynn")
    fill(page, title=title, least_amount=LEAST)
    saved(page.locator("#details"))
    amounts = page.locator("#members input[name^=a-]")
    for amount in amounts.all():
        amount.fill(EACH)
    saved(page.locator("#members"))
    asked = page.locator("#asked").inner_text()
    expect(page.locator("#eligibility")).to_contain_text(f"0 kr i budsjettet, {asked} til sammen fra medlemmene")
    page.reload()
    expect(page.locator("[name=title]")).to_have_value(title)
    expect(amounts.first).to_have_value(re.compile(r"60\s000"))
    fill_the_rest(page, asked)
    expect(page.locator("#eligibility")).to_contain_text("15 av 15 krav er oppfylt.")
    follow(page, "Les gjennom og send inn")
    press(page, "Send inn søknaden")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"Søknad {YEAR}-0\d er mottatt"))
    expect(page.locator(".hash")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    opened = page.get_by_role("link", name="Åpne den forseglede")
    while not opened.count():  # a worker makes the PDF
        page.wait_for_timeout(1_000)
        page.reload()
    assert title in pdf_file.text(page.request.get(opened.get_attribute("href")).body())


def fill_the_rest(page, asked):
    page.locator("#budget input[name^=a-][name$=-grant]").first.fill(asked.removesuffix("kr"))
    saved(page.locator("#budget"))
    for answer in page.locator("#answers form").all():
        answer.locator("textarea").fill("Vi vet hva vi trenger, og hvem som skal gjøre det.")
        saved(answer)
    upload = page.locator("#attachments input[type=file]")
    while waiting := upload.count():
        upload.first.set_input_files({"name": "vedlegg.pdf", "mimeType": "application/pdf", "buffer": PDF})
        page.get_by_role("button", name=re.compile("^Legg ved: ")).first.click()
        expect(upload).to_have_count(waiting - 1)


def pass_deadline(portal):
    """The deadline goes by, and the clock closes the call as it does every five minutes."""
    portal.rows("UPDATE grants_call SET deadline_at = now() - interval '1 minute' WHERE slug = %s RETURNING id", YEAR)
    portal.run(sys.executable, "manage.py", "close_calls")
    assert portal.rows("SELECT state FROM grants_call WHERE slug = %s", YEAR) == [("closed",)]


ACCEPTED = """
from ksf.accounts.models import Invitation, User
from ksf.people import services
for row in Invitation.objects.usable().filter(email__startswith="fagfelle"):
    token = services.new_link(row.pk).strip("/").split("/")[-1]
    services.accept_invitation(token, by=User.objects.get(email=row.email))
"""


def appoint_reviewers(portal, page):
    """Both get a link by e-mail and take the role on by it, as the mail's reader would."""
    for name in ("fagfelle1", "fagfelle2"):
        page.goto(CALL)
        follow(page, "Vurderinger")
        follow(page, "Oppnevn en fagfelle")
        fill(page, email=f"{name}@ksf.example")
        press(page, "Send invitasjonen")
        page.wait_for_url("**/konto/personer/")
    portal.run(sys.executable, "manage.py", "shell", "-v0", "-c", ACCEPTED)
    page.goto(CALL)
    follow(page, "Vurderinger")
    press(page, "Fordel på fagfeller")
    expect(page.locator("main")).to_contain_text("Venter på erklæring")


def review_all(page, *, others):
    for title, points in POINTS.items():
        page.goto("/min-side/")
        follow(page, title)
        expect(page.locator("main")).not_to_contain_text("Vi vet hva vi trenger")  # closed until the declaration
        page.get_by_label("Ja. Jeg vet ikke om noe").check()
        press(page, "Lagre erklæringen")
        expect(page.locator("main")).to_contain_text("Vi vet hva vi trenger")
        for part in page.locator("[id^=score-]").all():
            part.locator("label", has_text=str(points)).click()
            saved(part.locator("form").first)
            part.locator("textarea").fill("Konkret og gjennomførbart.")
            saved(part.locator("form.writing"))
        page.locator("#overall textarea").fill("God søknad.")
        saved(page.locator("#overall"))
        fill(page, advised_amount="300 000")
        saved(page.locator("form", has=page.locator("[name=advised_amount]")))
        press(page, "Lever vurderingen")
        expect(page.get_by_role("heading", level=2, name="Vurderingen")).to_be_visible()
        expect(page.locator("#in-all dt", has_text=re.compile(r"Fagfelle \d"))).to_have_count(others)


def compute(page):
    """Both principles at once, so that there is something to compare."""
    page.goto(CALL)
    follow(page, "Fordeling", exact=True)
    follow(page, "Regn ut en fordeling")
    expect(page.get_by_label("Begge, så de kan sammenlignes")).to_be_checked()
    press(page, "Regn ut")
    page.wait_for_url("**/jobber/*/")
    page.get_by_role("link", name="Se resultatet").click(timeout=90_000)
    expect(page.get_by_role("heading", name="B. Streng rangering")).to_be_visible(timeout=60_000)


def allocate(page):
    """The optimum beside strict ranking; one is chosen, one amount changed with a reason, and it is proposed."""
    compute(page)
    row = page.get_by_role("row", name="Kunnskapsklyngen Valdres")
    expect(row).to_contain_text("6,00")
    expect(row).to_contain_text("360 000 kr")
    press(page, "Velg A")
    row.get_by_role("link", name="Endre beløpet").click()
    page.get_by_label("Etnedal").fill("40 000")
    fill(page, reason=RESTED)
    press(page, "Endre beløpet")
    expect(row).to_contain_text(RESTED)
    follow(page, "Til forslaget")
    fill(page, grounds="Begge klyngene er gode, og begge regionene får en klynge.")
    press(page, "Send til vedtak")
    expect(page.locator("main")).to_contain_text("Den som foreslo det, kan ikke vedta det.")


def decide(page):
    page.goto("/min-side/")
    follow(page, TITLE)
    expect(page.locator("main")).to_contain_text("680 000 kr av 700 000 kr til 2 søknader.")
    press(page, "Vedta")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vedtaket")


def wait_for_letters(portal):
    sealed = """
        SELECT count(w.letter_id) FROM grants_award w
        JOIN grants_application a ON a.id = w.application_id JOIN grants_call c ON c.id = a.call_id WHERE c.slug = %s
    """
    portal.wait_until(lambda: portal.rows(sealed, YEAR) == [(2,)], LETTERS_WITHIN)


def read_letter(page, title, phrases):
    page.goto("/min-side/")
    follow(page, title)
    letter = page.request.get(page.get_by_role("link", name="Les brevet (PDF)").get_attribute("href")).body()
    assert pdf_file.faults(letter) == []
    text = pdf_file.text(letter)
    assert [phrase for phrase in phrases if phrase not in text] == [], text


def accept(page):
    press(page, "Godta tilskuddet")
    expect(page.locator("main .ds-tag").first).to_have_text("Godtatt")


def read_awards(page):
    page.goto("/tilskudd/")
    follow(page, TITLE)
    follow(page, "Alle tildelinger")
    expect(page.locator("main")).to_contain_text("680 000 kr til 2 klynger.")
    valdres = page.get_by_role("row", name="Kunnskapsklyngen Valdres")
    expect(valdres).to_contain_text("340 000 kr")
    expect(valdres).to_contain_text("Godtatt")
    expect(page.get_by_role("row", name="Østre Agder")).to_contain_text("Venter på aksept")
