"""G9-G10: letters as they are sealed, acceptance, what lapses, complaints."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from grants import documents, tasks
from grants.letters import sealing
from grants.lifecycle import (
    ApplicationState,
    AwardState,
    ComplaintState,
)
from grants.models import (
    Award,
    AwardShare,
    Deliverable,
    JointScore,
    Proposal,
    Rejection,
    Waiver,
)
from grants.rules.dates import months_after
from grants.services import award, complaint, decision
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.jobs.models import Job, JobState
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from tests.grants.factories import POT, make_application, make_closed_call
from tests.grants.helpers import decide_allocation, letter_of, write_letters
from tests.ksf.factories import appoint, make_lead, make_staff
from tests.ksf.pdf_file import text as text_of

UNDER_REVIEW = ApplicationState.UNDER_REVIEW


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "phrases"),
    [
        (
            "nb",
            [
                "Tilsagn om",
                "500 000 kr",
                "Formål",
                "Utbetaling",
                "375 000",
                "Vilkår",
                "Leveranse plan",
                "2 måneder etter at dere har godtatt",
                "Rapportering",
                "Kontroll",
                "faller tilsagnet bort",
                "tre uker",
            ],
        ),
        (
            "nn",
            [
                "Tilsegn om",
                "500 000 kr",
                "Føremål",
                "Utbetaling",
                "375 000",
                "Vilkår",
                "Leveranse plan",
                "2 månader etter at de har godteke",
                "Rapportering",
                "Kontroll",
                "fell tilsegna bort",
                "tre veker",
            ],
        ),
    ],
)
def test_the_award_letter_says_everything_in_the_recipient_s_form(form, phrases):
    call = make_closed_call(applications=((6, 6),))
    application = call.applications.get()
    application.motor.language_form = form
    application.motor.save()
    decide_allocation(call)
    write_letters(call)
    letter = letter_of(application)
    text = text_of(bytes(letter.content))
    assert letter.language == form
    assert [phrase for phrase in phrases if phrase not in text] == []
    assert Award.objects.get().letter == letter


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "phrases"),
    [
        (
            "nb",
            [
                "Avslag på søknad",
                "Begrunnelse",
                "Vektet poengsum er 3,00",
                "klage på vedtaket innen",
                "tre uker",
                "Med poengsummen",
                "Fagfellene oppsummerer slik: «Planen er tynn.»",
            ],
        ),
        (
            "nn",
            [
                "Avslag på søknad",
                "Grunngiving",
                "Vekta poengsum er 3,00",
                "klage på vedtaket innan",
                "tre veker",
                "Med poengsummen",
                "Fagfellane oppsummerer slik: «Planen er tynn.»",
            ],
        ),
    ],
)
def test_the_rejection_gives_grounds_and_says_how_to_complain(form, phrases):
    call = make_closed_call()
    application = call.applications.order_by("pk").last()
    application.motor.language_form = form
    application.motor.save()
    application.reviews.update(content="Planen er tynn.")
    decide_allocation(call)
    write_letters(call)
    text = text_of(bytes(letter_of(application).content))
    assert [phrase for phrase in phrases if phrase not in text] == []


@pytest.mark.django_db
def test_the_letter_names_those_who_get_the_least_a_municipality_can_get():
    call = make_closed_call(pot=302_000, applications=((6, 6),))
    application = call.applications.get()
    decide_allocation(call)
    write_letters(call)
    text = text_of(bytes(letter_of(application).content))
    token = [share.municipality.name for share in AwardShare.objects.filter(amount=1_000)]
    assert token
    assert all(
        name in text.split("Det er det minste en kommune kan få")[0].rsplit("En større kommune")[-1] for name in token
    )


@pytest.mark.django_db
def test_letters_are_sealed_once_each_and_applicants_are_notified(quick_pdfs):
    call = make_closed_call()
    writer = appoint(Role.RD_CONTACT, call.applications.first().motor)
    decide_allocation(call)
    first = sealing.seal(call.applications.first(), by=make_lead())
    assert first is not None
    write_letters(call)
    Job.objects.filter(kind="grants.letters").update(state=JobState.QUEUED, finished_at=None)
    write_letters(call)
    assert sealing.seal(call.applications.first(), by=make_lead()) is None
    assert Document.objects.filter(kind=documents.LETTER).count() == 3
    assert Notice.objects.filter(user=writer, subject__contains=call.applications.first().number).count() == 0
    assert Notice.objects.exclude(user=writer).filter(body__contains="/vedtak/").count() == 0


@pytest.mark.django_db
def test_letters_left_by_a_killed_worker_are_written_by_the_next(monkeypatch, quick_pdfs):
    call = make_closed_call()
    writer = appoint(Role.RD_CONTACT, call.applications.order_by("number").last().motor)
    decide_allocation(call)
    real, done = sealing.seal, []

    class Killed(BaseException):
        pass

    def killed_at_the_second(application, *, by):
        if done:
            raise Killed
        done.append(application)
        return real(application, by=by)

    with monkeypatch.context() as patch:
        patch.setattr(tasks.sealing, "seal", killed_at_the_second)
        with pytest.raises(Killed):
            write_letters(call)
    assert Document.objects.filter(kind=documents.LETTER).count() == 1
    write_letters(call)
    numbers = Document.objects.filter(kind=documents.LETTER).values_list("subject_id", flat=True)
    assert sorted(numbers) == sorted(call.applications.values_list("pk", flat=True))
    assert Notice.objects.filter(user=writer).count() == 1


@pytest.mark.django_db
def test_a_grant_is_accepted_by_the_motor_municipality_and_dates_are_set():
    call = make_closed_call()
    decide_allocation(call)
    given = Award.objects.first()
    contact = appoint(Role.RD_CONTACT, given.application.motor)
    with pytest.raises(PermissionDenied):
        award.accept(given, by=make_staff())
    accepted = award.accept(given, by=contact)
    assert (accepted.state, accepted.answered_by) == (AwardState.ACCEPTED, contact)
    due = Deliverable.objects.get(award=given, requirement__code="plan").due_on
    assert due == months_after(timezone.localdate(), 2)
    with pytest.raises(StepNotAllowed):
        award.decline(given, reason="", by=contact)


@pytest.mark.django_db
def test_what_is_declined_or_not_answered_goes_back_to_the_pot():
    call = make_closed_call()
    decide_allocation(call)
    declined, late = Award.objects.all()
    award.decline(declined, reason="Ikke råd", by=appoint(Role.RD_CONTACT, declined.application.motor))
    assert decision.left_in(call.pot) == POT - 500_000
    Award.objects.filter(pk=late.pk).update(acceptance_due_on=timezone.localdate())
    assert tasks.lapse_awards() == 0
    Award.objects.filter(pk=late.pk).update(acceptance_due_on=timezone.localdate() - timedelta(days=1))
    contact = appoint(Role.RD_CONTACT, late.application.motor)
    with pytest.raises(award.AnsweredTooLate):
        award.accept(late, by=contact)
    assert (tasks.lapse_awards(), tasks.lapse_awards()) == (1, 0)
    assert decision.left_in(call.pot) == POT
    assert Notice.objects.filter(user=contact).count() == 1


@pytest.mark.django_db
def test_a_complaint_is_handled_by_someone_who_took_no_part():
    call, lead = make_closed_call(), make_lead()
    decide_allocation(call, lead)
    application = Rejection.objects.get().application
    writer, stranger = appoint(Role.RD_CONTACT, application.motor), make_staff()
    with pytest.raises(PermissionDenied):
        complaint.complain(application, text="Urett", by=stranger)
    sent = complaint.complain(application, text="Urett", by=writer)
    with pytest.raises(complaint.NothingDecided):
        complaint.complain(application, text="Igjen", by=writer)
    proposer = Proposal.objects.get().proposed_by
    for involved in (lead, proposer, writer):
        with pytest.raises(PermissionDenied):
            complaint.dismiss(sent, answer="Nei", by=User.objects.get(pk=involved.pk))
    assert Notice.objects.filter(user=stranger).count() == 1
    assert not Notice.objects.filter(user=proposer, subject__contains=application.number).exists()
    answered = complaint.uphold(sent, answer="Dere har rett", by=stranger)
    assert (answered.state, answered.handled_by) == (ComplaintState.UPHELD, stranger)


@pytest.mark.django_db
def test_whoever_settled_a_score_made_an_exception_or_changed_an_amount_took_part():
    call = make_closed_call()
    decide_allocation(call)
    application = Rejection.objects.get().application
    judges = [make_staff() for _each in range(3)]
    grounds = {"points": 4, "grounds": "Vi ble enige."}
    JointScore.objects.create(application=application, criterion=call.criteria.first(), settled_by=judges[0], **grounds)
    Waiver.objects.create(application=application, rule="members", reason="Ny klynge", waived_by=judges[1])
    changed = {"override_amount": 0, "override_reason": "Trakk seg", "overridden_at": timezone.now()}
    application.lines.update(overridden_by=judges[2], **changed)
    writer = appoint(Role.RD_CONTACT, application.motor)
    sent = complaint.complain(application, text="Urett", by=writer)
    assert {judge.pk for judge in judges} <= sent.participant_ids


@pytest.mark.django_db
def test_a_complaint_after_three_weeks_is_too_late():
    call = make_closed_call()
    decide_allocation(call)
    rejected = Rejection.objects.get()
    writer = appoint(Role.RD_CONTACT, rejected.application.motor)
    Rejection.objects.update(complaint_due_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(complaint.ComplainedTooLate):
        complaint.complain(rejected.application, text="x", by=writer)
    Rejection.objects.update(complaint_due_on=timezone.localdate())
    complaint.complain(rejected.application, text="x", by=writer)
    undecided = make_application(state=UNDER_REVIEW)
    with pytest.raises(complaint.NothingDecided):
        complaint.complain(undecided, text="x", by=appoint(Role.RD_CONTACT, undecided.motor))
