"""An application that does not meet the rules is dismissed with a letter, and the cluster may complain (G5, G9)."""

import pytest
from django.urls import reverse

from grants import documents
from grants.models import Complaint, Rejection
from grants.services import application as services
from grants.services import complaint
from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.jobs.models import Job
from ksf.jobs.tasks import run
from ksf.notifications.models import Notice
from tests.ksf import pdf_file
from tests.ksf.factories import appoint

pytestmark = pytest.mark.django_db
GROUNDS = "Tre kommuner deltar, og utlysningen krever fem."


def dismiss(application, staff):
    services.dismiss(application, grounds=GROUNDS, by=staff)
    run(Job.objects.get(kind="grants.letters").pk)
    application.refresh_from_db()
    return Document.objects.get(kind=documents.LETTER, subject_id=application.pk)


@pytest.mark.parametrize(
    ("form", "phrases"),
    [
        ("nb", ["er avvist", "Begrunnelse", GROUNDS, "klage på vedtaket innen", "tre uker", "Veien videre"]),
        ("nn", ["er avvist", "Grunngiving", GROUNDS, "klage på vedtaket innan", "tre veker", "Vegen vidare"]),
    ],
)
def test_the_letter_gives_grounds_and_says_how_to_complain(application, staff, form, phrases):
    application.motor.language_form = form
    application.motor.save()
    letter = dismiss(application, staff)
    text = pdf_file.text(bytes(letter.content))
    assert [phrase for phrase in phrases if phrase not in text] == []
    assert "to personer" not in text  # one person dismisses
    assert pdf_file.faults(bytes(letter.content)) == []
    assert letter.language == form
    assert Rejection.objects.get(application=application).letter == letter


def test_the_cluster_is_notified_reads_why_and_complains(application, staff, client):
    contact = appoint(Role.RD_CONTACT, application.motor)
    letter = dismiss(application, staff)
    assert "avvist" in Notice.objects.get(user=contact).body
    client.force_login(contact)
    address = reverse("application_decision", args=[application.pk])
    assert address in client.get(application.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert GROUNDS in page
    assert letter.get_absolute_url() in page
    assert client.post(reverse("complaint_new", args=[application.pk]), {"text": "Vi er fem."}).status_code == 302
    assert Complaint.objects.get().application == application


def test_whoever_dismissed_does_not_handle_the_complaint(application, staff):
    dismiss(application, staff)
    writer, other = appoint(Role.RD_CONTACT, application.motor), appoint(Role.NATIONAL_STAFF)
    sent = complaint.complain(application, text="Vi er fem.", by=writer)
    assert not staff.has_perm("grants.handle_complaint", sent)
    assert other.has_perm("grants.handle_complaint", sent)


def test_the_page_dismisses_with_grounds_only(application, staff, client):
    client.force_login(staff)
    address = reverse("application_dismiss", args=[application.pk])
    assert client.post(address, {"grounds": ""}).status_code == 422
    assert not Rejection.objects.exists()
    assert client.post(address, {"grounds": GROUNDS}).status_code == 302
    assert Rejection.objects.get().grounds == GROUNDS
    assert client.post(address, {"grounds": GROUNDS}).status_code == 409
