"""One order of locks (docs/architecture.md): two who need the same rows wait for each other, and neither for ever."""

import re
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from grants.models import Application, Award, Call, Pot, Rejection
from grants.services import application as applications
from grants.services import award as awards
from grants.services import complaint, decision, money, redecision
from grants.tasks import lapse_awards
from ksf.accounts.models import User
from ksf.accounts.roles import Role
from tests.grants.factories import make_application, make_award, make_closed_call, make_pot
from tests.grants.helpers import decide_allocation, make_draft, propose_allocation
from tests.ksf.factories import appoint, make_lead, make_staff

ORDER = [
    "jobs_job",
    "grants_call",
    "grants_appropriation",
    "grants_pot",
    "grants_application",
    "grants_review",
    "grants_complaint",
    "grants_redecision",
    "grants_proposal",
    "grants_award",
    "grants_rejection",
    "documents_documentseries",
]
LOCKED = re.compile(r'FROM "(\w+)".* FOR UPDATE', re.DOTALL)


@contextmanager
def locks():
    """The tables whose rows are locked meanwhile, each where it came first; a change of an award locks its pot."""
    found = []

    def note(execute, sql, params, many, context):
        tables = LOCKED.findall(sql) + (["grants_pot"] if sql.startswith('UPDATE "grants_award"') else [])
        found.extend(table for table in tables if table not in found)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def assert_in_order(found):
    ranks = [ORDER.index(table) for table in found]
    assert ranks == sorted(ranks), found


@pytest.mark.django_db
class TestOrder:
    def test_handing_in(self, quick_pdfs):
        application, coordinator = make_draft()
        with locks() as found:
            applications.submit(application, by=coordinator)
        assert found[:2] == ["grants_call", "grants_application"]
        assert_in_order(found)

    def test_proposing_and_deciding(self):
        with locks() as found:
            proposal = propose_allocation(make_closed_call())
        assert "grants_proposal" in found
        with locks() as found:
            decision.decide(proposal, by=make_lead())
        assert found[:3] == ["grants_call", "grants_pot", "grants_application"]
        assert_in_order(found)

    @pytest.mark.parametrize("answer", ["accept", "decline", "lapse"])
    def test_answering(self, answer):
        award = make_award(make_application())
        contact = appoint(Role.RD_CONTACT, award.application.motor)
        with locks() as found:
            if answer == "accept":
                awards.accept(award, by=contact)
            elif answer == "decline":
                awards.decline(award, reason="Nei", by=contact)
            else:
                Award.objects.update(acceptance_due_on=timezone.localdate() - timedelta(days=1))
                assert lapse_awards() == 1
        assert {"grants_pot", "grants_award"} <= set(found)
        assert_in_order(found)

    def test_deciding_again(self):
        decide_allocation(make_closed_call(of=make_pot(1_300_000)))
        rejected, staff = Rejection.objects.get().application, make_staff()
        sent = complaint.complain(rejected, text="Urett", by=appoint(Role.RD_CONTACT, rejected.motor))
        with locks() as found:
            upheld = complaint.uphold(sent, answer="Dere har rett.", by=staff)
        assert_in_order(found)
        numbers = [member.municipality.number for member in rejected.members.select_related("municipality")]
        with locks() as found:
            proposed = redecision.propose(upheld, shares=dict.fromkeys(numbers, 60_000), grounds="Ja", by=staff)
        assert_in_order(found)
        with locks() as found:
            redecision.decide(proposed, by=make_staff())
        assert_in_order(found)

    def test_setting_money_aside(self):
        pot = make_pot()
        year = pot.appropriation.year
        with locks() as found:
            money.set_aside(year, amount=10_000_000, source="", pots={pot.kind: 6_000_000}, by=make_staff())
        assert_in_order(found)


def meet(first, second):
    """Run both in threads; ``first`` gets a function that waits until the other is held up by a lock."""
    held, errors = threading.Event(), []

    def wait():
        held.set()
        deadline = time.monotonic() + 20
        with connections["default"].cursor() as cursor:
            while time.monotonic() < deadline:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if cursor.fetchone()[0]:
                    return
                time.sleep(0.05)

    def do(work):
        try:
            work()
        except Exception as error:  # noqa: BLE001  whatever it is, the test shows it
            errors.append(error)
        finally:
            connections["default"].close()

    def do_second():
        held.wait(20)
        second()

    threads = [threading.Thread(target=do, args=[lambda: first(wait)]), threading.Thread(target=do, args=[do_second])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_handing_in_while_the_call_is_decided_is_no_deadlock(quick_pdfs):
    application, coordinator = make_draft()

    def as_a_decision_locks(wait):
        with transaction.atomic():
            Call.objects.select_for_update().get(pk=application.call_id)
            wait()
            list(Application.objects.select_for_update().filter(call=application.call_id))

    assert meet(as_a_decision_locks, lambda: applications.submit(application, by=again(coordinator))) == []
    application.refresh_from_db()
    assert application.number


@pytest.mark.django_db(transaction=True)
def test_accepting_while_it_is_decided_again_is_no_deadlock():
    with transaction.atomic():  # its shares are checked when it is whole
        award = make_award(make_application())
    contact = appoint(Role.RD_CONTACT, award.application.motor)

    def as_a_redecision_locks(wait):
        with transaction.atomic():
            Pot.objects.select_for_update().get(pk=award.pot_id)
            wait()
            Award.objects.select_for_update().get(pk=award.pk)

    assert meet(as_a_redecision_locks, lambda: awards.accept(award, by=again(contact))) == []
    award.refresh_from_db()
    assert award.answered_at


def again(user):
    """The user as a thread of its own sees them."""
    return User.objects.get(pk=user.pk)
