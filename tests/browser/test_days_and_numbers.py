"""Days and numbers are written in Norwegian; the browser's own calendar is a help beside the field (X9)."""

from playwright.sync_api import expect

PICK = """(field, picked) => {
  const picker = field.parentElement.querySelector(".calendar__native");
  picker.value = picked;
  picker.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def test_a_day_that_is_picked_is_written_as_one_types_it(visit):
    page = visit("koordinator.vest")
    page.goto("/regioner/vest/klynger/ny/")
    day = page.get_by_label("Sonderer siden")
    expect(page.get_by_role("button", name="Kalender")).to_be_visible()
    day.evaluate(PICK, "2026-01-14")
    expect(day).to_have_value("14.1.2026")


def test_a_wrong_day_is_explained_at_the_field_and_stays(visit):
    page = visit("koordinator.vest")
    page.goto("/regioner/vest/klynger/ny/")
    page.get_by_label("Navn").fill("Klyngen som venter på en dag")
    page.get_by_label("Sonderer siden").fill("31. februar 2026")
    page.get_by_role("button", name="Registrer klyngen").click()
    expect(page.get_by_label("Sonderer siden")).to_have_value("31. februar 2026")
    expect(page.locator("#id_on_error")).to_contain_text("Skriv en dato, for eksempel 14.1.2027")
    expect(page.get_by_label("Navn")).to_have_value("Klyngen som venter på en dag")
