"""G9: a complaint that is upheld leads to a new decision, by two who took no part in the first, within the pot."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from grants import documents
from grants.lifecycle import ApplicationState, AwardState, CallState, ComplaintState
from grants.models import Award, Complaint, Redecision, Rejection
from grants.services import application as applications
from grants.services import award, complaint, decision, redecision
from grants.services.allocation import WrongShares
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from ksf.documents.models import Document
from ksf.jobs.models import Job
from ksf.jobs.tasks import run
from ksf.lifecycle import StepNotAllowed
from tests.grants.factories import make_application, make_award, make_closed_call, make_pot
from tests.grants.helpers import decide_allocation, grants_waiting_for, write_letters
from tests.ksf import pdf_file
from tests.ksf.factories import appoint, make_staff
from tests.ksf.helpers import pdfs_without_layout

pytestmark = pytest.mark.django_db
LEFT = 300_000
"""What is left of the pot when two of three applications have got 500 000 each."""
GROUNDS = "Fagfellene hadde ikke fått vedlegget."


@pytest.fixture
def call():
    call = make_closed_call(of=make_pot(1_000_000 + LEFT))
    decide_allocation(call)
    with pdfs_without_layout():  # nobody reads the first letters
        write_letters(call)
    return call


def again(user):
    """The user as the next request sees them."""
    return User.objects.get(pk=user.pk)


def upheld(application, staff):
    writer = appoint(Role.RD_CONTACT, application.motor)
    sent = complaint.complain(application, text="Urett", by=writer)
    return complaint.uphold(sent, answer="Dere har rett.", by=staff)


def shares(application, each):
    return {member.municipality.number: each for member in application.members.select_related("municipality")}


def newest_letter(application):
    run(Job.objects.filter(kind="grants.letters").latest("pk").pk)
    return Document.objects.filter(kind=documents.LETTER, subject_id=application.pk).latest("pk")


def test_a_rejection_becomes_a_grant_by_two_who_took_no_part(call, staff):
    rejected = Rejection.objects.get()
    application, before = rejected.application, rejected.letter
    found = upheld(application, staff)
    proposed = redecision.propose(found, shares=shares(application, 60_000), grounds=GROUNDS, by=staff)
    first = call.proposals.get()
    for involved in (staff, first.proposed_by, first.decided_by, found.sent_by):
        with pytest.raises(PermissionDenied):
            redecision.decide(proposed, by=again(involved))
    given = redecision.decide(proposed, by=make_staff())
    application.refresh_from_db()
    assert (application.state, given.amount, given.state) == (ApplicationState.AWARDED, LEFT, AwardState.DECIDED)
    assert sum(given.instalments.values_list("amount", flat=True)) == LEFT
    assert given.deliverables.count() == 2
    assert not Rejection.objects.exists()
    proposed.refresh_from_db()
    assert proposed.overturned["letter"] == before.number
    letter = newest_letter(application)
    text = pdf_file.text(bytes(letter.content))
    for phrase in ("Tilsagn om 300 000 kr", "Nytt vedtak etter klage", before.number, GROUNDS, "tre uker"):
        assert phrase in text
    assert text.count(GROUNDS) == 1
    assert Document.objects.filter(pk=before.pk).exists()


def test_a_grant_gets_another_amount_and_is_accepted_again(call, staff):
    given = Award.objects.order_by("pk").first()
    application = given.application
    contact = appoint(Role.RD_CONTACT, application.motor)
    award.accept(given, by=contact)
    found = upheld(application, staff)
    proposed = redecision.propose(found, shares=shares(application, 70_000), grounds=GROUNDS, by=staff)
    changed = redecision.decide(proposed, by=make_staff())
    assert (changed.pk, changed.amount, changed.state, changed.answered_by) == (
        given.pk,
        350_000,
        AwardState.DECIDED,
        None,
    )
    assert sorted(changed.shares.values_list("amount", flat=True)) == [70_000] * 5
    assert sum(changed.instalments.values_list("amount", flat=True)) == 350_000
    proposed.refresh_from_db()
    assert (proposed.overturned["state"], proposed.overturned["amount"]) == ("awarded", 500_000)
    assert newest_letter(application) == Award.objects.get(pk=given.pk).letter
    assert award.accept(changed, by=again(contact)).state == AwardState.ACCEPTED


def test_never_more_than_the_pot_the_cap_or_what_was_asked(call, staff):
    application = Rejection.objects.get().application
    found = upheld(application, staff)
    for each in (61_000, 100_001, 101_000, 59_500, 10_000, 0):
        with pytest.raises(WrongShares):
            redecision.propose(found, shares=shares(application, each), grounds=GROUNDS, by=staff)
    proposed = redecision.propose(found, shares=shares(application, 60_000), grounds=GROUNDS, by=staff)
    other = make_application(call, state=ApplicationState.UNDER_REVIEW, amount=1_000)
    make_award(other)  # the pot is used meanwhile
    assert decision.left_in(call.pot) == LEFT - 5_000
    with pytest.raises(WrongShares):
        redecision.decide(proposed, by=make_staff())
    assert Rejection.objects.get().application == application
    assert Redecision.objects.get().decided_by is None


def test_a_new_decision_follows_only_an_upheld_complaint(call, staff):
    application = Rejection.objects.get().application
    sent = complaint.complain(application, text="Urett", by=appoint(Role.RD_CONTACT, application.motor))
    given = shares(application, 60_000)
    with pytest.raises(StepNotAllowed):
        redecision.propose(sent, shares=given, grounds=GROUNDS, by=staff)
    found = complaint.uphold(sent, answer="Ja", by=staff)
    with pytest.raises(PermissionDenied):
        redecision.propose(found, shares=given, grounds=GROUNDS, by=again(call.proposals.get().proposed_by))
    proposed = redecision.propose(found, shares=given, grounds=GROUNDS, by=staff)
    redecision.decide(proposed, by=make_staff())
    with pytest.raises(StepNotAllowed):
        redecision.propose(found, shares=given, grounds=GROUNDS, by=staff)
    second = complaint.complain(application, text="Fortsatt for lite", by=again(found.sent_by))
    assert staff.pk in second.participant_ids
    assert not again(staff).has_perm("grants.handle_complaint", second)


def test_what_was_wrongly_dismissed_is_assessed_while_the_call_is_not_decided(staff):
    call = make_closed_call()
    application = call.applications.order_by("pk").first()
    applications.dismiss(application, grounds="For få.", by=make_staff())
    application.refresh_from_db()
    found = upheld(application, staff)
    application.refresh_from_db()
    assert (found.state, application.state) == (ComplaintState.READMITTED, ApplicationState.UNDER_REVIEW)
    assert (application.dismissal_grounds, application.decision) == ("", None)
    assert not Complaint.objects.to_decide_again().exists()
    decide_allocation(call)
    application.refresh_from_db()
    assert application.state == ApplicationState.AWARDED


def test_what_was_wrongly_dismissed_gets_a_grant_when_the_call_is_decided(staff):
    call = make_closed_call(of=make_pot(1_300_000))
    application = call.applications.order_by("pk").first()
    applications.dismiss(application, grounds="For få.", by=make_staff())
    decide_allocation(call)
    call.refresh_from_db()
    assert call.state == CallState.DECIDED
    application.refresh_from_db()
    found = upheld(application, staff)
    proposed = redecision.propose(found, shares=shares(application, 60_000), grounds=GROUNDS, by=staff)
    assert redecision.decide(proposed, by=make_staff()).amount == LEFT
    application.refresh_from_db()
    assert (application.state, application.dismissal_grounds) == (ApplicationState.AWARDED, "")


def test_from_the_page_to_the_new_decision(call, staff, sign_in):
    application = Rejection.objects.get().application
    found = upheld(application, staff)
    page, second = found.get_absolute_url(), make_staff()
    assert grants_waiting_for(again(staff)) == [page]
    propose, decide = (reverse(f"complaint_{name}", args=[found.pk]) for name in ("propose", "decide"))
    form = {f"m{number}": "60 000" for number in shares(application, 0)} | {"reason": GROUNDS}
    assert sign_in(found.sent_by).post(propose, form).status_code == 403
    assert sign_in(staff).post(decide).status_code == 404
    assert sign_in(staff).post(propose, form | {"reason": ""}).status_code == 422
    assert sign_in(staff).post(propose, dict.fromkeys(form, "90 000")).status_code == 422
    assert sign_in(staff).post(propose, form).status_code == 302
    assert grants_waiting_for(again(staff)) == []
    assert grants_waiting_for(again(second)) == [page]
    assert f'action="{decide}"' not in sign_in(staff).get(page).content.decode()
    assert sign_in(staff).post(decide).status_code == 403
    assert f'action="{decide}"' in sign_in(second).get(page).content.decode()
    assert sign_in(second).post(decide).status_code == 302
    assert GROUNDS in sign_in(found.sent_by).get(page).content.decode()
    assert application.cluster.name in sign_in(second).get(reverse("award_list", args=[call.slug])).content.decode()
    assert sign_in(second).post(decide).url == page  # done already
