"""G7-G10: computing, choosing, changing, proposing and deciding an allocation; letters, acceptance, complaints."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from grants import documents, notifications, tasks
from grants.letters import sealing
from grants.lifecycle import (
    AWARD,
    COMPLAINT,
    PROPOSAL,
    ApplicationState,
    AwardState,
    CallState,
    ComplaintState,
    ProposalState,
    ReviewState,
)
from grants.models import (
    Award,
    AwardShare,
    Complaint,
    Deliverable,
    JointScore,
    Line,
    Proposal,
    Rejection,
    Scenario,
    Waiver,
)
from grants.rules.dates import months_after
from grants.services import allocation, award, complaint, decision, review
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.jobs.models import Job, JobState
from ksf.jobs.tasks import run
from ksf.lifecycle import StepNotAllowed
from ksf.notifications.models import Notice
from tests.grants.factories import POT, make_application, make_call, make_closed_call, make_pot, make_review
from tests.grants.helpers import compute_scenario, decide_allocation, letter_of, propose_allocation, write_letters
from tests.ksf.factories import appoint, make_lead, make_staff, make_user
from tests.ksf.helpers import at_once
from tests.ksf.pdf_file import text as text_of
from tests.regions.factories import make_county, make_region

UNDER_REVIEW = ApplicationState.UNDER_REVIEW


@pytest.mark.django_db
def test_a_scenario_is_computed_once_with_reasons_and_is_the_same_each_time():
    call, staff = make_closed_call(), make_staff()
    first, second = compute_scenario(call, staff), compute_scenario(call, staff)
    assert first.input_hash == second.input_hash
    assert json.dumps(first.result) == json.dumps(second.result)
    assert [line.amount for line in first.lines.all()] == [500_000, 500_000, 0]
    lines = [[(line.amount, line.shares, line.reason) for line in one.lines.all()] for one in (first, second)]
    assert lines[0] == lines[1]
    assert first.lines.last().reason["code"] == "pot_used"
    assert [change["code"] for change in first.lines.last().reason["changes"]] == ["needs_score", "needs_pot"]
    run(first.job_id)
    assert Line.objects.filter(scenario=first).count() == 3


@pytest.mark.django_db
def test_what_nobody_is_known_to_have_proposed_goes_back_to_whoever_chose_the_scenario():
    staff, other = make_staff(), make_staff()
    sent = propose_allocation(make_closed_call(), staff)
    notifications.sent_back(sent, "Mer om Nord")
    sent.chosen_by, sent.proposed_by = other, None
    notifications.sent_back(sent, "Mer om Nord")
    notices = Notice.objects.filter(body__contains="Mer om Nord")
    assert [notice.user for notice in notices.order_by("pk")] == [staff, other]


@pytest.mark.django_db
def test_nothing_is_computed_without_scores_or_from_an_open_call():
    call, staff = make_closed_call(), make_staff()
    unread = make_application(call, state=UNDER_REVIEW)
    with pytest.raises(allocation.NotComputable, match=unread.number):
        allocation.compute(call, kind="optimum", pot=POT, cap=100_000, by=staff)
    with pytest.raises(allocation.NotComputable):
        allocation.compute(make_call(), kind="optimum", pot=POT, cap=100_000, by=staff)
    with pytest.raises(allocation.NotComputable):
        allocation.compute(call, kind="optimum", pot=POT + 1000, cap=100_000, by=staff)
    with pytest.raises(allocation.NotComputable):
        allocation.compute(call, kind="optimum", pot=POT, cap=101_000, by=staff)
    with pytest.raises(PermissionDenied):
        allocation.compute(call, kind="optimum", pot=POT, cap=100_000, by=make_user())
    assert not Scenario.objects.exists()


@pytest.mark.django_db
def test_a_killed_worker_leaves_nothing_and_the_job_finishes_once(monkeypatch):
    """A killed process runs no handler: its transaction is gone and its job is as it was while running."""
    call, staff = make_closed_call(), make_staff()
    scenario = allocation.compute(call, kind="optimum", pot=POT, cap=100_000, by=staff)

    class Killed(BaseException):
        pass

    def killed_midway(*_arguments, **_values):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Line.objects, "bulk_create", killed_midway)
        with pytest.raises(Killed):
            run(scenario.job_id)
    scenario.refresh_from_db()
    job = Job.objects.get(pk=scenario.job_id)
    assert (scenario.computed_at, scenario.lines.count(), job.state) == (None, 0, JobState.RUNNING)
    run(scenario.job_id)
    run(scenario.job_id)
    scenario.refresh_from_db()
    job.refresh_from_db()
    assert (scenario.lines.count(), job.state, job.attempts) == (3, JobState.DONE, 2)
    assert scenario.computed_at is not None


@pytest.mark.django_db
def test_choosing_another_drops_the_first_and_a_proposed_one_stands():
    call, staff = make_closed_call(), make_staff()
    optimum, strict = compute_scenario(call, staff), compute_scenario(call, staff, kind="strict")
    first = allocation.choose(optimum, by=staff)
    second = allocation.choose(strict, by=staff)
    first.refresh_from_db()
    assert (first.state, second.state) == (ProposalState.DROPPED, ProposalState.CHOSEN)
    assert allocation.choose(strict, by=staff) == second
    decision.propose(second, grounds="x", by=staff)
    with pytest.raises(StepNotAllowed):
        allocation.choose(optimum, by=staff)


def wrong_shares(line, **change):
    """The line's own shares with some changed, by place among its municipalities."""
    numbers = sorted(line.application.members.values_list("municipality__number", flat=True))
    return numbers, dict.fromkeys(numbers, 60_000) | {numbers[int(place[1:])]: to for place, to in change.items()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"m0": 60_500}, "m0"),
        ({"m0": 101_000}, "m0"),
        ({"m0": -1000}, "m0"),
        ({"m0": 0, "m1": 0, "m2": 0}, "whole"),
        ({f"m{n}": 100_000 for n in range(5)}, "whole"),
    ],
)
def test_a_changed_amount_keeps_to_every_rule(change, where):
    call, staff = make_closed_call(), make_staff()
    scenario = compute_scenario(call, staff)
    allocation.choose(scenario, by=staff)
    line = scenario.lines.last()
    numbers, shares = wrong_shares(line, **change)
    with pytest.raises(allocation.WrongShares) as wrong:
        allocation.override(line, shares=shares, reason="Fordi", by=staff)
    if where == "whole":
        assert wrong.value.whole
    else:
        assert list(wrong.value.errors) == [numbers[0]]
    line.refresh_from_db()
    assert not line.is_overridden


@pytest.mark.django_db
def test_a_stranger_to_the_application_and_the_cap_are_refused_in_a_changed_amount():
    call, staff = make_closed_call(pot=1_500_000, cap=80_000), make_staff()
    scenario = compute_scenario(call, staff)
    allocation.choose(scenario, by=staff)
    line = scenario.lines.first()
    shares = {share["municipality"]: share["amount"] for share in line.shares}
    number = line.shares[0]["municipality"]
    with pytest.raises(allocation.WrongShares) as over:
        allocation.override(line, shares={**shares, number: 90_000}, reason="Fordi", by=staff)
    assert list(over.value.errors) == [number]
    with pytest.raises(allocation.WrongShares):
        allocation.override(line, shares={"0000": 10_000}, reason="Fordi", by=staff)


@pytest.mark.django_db
def test_a_line_is_changed_and_restored_and_a_changed_one_is_what_is_decided():
    call, staff, lead = make_closed_call(), make_staff(), make_lead()
    scenario = compute_scenario(call, staff)
    chosen = allocation.choose(scenario, by=staff)
    low = scenario.lines.all()[1]
    numbers = sorted(low.application.members.values_list("municipality__number", flat=True))
    allocation.override(low, shares=dict.fromkeys(numbers, 0), reason="Trukket fra", by=staff)
    low.refresh_from_db()
    assert (low.final_amount, low.overridden_by) == (0, staff)
    allocation.undo_override(low, by=staff)
    low.refresh_from_db()
    assert low.final_amount == 500_000
    allocation.override(low, shares=dict.fromkeys(numbers, 70_000), reason="Mindre plan", by=staff)
    decision.propose(chosen, grounds="x", by=staff)
    with pytest.raises(StepNotAllowed):
        allocation.override(low, shares=dict.fromkeys(numbers, 80_000), reason="For sent", by=staff)
    chosen.refresh_from_db()
    decision.decide(chosen, by=lead)
    given = Award.objects.get(application=low.application)
    assert (given.amount, given.reason) == (350_000, {"override": "Mindre plan"})


@pytest.mark.django_db
def test_a_decision_makes_awards_rejections_and_asks_for_letters():
    call, lead = make_closed_call(), make_lead()
    decide_allocation(call, lead)
    call.refresh_from_db()
    assert call.state == CallState.DECIDED
    assert [one.amount for one in Award.objects.all()] == [500_000, 500_000]
    first = Award.objects.first()
    assert [(part.amount, part.is_held_back) for part in first.instalments.all()] == [(375_000, False), (125_000, True)]
    assert sum(share.amount for share in first.shares.all()) == first.amount
    due = {row.requirement.code: row.due_on for row in first.deliverables.all()}
    assert due == {"plan": None, "report": months_after(call.period_to, 2)}
    assert first.acceptance_due_on == timezone.localdate() + timedelta(weeks=3)
    rejected = Rejection.objects.get()
    assert rejected.application.state == ApplicationState.REJECTED
    assert rejected.complaint_due_on == timezone.localdate() + timedelta(weeks=3)
    assert Job.objects.filter(kind="grants.letters").count() == 1


@pytest.mark.django_db
def test_four_eyes():
    call, both = make_closed_call(), make_lead()
    mine = propose_allocation(call, both)
    with pytest.raises(PermissionDenied):
        decision.decide(mine, by=both)
    with pytest.raises(PermissionDenied):
        decision.decide(mine, by=make_staff())
    assert not Award.objects.exists()
    decision.decide(mine, by=make_lead())
    assert Award.objects.count() == 2


def hand_in_another_review(call):
    application = call.applications.first()
    make_review(application, state=ReviewState.HANDED_IN, points=(1, 1), handed_in_at=timezone.now())


def settle_a_score(call):
    review.settle(call.applications.first(), call.criteria.first(), points=1, grounds="x", by=make_staff())


def withdraw_one(call):
    call.applications.filter(pk=call.applications.first().pk).update(state=ApplicationState.WITHDRAWN)


def let_one_in_late(call):
    make_application(call, state=ApplicationState.SUBMITTED)


def spend_the_pot(call):
    other = make_application(make_call(pot=call.pot, cap_per_municipality=10**6), state=UNDER_REVIEW, amount=60_000)
    given = Award.objects.create(
        application=other,
        pot=call.pot,
        amount=300_000,
        decided_at=timezone.now(),
        decided_by=make_user(),
        acceptance_due_on=timezone.localdate(),
    )
    for member in other.members.all():
        given.shares.create(municipality=member.municipality, amount=60_000)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [hand_in_another_review, settle_a_score, withdraw_one, let_one_in_late, spend_the_pot]
)
def test_what_has_changed_since_blocks_the_decision(change):
    call = make_closed_call()
    waiting = propose_allocation(call)
    change(call)
    before = Award.objects.count()
    with pytest.raises(decision.Blocked) as blocked:
        decision.decide(waiting, by=make_lead())
    assert blocked.value.reasons
    waiting.refresh_from_db()
    call.refresh_from_db()
    assert (waiting.state, call.state, Award.objects.count()) == (ProposalState.PROPOSED, CallState.CLOSED, before)


@pytest.mark.django_db(transaction=True)
def test_twenty_decisions_at_once_never_exceed_the_pot():
    pot, county = make_pot(2_600_000), make_county(make_region())
    calls = [make_closed_call(of=pot, pot=500_000, applications=((6, 6),), county=county) for _number in range(20)]
    waiting = [propose_allocation(call) for call in calls]
    leads = [make_lead() for _number in range(20)]
    barrier = Barrier(20)

    def attempt(pair):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            decision.decide(pair[0], by=User.objects.get(pk=pair[1].pk))
        except decision.Blocked:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(attempt, zip(waiting, leads, strict=True)))
    assert done.count(True) == 5
    assert sum(Award.objects.values_list("amount", flat=True)) == 2_500_000
    assert Proposal.objects.filter(state=ProposalState.DECIDED).count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_proposal_decided_by_two_at_once_is_decided_once():
    waiting = propose_allocation(make_closed_call())
    leads = [make_lead(), make_lead()]

    def decide(lead):
        decision.decide(waiting, by=User.objects.get(pk=lead.pk))

    assert at_once(*[partial(decide, lead) for lead in leads]) == ["StepNotAllowed", "done"]
    assert Award.objects.count() == 2


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


ALLOWED = {
    PROPOSAL: {
        ("propose", "chosen"): "proposed",
        ("drop", "chosen"): "dropped",
        ("send_back", "proposed"): "chosen",
        ("decide", "proposed"): "decided",
    },
    AWARD: {
        ("accept", "decided"): "accepted",
        ("decline", "decided"): "declined",
        ("lapse", "decided"): "lapsed",
        ("decide_again", "decided"): "decided",
        ("decide_again", "accepted"): "decided",
        ("decide_again", "declined"): "decided",
        ("decide_again", "lapsed"): "decided",
    },
    COMPLAINT: {
        ("uphold", "received"): "upheld",
        ("readmit", "received"): "readmitted",
        ("dismiss", "received"): "dismissed",
    },
}
STATES = {PROPOSAL: ProposalState, AWARD: AwardState, COMPLAINT: ComplaintState}


@pytest.mark.parametrize("lifecycle", ALLOWED, ids=lambda lifecycle: lifecycle.name)
def test_every_step_from_every_state(lifecycle):
    found = {
        (name, state.value): str(step.target)
        for name, step in lifecycle.steps.items()
        for state in STATES[lifecycle]
        if state in step.sources
    }
    assert found == ALLOWED[lifecycle]


@pytest.mark.django_db
def test_the_database_holds_four_eyes_too():
    waiting = propose_allocation(make_closed_call())
    with pytest.raises(Exception, match="proposal_decided_by_another"), transaction.atomic():
        Proposal.objects.filter(pk=waiting.pk).update(decided_by=waiting.proposed_by)
    assert Complaint.objects.count() == 0
