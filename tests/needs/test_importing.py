import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from needs.models import KnowledgeNeed
from tests.ksf.factories import make_user
from tests.needs.factories import make_contact
from tests.regions.factories import make_municipality

pytestmark = pytest.mark.django_db
HEAD = "external_id,municipality,title,description,service_area,status\n"


@pytest.fixture
def place():
    return make_municipality(number="1101")


def run(tmp_path, text, name="behov.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    call_command("import_needs", file)


def workbook():
    book, file = Workbook(), io.BytesIO()
    book.active.append(["municipality", "title", "description"])
    book.active.append(["1101", "Tittel", "Tekst"])
    book.save(file)
    return file.getvalue()


def changed(content, part, text):
    """The workbook with another content in one of its parts."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04",
        workbook()[:-40],
        workbook().replace(workbook()[700:720], b"\0" * 20),
        changed(workbook(), "xl/worksheets/sheet1.xml", b"<worksheet>"),
        changed(workbook(), "xl/worksheets/sheet1.xml", b""),
        changed(workbook(), "xl/workbook.xml", b"\xff\0"),
        changed(workbook(), "[Content_Types].xml", b"<a>"),
        changed(workbook(), "docProps/app.xml", b" " * 60_000_000),
    ],
)
def test_a_damaged_or_oversized_workbook_is_refused_and_nothing_is_imported(content, tmp_path, place, client):
    with pytest.raises(CommandError, match=r"\.csv"):
        run(tmp_path, content, "behov.xlsx")
    client.force_login(make_contact(place))
    answer = client.post("/behov/importer/", {"file": SimpleUploadedFile("behov.xlsx", content)})
    assert answer.status_code == 422
    assert not KnowledgeNeed.objects.exists()


def test_a_good_file_is_taken_in_and_published_ones_are_open_and_findable(tmp_path, place, client):
    run(
        tmp_path,
        HEAD + 'a1,1101,Fall på sykehjem,"To ord, til",dementia,Publisert\na2,1101,Nattilsyn,Tekst,,submitted\n',
    )
    one, two = KnowledgeNeed.objects.order_by("external_id")
    assert (one.state, two.state) == ("in_assessment", "submitted")
    assert one.service_area.code == "dementia"
    assert one.number != two.number
    found = client.get("/api/v1/needs/", {"q": "fall sykehjem"}).json()["items"]
    assert [item["external_id"] for item in found] == ["a1"]
    assert client.get(one.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        ("b1,9999,Tittel,Tekst,,published", "B3", "9999"),
        ("b1,,Tittel,Tekst,,published", "B3", "mangler"),
        ("b1,1101,,Tekst,,published", "C3", "tom"),
        ("b1,1101,Tittel,,,published", "D3", "tom"),
        (f"b1,1101,Tittel,{'x' * 50_000},,published", "D3", "50"),
        ("b1,1101,Tittel,Tekst,romfart,published", "E3", "romfart"),
        ("b1,1101,Tittel,Tekst,,ferdig", "F3", "ferdig"),
        ("a1,1101,Tittel,Tekst,,published", "A3", "a1"),
    ],
)
@pytest.mark.usefixtures("place")
def test_one_wrong_row_and_nothing_is_imported(tmp_path, capsys, row, cell, said):
    with pytest.raises(CommandError, match="Nothing imported"):
        run(tmp_path, f"{HEAD}a1,1101,God,Tekst,,published\n{row}\n")
    assert not KnowledgeNeed.objects.exists()
    errors = capsys.readouterr().err
    assert f"behov.csv {cell}: " in errors
    assert said in errors


def test_an_id_that_was_imported_before_is_refused(tmp_path, place, capsys):
    run(tmp_path, HEAD + "a1,1101,God,Tekst,,published\n")
    with pytest.raises(CommandError):
        run(tmp_path, HEAD + "a1,1101,God,Tekst,,published\n")
    assert KnowledgeNeed.objects.count() == 1


def book(rows, merged=None):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if merged:
        made.active.merge_cells(merged)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_excel_with_numbers_as_numbers_and_markup_from_word(tmp_path, place):
    text = "<p class=MsoNormal>Første<o:p></o:p></p><p>·\xa0 Andre</p>"
    run(tmp_path, book([["kommunenummer", "tittel", "tekst"], [1101, "Tittel", text]]), "behov.xlsx")
    assert KnowledgeNeed.objects.get().description == "Første\n- Andre"


def test_merged_cells_are_reported(tmp_path, place, capsys):
    rows = [["municipality", "title", "description"], [1101, "Tittel", "Tekst"], [None, "To", "Tekst"]]
    with pytest.raises(CommandError):
        run(tmp_path, book(rows, "A2:A3"), "behov.xlsx")
    assert "A2:A3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content"), [("behov.xlsx", b"PK not a book"), ("behov.csv", b""), ("x.csv", b"a,b\n1,2\n")]
)
def test_unreadable_files_are_reported(tmp_path, name, content):
    with pytest.raises(CommandError):
        run(tmp_path, content, name)
    assert not KnowledgeNeed.objects.exists()


def upload(text):
    return SimpleUploadedFile("behov.csv", text.encode())


def test_on_the_page_one_looks_first_and_then_sends_all(client, place):
    client.force_login(make_contact(place))
    looked = client.post("/behov/importer/", {"file": upload(HEAD + "a1,1101,Vårt behov,Tekst,,\n")})
    assert looked.status_code == 200
    assert "Vårt behov" in looked.content.decode()
    assert not KnowledgeNeed.objects.exists()
    client.post("/behov/importer/", {"carried": looked.context["held"], "take_in": "1"})
    need = KnowledgeNeed.objects.get()
    assert (need.state, need.awaits_confirmation) == ("submitted", False)


def test_on_the_page_others_municipalities_are_refused(client, place):
    client.force_login(make_contact())
    response = client.post("/behov/importer/", {"file": upload(HEAD + "a1,1101,Andres,Tekst,,\n"), "take_in": "1"})
    assert response.status_code == 422
    assert "B2" in response.content.decode()
    assert not KnowledgeNeed.objects.exists()


def test_a_carried_file_that_was_tampered_with_is_refused(client, place):
    client.force_login(make_contact(place))
    assert client.post("/behov/importer/", {"carried": "tull", "take_in": "1"}).status_code == 422


def test_who_may_not_import(client):
    assert client.get("/behov/importer/").status_code == 302
    client.force_login(make_user())
    assert client.get("/behov/importer/").status_code == 403


def test_the_template_has_the_columns(client, place):
    client.force_login(make_contact(place))
    content = client.get("/behov/importer/mal/").content
    assert content.startswith(b"PK")
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in sheet[1]] == HEAD.strip().split(",")
