"""G4: starting, writing and handing in, without losing a word or a second."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from clusters.models import MotorTerm
from grants.lifecycle import ApplicationState
from grants.models import Application, Call, Submission
from grants.services import application as services
from grants.services.application import AmountClash, Edit
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from ksf.periods import period, today
from tests.clusters.factories import make_cluster
from tests.grants.factories import PDF, make_call
from tests.grants.helpers import make_draft, run_jobs
from tests.ksf.factories import LONG_AGO, appoint
from tests.ksf.helpers import at_once

pytestmark = pytest.mark.django_db


def at(call, seconds):
    """Move the deadline so many seconds from now."""
    Call.objects.filter(pk=call.pk).update(deadline_at=timezone.now() + timedelta(seconds=seconds))


def test_only_the_motor_s_people_start_and_there_is_one_per_cluster():
    call, cluster = make_call(), make_cluster(members=5)
    motor = cluster.motor_terms.get().membership.municipality
    other = cluster.memberships.exclude(municipality=motor).first().municipality
    contact, coordinator = appoint(Role.RD_CONTACT, motor), appoint(Role.CLUSTER_COORDINATOR, cluster)
    first = services.start(call, cluster, by=contact)
    assert services.start(call, cluster, by=coordinator) == first
    assert first.members.count() == 5
    elsewhere = appoint(Role.CLUSTER_COORDINATOR, make_cluster())
    for stranger in (appoint(Role.RD_CONTACT, other), appoint(Role.NATIONAL_STAFF), elsewhere):
        with pytest.raises(PermissionDenied):
            services.start(call, cluster, by=stranger)


def test_a_cluster_without_motor_cannot_apply():
    cluster = make_cluster(members=5, motor=False)
    with pytest.raises(services.NoMotorMunicipality):
        services.start(make_call(), cluster, by=appoint(Role.CLUSTER_COORDINATOR, cluster))


@pytest.mark.parametrize(("opens", "deadline"), [(-10, -1), (1, 10)])
def test_nothing_is_started_outside_the_call(opens, deadline):
    cluster = make_cluster(members=5)
    coordinator = appoint(Role.CLUSTER_COORDINATOR, cluster)
    with pytest.raises(services.CallNotOpen):
        services.start(make_call(opens=opens, deadline=deadline), cluster, by=coordinator)


def test_two_writers_of_different_amounts_lose_nothing_and_of_the_same_see_both():
    application, coordinator = make_draft()
    first, second, *_rest = application.members.values_list("municipality", flat=True)
    services.save_amounts(application, {first: Edit(100_000, 120_000)}, by=coordinator)
    clashes = services.save_amounts(
        application, {first: Edit(100_000, 130_000), second: Edit(100_000, 90_000)}, by=coordinator
    )
    assert clashes == [AmountClash(first, 130_000, 120_000)]
    saved = dict(application.members.values_list("municipality", "amount"))
    assert (saved[first], saved[second]) == (120_000, 90_000)


def test_a_municipality_leaves_and_comes_back_and_outsiders_never_come_in():
    application, coordinator = make_draft()
    first = application.members.first().municipality_id
    outsider = make_cluster(members=1).memberships.get().municipality_id
    services.save_amounts(application, {first: Edit(100_000, None), outsider: Edit(None, 5)}, by=coordinator)
    assert application.members.count() == 4
    services.save_amounts(application, {first: Edit(None, 70_000)}, by=coordinator)
    assert application.members.get(municipality=first).amount == 70_000


def test_handing_in_seals_numbers_and_sends_receipts(django_capture_on_commit_callbacks, mailoutbox):
    application, coordinator = make_draft()
    submission = services.submit(application, by=coordinator)
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert application.number == f"{application.call.slug}-01"
    assert application.submitted_at == submission.submitted_at
    assert submission.snapshot["asked"] == 500_000
    assert [row["amount"] for row in submission.snapshot["members"]] == [100_000] * 5
    assert submission.checksum in "".join(Notice.objects.get(user=coordinator).body.split())
    assert submission.document is None
    run_jobs("grants.application_pdf")
    submission.refresh_from_db()
    assert bytes(submission.document.content).startswith(b"%PDF-")


def test_what_is_sealed_outlives_changes_of_the_cluster():
    application, coordinator = make_draft()
    submission = services.submit(application, by=coordinator)
    before = submission.snapshot
    cluster = application.cluster
    cluster.name = "Et annet navn"
    cluster.save()
    cluster.memberships.first().municipality.__class__.objects.update(population=1)
    assert Submission.objects.get(pk=submission.pk).snapshot == before
    assert before["cluster"]["name"] != "Et annet navn"
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Submission.objects.update(checksum="0" * 64)
    run_jobs("grants.application_pdf")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Submission.objects.update(document=None)


def rotate(cluster, membership):
    """Another member is the motor municipality from today."""
    cluster.motor_terms.filter(period__startswith=today()).delete()
    cluster.motor_terms.update(period=period(LONG_AGO, today()))
    MotorTerm.objects.create(cluster=cluster, membership=membership, period=period(today()))
    return membership.municipality


def test_a_draft_follows_the_role_as_motor_and_what_is_handed_in_does_not():
    application, coordinator = make_draft()
    call, cluster = application.call, application.cluster
    second, third = cluster.memberships.exclude(municipality=application.motor).order_by("pk")[:2]
    motor = rotate(cluster, second)
    contact = appoint(Role.RD_CONTACT, motor)
    assert services.start(call, cluster, by=contact).motor == motor
    last = rotate(cluster, third)
    assert services.submit(application, by=coordinator).snapshot["motor"]["number"] == last.number
    rotate(cluster, second)
    assert services.start(call, cluster, by=coordinator).motor == last


@pytest.mark.parametrize(("seconds", "is_in_time"), [(-1, False), (0, True), (1, True)])
def test_one_second_late_is_late(seconds, is_in_time):
    call = make_call()
    assert call.is_open_at(call.deadline_at - timedelta(seconds=seconds)) is is_in_time
    assert call.is_open_at(call.deadline_at + timedelta(microseconds=1)) is False


def test_a_late_application_is_refused_and_stays_a_draft():
    application, coordinator = make_draft()
    at(application.call, -1)
    with pytest.raises(services.CallNotOpen):
        services.submit(application, by=coordinator)
    assert Application.objects.get().state == ApplicationState.DRAFT
    assert not Submission.objects.exists()
    at(application.call, 60)
    services.submit(application, by=coordinator)


def test_withdrawn_and_handed_in_again_until_the_deadline():
    application, coordinator = make_draft()
    first = services.submit(application, by=coordinator)
    services.withdraw(application, by=coordinator)
    services.reopen(application, by=coordinator)
    services.save_details(application, title="Bedre", language="nn", least_amount=1, by=coordinator)
    second = services.submit(application, by=coordinator)
    assert second.snapshot["number"] == first.snapshot["number"]
    assert (first.snapshot["version"], second.snapshot["version"]) == (1, 2)
    assert second.checksum != first.checksum
    services.withdraw(application, by=coordinator)
    at(application.call, -1)
    with pytest.raises(services.CallNotOpen):
        services.reopen(application, by=coordinator)
    assert Application.objects.get().state == ApplicationState.WITHDRAWN


def test_what_is_handed_in_cannot_be_written():
    application, coordinator = make_draft()
    services.submit(application, by=coordinator)
    with pytest.raises(StepNotAllowed):
        services.save_amounts(application, {}, by=coordinator)
    with pytest.raises(StepNotAllowed):
        services.attach(application, application.call.required_attachments.get(), name="a", content=PDF, by=coordinator)


def test_rules_stand_in_the_way_until_they_are_met():
    application, coordinator = make_draft(is_complete=False)
    with pytest.raises(services.NotEligible) as refused:
        services.submit(application, by=coordinator)
    assert {finding.code for finding in refused.value.findings} == {
        "without_amount", "asked", "least", "answers", "agreement",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_it_is_handed_in_once():
    application, coordinator = make_draft()

    def press():
        services.submit(application, by=User.objects.get(pk=coordinator.pk))

    assert at_once(press, press) == ["StepNotAllowed", "done"]
    assert Submission.objects.count() == 1


def test_wrong_and_too_large_files_are_refused_in_words(client):
    application, coordinator = make_draft(is_complete=False)
    client.force_login(coordinator)
    row = application.call.required_attachments.get()
    url = reverse("application_attach", args=[application.pk, row.pk])
    for content in (b"MZ not a document", PDF + b"0" * 10 * 1024 * 1024):
        upload = SimpleUploadedFile("avtale.pdf", content, "application/pdf")
        response = client.post(url, {f"file-{row.pk}-file": upload})
        assert response.status_code == 422
        assert not application.attachments.exists()
    client.post(url, {f"file-{row.pk}-file": SimpleUploadedFile("../avtale.pdf", PDF)})
    attachment = application.attachments.get()
    assert attachment.name == "avtale.pdf"
    response = client.get(reverse("attachment", args=[application.pk, attachment.pk]))
    assert response.content == PDF
    assert response["Content-Disposition"] == 'attachment; filename="avtale.pdf"'
    client.post(reverse("attachment_remove", args=[application.pk, attachment.pk]))
    assert not application.attachments.current().exists()
