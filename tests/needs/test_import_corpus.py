"""Forty files as they come from municipalities: each is read as its sheet shows it, or refused in helpful words."""

import io
import zipfile
from datetime import date

import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from ksf.spreadsheets import UnreadableFile
from needs.models import KnowledgeNeed
from needs.services import importing
from regions.models import MunicipalityChange
from tests.needs.factories import make_contact
from tests.regions.factories import make_municipality

pytestmark = pytest.mark.django_db
HEAD, ROW = ["Kommune", "Tittel", "Beskrivelse"], ["1106", "Sjøfolk på land", "Hvor bor sjøfolk når de går i land?"]
TABLE = [HEAD, ROW]


@pytest.fixture(autouse=True)
def places():
    haugesund = make_municipality(number="1106", name="Haugesund")
    make_municipality(number="1149", name="Karmøy")
    make_municipality(number="1515", name="Herøy")
    make_municipality(number="1818", name="Herøy")
    fredrikstad = make_municipality(number="3107", name="Fredrikstad")
    changed = {"changed_on": date(2024, 1, 1), "kind": MunicipalityChange.Kind.RENUMBERED}
    MunicipalityChange.objects.create(old_number="3004", old_name="Fredrikstad", new=fredrikstad, **changed)
    for heir in (haugesund, fredrikstad):
        MunicipalityChange.objects.create(old_number="1507", old_name="Delt", new=heir, **changed)
    return haugesund


def csv(rows, delimiter=";", encoding="utf-8"):
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def xlsx(rows, *, change=None, extra=()):
    made = Workbook()
    made.active.title = "Behov"
    for row in rows:
        made.active.append(row)
    for name, others in extra:
        sheet = made.create_sheet(name)
        for row in others:
            sheet.append(row)
    if change:
        change(made.active)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def ods(rows, *, hidden=()):
    body = ""
    for at, row in enumerate(rows):
        cells = "".join(f'<t:table-cell o:value-type="string"><x:p>{cell}</x:p></t:table-cell>' for cell in row)
        visibility = "filter" if at in hidden else "visible"
        body += f'<t:table-row t:visibility="{visibility}">{cells}</t:table-row>'
    name = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><o:document-content xmlns:o="{name}:office:1.0" '
        f'xmlns:t="{name}:table:1.0" xmlns:x="{name}:text:1.0" o:version="1.2"><o:body><o:spreadsheet>'
        f'<t:table t:name="Behov">{body}</t:table></o:spreadsheet></o:body></o:document-content>'
    )
    for short, long in (("o", "office"), ("t", "table"), ("x", "text")):  # calamine knows the names by their prefixes
        content = content.replace(f"<{short}:", f"<{long}:").replace(f"</{short}:", f"</{long}:")
        content = content.replace(f" {short}:", f" {long}:").replace(f"xmlns:{short}=", f"xmlns:{long}=")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return file.getvalue()


def xls(rows):
    made = xlwt.Workbook()
    sheet = made.add_sheet("Behov")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_first(cell):
    return [HEAD, [cell, *ROW[1:]]]


def headed(heading):
    return [[heading, *HEAD[1:]], ROW]


def hide_row(sheet):
    sheet.append(["1106", "Skjult", "Av et filter"])
    sheet.row_dimensions[3].hidden = True


def hide_column(sheet):
    sheet.column_dimensions["D"].hidden = True
    sheet["D1"], sheet["D2"] = "ID", "77"


def title_above(sheet):
    sheet.insert_rows(1)
    sheet["A1"] = "Kunnskapsbehov, Haugesund, høsten 2026"
    sheet.merge_cells("A1:C1")


def note_beside(sheet):
    sheet["F2"] = "husk å ringe"


FORM = ["ID", "Starttidspunkt", "E-post", *HEAD]
READ = {
    "utf-8": csv(TABLE),
    "utf-8 with mark": csv(TABLE, encoding="utf-8-sig"),
    "utf-16": csv(TABLE, encoding="utf-16"),
    "utf-16 without mark": csv(TABLE, encoding="utf-16-le"),
    "windows": csv(TABLE, encoding="cp1252"),
    "dos": csv(TABLE, encoding="cp850"),
    "macintosh": csv(TABLE, encoding="mac_roman"),
    "commas": csv(TABLE, ","),
    "tabs": csv(TABLE, "\t"),
    "sep=": b"sep=;\r\n" + csv(TABLE),
    "title with commas above": csv([["Behov, sett under ett, i 2026, for oss, alle"], [], *TABLE]),
    "empty rows": csv([[], *TABLE, [], [" ", ""]]),
    "Kommunenr.": csv(headed("Kommunenr.")),
    "Kommune *": csv(headed("Kommune *")),
    "KOMMUNE:": csv(headed("KOMMUNE:")),
    "Haugesund": csv(with_first("Haugesund")),
    "Haugesund kommune": csv(with_first("Haugesund kommune")),
    "1106 Haugesund": csv(with_first("1106 Haugesund")),
    "Haugesund (1106)": csv(with_first("Haugesund (1106)")),
    "1 106": csv(with_first("1 106")),
    "1106.0": csv(with_first("1106.0")),
    "excel": xlsx(TABLE),
    "excel number": xlsx(with_first(1106)),
    "excel carriage return": xlsx([HEAD, [*ROW[:2], "Hvor bor sjøfolk_x000D_\nnår de går i land?"]]),
    "excel title above": xlsx(TABLE, change=title_above),
    "excel hidden row": xlsx(TABLE, change=hide_row),
    "excel hidden column": xlsx(TABLE, change=hide_column),
    "excel note beside": xlsx(TABLE, change=note_beside),
    "excel second sheet": xlsx(TABLE, extra=[("Kladd", [["et", "to"], ["a", "b"]])]),
    "microsoft forms": xlsx([FORM, ["1", "2026-10-01", "anonymous", *ROW]]),
    "old excel": xls(TABLE),
    "old excel number": xls(with_first(1106)),
    "libreoffice": ods(TABLE),
    "libreoffice hidden row": ods([*TABLE, ["1106", "Skjult", "Av et filter"]], hidden=[2]),
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_read_as_the_sheet_shows_it(content):
    sheet = importing.check(importing.read(io.BytesIO(content)))
    assert [(error.cell, error.text) for error in sheet.all_errors] == []
    [line] = sheet.lines
    assert (line.municipality.number, line.values["title"]) == ("1106", "Sjøfolk på land")
    assert " ".join(line.values["description"].split()) == ROW[2]


WRONG = {
    "formula without value": (xlsx([HEAD, ["=X1", *ROW[1:]]]), "formel uten verdi"),
    "two of one name": (csv(with_first("Herøy")), "1515, 1818"),
    "number and name apart": (csv(with_first("1106 Karmøy")), "1106 er Haugesund"),
    "divided": (csv(with_first("1507")), "er delt"),
    "no such number": (csv(with_first("9999")), "9999"),
    "no such name": (csv(with_first("Gotham")), "Gotham"),
    "spoiled letters": (csv([HEAD, ["1106", "SjÃ¸folk", "Tekst"]]), "ødelagt"),
    "cell beyond the headings": (csv([HEAD, [*ROW, "og mer"]]), "ingen overskrift"),
    "merged in the table": (xlsx(TABLE, change=lambda sheet: sheet.merge_cells("A2:A3")), "slått sammen"),
    "no heading known": (csv([["Hvem", "Hva", "Hvorfor"], ROW]), "mangler"),
}


@pytest.mark.parametrize(("content", "said"), WRONG.values(), ids=WRONG)
def test_what_is_unsure_is_refused_at_its_cell(content, said):
    sheet = importing.check(importing.read(io.BytesIO(content)))
    assert not sheet.is_good
    assert any(said in error.text for error in sheet.all_errors)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (xlsx(TABLE, extra=[("Flere", TABLE)]), "Både «Behov» og «Flere»"),
        (csv(TABLE, encoding="cp1252") + csv(TABLE, encoding="cp850"), "Bokstavene"),
    ],
    ids=["two sheets of needs", "two encodings"],
)
def test_a_file_that_can_be_understood_in_two_ways_is_refused(content, said):
    with pytest.raises(UnreadableFile, match=said):
        importing.read(io.BytesIO(content))


def test_there_are_forty_files():
    assert len(READ) + len(WRONG) >= 40


def test_an_old_number_is_taken_for_its_successor_and_said():
    [line] = importing.check(importing.read(io.BytesIO(csv(with_first("3004"))))).lines
    assert line.municipality.number == "3107"
    assert line.remarks == ["«3004» er nå 3107 Fredrikstad."]


def passed_over(name):
    return importing.read(io.BytesIO(READ[name])).passed_over


def test_what_is_passed_over_is_reported():
    assert passed_over("excel hidden row").hidden_row_names == "3"
    assert passed_over("libreoffice hidden row").hidden_rows == [3]
    assert passed_over("excel hidden column").hidden_columns == ["D"]
    assert passed_over("excel note beside").outside == [("F2", "husk å ringe")]
    assert passed_over("excel second sheet").sheets == [("Kladd", 2)]


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [("dos", "DOS (850)", ";"), ("windows", "Windows-1252", ";"), ("commas", "UTF-8", ","), ("tabs", "UTF-8", "\t")],
)
def test_how_the_file_was_read_is_reported(name, encoding, delimiter):
    table = importing.read(io.BytesIO(READ[name]))
    assert (table.encoding, table.delimiter) == (encoding, delimiter)


class TestOnThePage:
    def post(self, client, content, name="behov.xlsx", **more):
        return client.post("/behov/importer/", {"file": SimpleUploadedFile(name, content), **more})

    def test_the_report_and_the_whole_text_stand_before_the_button(self, client, places):
        client.force_login(make_contact(places))
        page = self.post(client, READ["excel second sheet"]).content.decode()
        assert page.index("Dette er ikke lest") < page.index(ROW[2]) < page.index('name="take_in"')
        assert "Arket «Kladd», med 2 rader" in page

    def test_headings_nobody_knows_are_matched_by_hand(self, client, places):
        client.force_login(make_contact(places))
        looked = self.post(client, csv([["Hvem", "Hva", "Hvorfor"], ROW]), "behov.csv")
        assert looked.status_code == 422
        chosen = {"column-0": "municipality", "column-1": "title", "column-2": "description"}
        again = client.post("/behov/importer/", {"carried": looked.context["held"], **chosen})
        assert again.status_code == 200
        client.post("/behov/importer/", {"carried": looked.context["held"], "take_in": "1", **chosen})
        assert KnowledgeNeed.objects.get().description == ROW[2]

    def test_a_column_changed_with_the_button_that_sends_is_shown_first(self, client, places):
        client.force_login(make_contact(places))
        looked = self.post(client, csv(TABLE), "behov.csv")
        sent = {"carried": looked.context["held"], "seen": looked.context["table"].read_as, "take_in": "1"}
        swapped = {"column-0": "municipality", "column-1": "description", "column-2": "title"}
        again = client.post("/behov/importer/", {**sent, **swapped})
        assert again.status_code == 200
        assert not KnowledgeNeed.objects.exists()
        client.post("/behov/importer/", {**sent, **swapped, "seen": again.context["table"].read_as})
        assert KnowledgeNeed.objects.get().title == ROW[2]

    def test_two_forms_of_two_municipalities_both_begin_with_1(self, client, places):
        karmoy = make_contact(importing.Municipality.objects.get(number="1149"))
        first = xlsx([FORM, ["1", "2026-10-01", "", *ROW]])
        second = xlsx([FORM, ["1", "2026-10-02", "", "1149", "Et annet behov", "Tekst"]])
        for by, content in ((make_contact(places), first), (karmoy, second)):
            client.force_login(by)
            assert self.post(client, content, "Skjema(1-1).xlsx", take_in="1").status_code == 302
        assert list(KnowledgeNeed.objects.values_list("external_id", flat=True)) == ["1", "1"]

    @pytest.mark.parametrize("name", ["Skjema(1-1).xlsx", "Skjema(1-2).xlsx", "Noe annet.xlsx"])
    def test_the_same_form_is_taken_in_once_whatever_its_file_is_called(self, client, places, name):
        client.force_login(make_contact(places))
        content = xlsx([FORM, ["1", "2026-10-01", "", *ROW]])
        assert self.post(client, content, "Skjema(1-1).xlsx", take_in="1").status_code == 302
        assert self.post(client, content, name, take_in="1").status_code == 422
        assert KnowledgeNeed.objects.count() == 1
