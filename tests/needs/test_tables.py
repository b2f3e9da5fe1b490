"""Files as people really have them: each is read as it was meant, or refused with a word that helps."""

import io
import zipfile
from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from ksf import archives
from ksf.spreadsheets import UnreadableFile
from needs.models import KnowledgeNeed
from needs.services import importing
from tests.needs.factories import make_contact, make_coordinator
from tests.regions.factories import make_municipality

HEADINGS = ["external_id", "municipality", "title", "description", "service_area", "status"]
ROW = ["a1", 1101, "Får eldre sove?", "Vi vet ikke, og lurer på nattilsyn.", None, None]
WORDS = ["municipality,title,description", "1101,Får eldre sove?,Vi lurer på tilsyn"]
PK, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")


def book(*sheets, hidden=(), active=0):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    made.active = active
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def read(content, name="behov.xlsx"):
    return importing.read(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(WORDS).encode(),
        "\n".join(WORDS).encode("utf-8-sig"),
        "\n".join(WORDS).encode("utf-16"),
        "\r\n".join(WORDS).replace(",", ";").encode("cp1252"),
        "\n".join(WORDS).replace(",", "\t").encode(),
        ("sep=;\n" + "\n".join(WORDS).replace(",", ";")).encode(),
        ("Behov fra oss\n\n" + "\n".join(WORDS)).encode(),
        "\n".join(WORDS).replace("Får", "F\0år").encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "windows", "tabs", "sep=", "title above", "null byte"],
)
def test_text_files(content):
    table = read(content, "behov.csv")
    assert table.headings == ["municipality", "title", "description"]
    assert [cells[:2] for _row, cells in table.rows] == [["1101", "Får eldre sove?"]]


def test_the_sheet_with_the_headings_is_read_wherever_one_was_when_saving():
    content = book(("needs", [HEADINGS, ROW]), ("service_area", [["dementia", "Demens"]]), active=1)
    assert read(content).rows[0][1][2] == "Får eldre sove?"
    content = book(("gammelt", [HEADINGS, ["x", 9999, "Skjult", "Ark"]]), ("nytt", [HEADINGS, ROW]), hidden=["gammelt"])
    assert read(content).rows[0][1][0] == "a1"


def test_columns_in_another_order_more_of_them_and_values_that_are_no_text():
    rows = [
        ["Merknad", "Tekst", "Tittel", "Kommunenummer"],
        [date(2026, 1, 5), 2.5, time(12, 30), 301.0],
    ]
    table = read(book(("ark", [[], *rows])))
    assert table.headings == ["merknad", "description", "title", "municipality"]
    assert table.rows == [(3, ["2026-01-05", "2.5", "12:30:00", "301"])]


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (archives.MOST_UNPACKED + 1))
    return file.getvalue()


def far_down():
    made = Workbook()
    made.active["XFD1048576"] = "langt nede"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (OLE + b"\0" * 600, "behov.xls", "ikke et lesbart regneark"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "behov.xlsx", "passord"),
        (PK + b"tull", "behov.xlsx", "ikke et lesbart regneark"),
        (book(("ark", [HEADINGS]))[:900], "behov.xlsx", "ikke et lesbart regneark"),
        (b"", "behov.csv", "tom"),
        (b"\n ; \n", "behov.csv", "tom"),
        (b"\x81\x8d,\x8f", "behov.csv", "Bokstavene"),
        (bomb(), "behov.xlsx", "pakkes ut"),
        (far_down(), "behov.xlsx", "1048576"),
    ],
    ids=["xls", "password", "no book", "cut off", "empty", "blank rows", "no letters", "bomb", "far down"],
)
def test_what_cannot_be_read_is_reported(content, name, said):
    with pytest.raises(UnreadableFile, match=said):
        read(content, name)


@pytest.mark.django_db
class TestOnThePage:
    @pytest.fixture
    def place(self):
        return make_municipality(number="1101")

    def send(self, client, content, name="behov.xlsx", **more):
        return client.post("/behov/importer/", {"file": SimpleUploadedFile(name, content), **more})

    @pytest.mark.parametrize("content", [OLE + b"\0" * 600, PK + b"tull", b"", bomb(), b"\x81\x8d,\x8f"])
    def test_each_error_stands_at_its_field(self, client, place, content):
        client.force_login(make_contact(place))
        response = self.send(client, content, "behov.csv")
        assert response.status_code == 422
        assert response.context["form"].errors["file"]

    def test_the_same_file_twice_is_taken_in_once(self, client, place):
        client.force_login(make_contact(place))
        content = "\n".join(WORDS).encode()
        assert self.send(client, content, "behov.csv", take_in="1").status_code == 302
        again = self.send(client, content, "behov.csv", take_in="1")
        assert again.status_code == 422
        assert "Samme behov" in again.content.decode()
        assert KnowledgeNeed.objects.count() == 1

    @pytest.mark.parametrize("rows", [WORDS, ["external_id," + WORDS[0], "a1," + WORDS[1]]])
    def test_two_at_once_take_in_the_same_file_once(self, place, rows):
        content = "\n".join(rows).encode()
        one, two = (importing.check(read(content, "behov.csv")).lines for _ in range(2))
        assert importing.take_in(one, by=make_contact(place)) == 1
        with pytest.raises(UnreadableFile, match="nettopp importert"):
            importing.take_in(two, by=make_coordinator(place.region))
        assert KnowledgeNeed.objects.count() == 1

    def test_the_same_words_with_other_ids_are_other_needs(self, place):
        content = "\n".join(["external_id," + WORDS[0], "a1," + WORDS[1], "a2," + WORDS[1]]).encode()
        assert importing.check(read(content, "behov.csv")).is_good

    def test_of_ten_thousand_wrong_rows_the_first_are_shown(self, client, place):
        client.force_login(make_contact(place))
        content = "\n".join([WORDS[0], *(f"0000,Tittel {n},Tekst" for n in range(10_000))]).encode()
        response = self.send(client, content, "behov.csv")
        assert response.status_code == 422
        assert len(response.context["errors"]) == 50
        assert len(response.content) < 200_000

    def test_errors_of_formulas_and_control_signs_in_ids(self, place):
        content = book(("ark", [HEADINGS, ["a1", 1101, "#REF!", "#N/A", None, None]]))
        [line] = importing.check(read(content)).lines
        assert [error.cell for error in line.errors] == ["C2", "D2"]
        content = "\n".join(["external_id," + WORDS[0], "a\x001\u202e," + WORDS[1]]).encode()
        [line] = importing.check(read(content, "behov.csv")).lines
        assert (line.values["external_id"], line.errors) == ("a1", [])
