import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pikepdf
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.html import escape

from ksf.documents import registry, services
from ksf.documents.models import Document, DocumentSeries
from ksf.documents.typography import grouped
from tests.ksf import pdf_file
from tests.ksf.document_samples import SAMPLES

YEAR = timezone.localdate().year


@pytest.fixture
def kind():
    """A kind of document that only the person it is about may open."""
    name = "tests.letter"
    yield registry.register(name, may_open=lambda user, subject_id: user.pk == subject_id, prefix="T").name
    del registry._kinds[name]


@pytest.fixture
def person(db):
    return get_user_model().objects.create_user(email="leder@ksf.example")


@pytest.fixture
def stranger(db):
    return get_user_model().objects.create_user(email="fremmed@ksf.example")


def seal(kind, person, title="Tilsagn om 850 000 kroner"):
    template, context = SAMPLES["need"]
    return services.seal(
        kind=kind,
        subject=person,
        title=title,
        template=template,
        context=context("nb"),
        language="nb",
        by=person,
    )


def test_a_sealed_document_keeps_its_bytes_with_number_and_checksum(kind, person):
    document = seal(kind, person)
    document.refresh_from_db()
    content = bytes(document.content)
    assert document.number == f"T-{YEAR}-0001"
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.size == len(content)
    assert (document.created_by, document.subject_type, document.subject_id) == (person, "accounts.user", person.pk)
    assert list(Document.objects.about(person)) == [document]
    assert document.number in pdf_file.text(content)
    with pikepdf.open(BytesIO(content)) as file, file.open_metadata() as meta:
        assert meta["dc:title"] == "Tilsagn om 850 000 kroner"


def test_numbers_follow_each_other_and_none_is_lost(kind, person):
    first = seal(kind, person)
    with transaction.atomic():
        seal(kind, person)
        transaction.set_rollback(True)
    assert [first.number, seal(kind, person).number] == [f"T-{YEAR}-0001", f"T-{YEAR}-0002"]


@pytest.mark.django_db(transaction=True)
def test_numbers_given_at_the_same_time_are_all_different(kind):
    person = get_user_model().objects.create_user(email="leder@ksf.example")

    def one(_turn):
        try:
            return seal(kind, person).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        numbers = sorted(threads.map(one, range(4)))
    assert numbers == [f"T-{YEAR}-{n:04}" for n in range(1, 5)]
    assert DocumentSeries.objects.get(prefix="T").last == 4


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_a_sealed_document(kind, person, change):
    document = seal(kind, person)
    rows = Document.objects.filter(pk=document.pk)
    with pytest.raises(DatabaseError, match="is sealed"), transaction.atomic():
        rows.update(title="Noe annet") if change == "update" else rows.delete()
    assert rows.get().title == "Tilsagn om 850 000 kroner"


@pytest.mark.parametrize(
    ("field", "value"), [("sha256", "0" * 64), ("sha256", "kort"), ("size", 1), ("content", b"annet")]
)
def test_the_database_refuses_a_checksum_that_is_not_the_content_s(person, field, value):
    content = b"%PDF"
    fields = {"content": content, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)} | {field: value}
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            number="T-1", kind="x", title="x", language="nb", subject_type="x", subject_id=1,
            created_at=timezone.now(), created_by=person, **fields,
        )  # fmt: skip


def test_a_kind_has_one_rule(kind):
    with pytest.raises(ValueError, match="already registered"):
        registry.register(kind, may_open=pytest.fail)
    with pytest.raises(LookupError, match=r"tests\.unknown"):
        registry.kind_of("tests.unknown")


def test_a_fingerprint_does_not_depend_on_the_order_of_keys():
    assert services.fingerprint({"a": 1, "b": [2, "æ"]}) == services.fingerprint({"b": [2, "æ"], "a": 1})
    assert services.fingerprint({"a": 1}) != services.fingerprint({"a": 2})


def test_the_address_gives_the_sealed_bytes(kind, person, client):
    document = seal(kind, person)
    client.force_login(person)
    response = client.get(document.get_absolute_url())
    assert response.status_code == 200
    assert hashlib.sha256(response.content).hexdigest() == document.sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{document.number}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{document.sha256}"'
    again = client.get(document.get_absolute_url(), headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_stranger_learns_nothing(kind, person, stranger, client):
    document = seal(kind, person)
    address = document.get_absolute_url()
    for path in (address, f"{address}kontroll/", "/dokumenter/T-1999-0001/", "/dokumenter/T-1999-0001/kontroll/"):
        client.force_login(stranger)
        assert client.get(path).status_code == 404
        client.logout()
        assert client.get(path).status_code == 302
    client.force_login(person)
    assert client.post(address).status_code == 405


def test_the_control_page_holds_a_file_against_the_archived_one(kind, person, client):
    document = seal(kind, person, title="Brev <1>")
    client.force_login(person)
    address = f"{document.get_absolute_url()}kontroll/"
    page = client.get(address).content.decode()
    assert grouped(document.sha256) in page
    assert escape("Brev <1>") in page
    assert "arkiverte dokumentet, uendret." not in page.split("<form")[0].split("<h2")[0]

    same = client.post(address, {"file": SimpleUploadedFile("x.pdf", bytes(document.content))})
    assert "Filen er det arkiverte dokumentet" in same.content.decode()
    other = client.post(address, {"file": SimpleUploadedFile("x.pdf", b"annet")})
    assert "Filen er ikke det arkiverte dokumentet" in other.content.decode()
    assert client.post(address).status_code == 422
