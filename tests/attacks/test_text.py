"""Text comes in at one door, and what is stored goes out in every format (X9)."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from openpyxl import load_workbook

from ksf.web.lists import ExportColumn, export
from ksf.web.middleware import TextMiddleware
from regions.models import Partner
from tests.clusters.factories import make_cluster

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
PARTED = "A\u030asgårdstrand"
HOSTILE = "Klynge\x0b med \x00tegn\x1f, \ufffe, \ud800 og =1+1"


def received(request):
    """What a view is given."""
    seen = []
    TextMiddleware(lambda request: seen.append(request) or HttpResponse())(request)
    return seen[0]


def test_letters_are_composed_and_lines_end_in_one_way():
    request = received(RequestFactory().post("/?q=" + PARTED, {"text": f"{PARTED}\r\nto\x0blinjer\u2028tre"}))
    assert request.GET["q"] == "Åsgårdstrand"
    assert request.POST["text"] == "Åsgårdstrand\nto\nlinjer\ntre"


@pytest.mark.parametrize("text", [FAMILY, "Per <per@kommune.example>", "a<b og c>d", "سلام", "Guovdageaidnu", "x\ty"])
def test_what_one_can_read_stays(text):
    assert received(RequestFactory().post("/", {"text": text})).POST["text"] == text


def test_signs_that_nobody_sees_are_left_out():
    assert received(RequestFactory().post("/", {"text": "a\x00b\x1fc\ufeffd\u202ee\u200b"})).POST["text"] == "abcde"


def test_several_values_of_one_name_and_their_order_are_kept():
    request = received(RequestFactory().post("/", {"a": ["1", PARTED, "1"], "b": "\x0b"}))
    assert (request.POST.getlist("a"), request.POST["b"]) == (["1", "Åsgårdstrand", "1"], "\n")


def test_passwords_and_files_are_left_as_they_are():
    file = BytesIO(b"a\r\nb\x00")
    file.name = "fil.txt"
    request = received(RequestFactory().post("/", {"new_password": PARTED, "text": "x\x0b", "file": file}))
    assert request.POST["new_password"] == PARTED
    assert request.FILES["file"].read() == b"a\r\nb\x00"


def test_a_form_without_such_signs_is_not_made_again():
    request = RequestFactory().post("/", {"text": "Alt i orden"})
    sent = request.POST
    assert received(request).POST is sent


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_any_stored_text_can_be_exported(kind):
    """Excel's format refuses control signs: one cluster's name made every list that had it answer 500."""
    request = RequestFactory().get(f"/?format={kind}")
    response = export(request, [HOSTILE], [ExportColumn("Name", str)], "klynger")
    content = b"".join(response.streaming_content)
    if kind == "csv":
        rows = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert rows[1] == ["Klynge\n med tegn, ,  og =1+1"]
        return
    assert ZipFile(BytesIO(content)).testzip() is None
    assert load_workbook(BytesIO(content)).active["A2"].value == "Klynge\n med tegn, ,  og =1+1"


@pytest.mark.django_db
def test_a_name_with_control_signs_from_before_breaks_no_list(client):
    cluster = make_cluster(members=1)
    Partner.objects.create(slug="ny", name="Ny\x0b\x1fpartner", kind="other")
    type(cluster).objects.filter(pk=cluster.pk).update(name="Klyn\x0bge\x1f")
    for address in ("/partnere/?format=xlsx", "/nettverket/?format=xlsx"):
        response = client.get(address)
        assert response.status_code == 200
        load_workbook(BytesIO(b"".join(response.streaming_content)))
